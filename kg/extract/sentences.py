"""Sentence bounds, cheaply: a closing mark, white space, and something that can open a sentence."""

from __future__ import annotations

import re

import numpy as np
from spacy.attrs import SENT_START  # type: ignore[import-not-found]
from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.notes import offsets, text_of
from kg.extract.text import SEPARATOR

__all__ = ["Sentences", "sentence_bounds"]

# The mark may be inside quotes or brackets; what follows opens with a capital, a digit, a quote or a bracket.
_END = re.compile(r"[.!?][\"'”’)\]]{0,2}\s+(?=[\"'“‘(\[]?[A-Z0-9\u00c0-\u00de\u0391-\u03a9\u0410-\u042f])|\n\n")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|et al|vs|cf|resp|approx|etc|Fig|Eq|Sec|No|Dr|St|w\.r\.t|[A-Z])\.\s*$"
)


def sentence_bounds(text: str) -> list[int]:
    """Where sentences start, ascending, the first at 0.

    >>> sentence_bounds("A title\\n\\nWe use e.g. ImageNet. It works, cf. Fig. 2. Yes!")
    [0, 9, 31, 53]
    """
    starts = [0]
    for found in _END.finditer(text):
        if found[0] == SEPARATOR or not _ABBREVIATION.search(
            text, max(starts[-1], found.start() - 8), found.start() + 1
        ):
            starts.append(found.end())
    return starts


class Sentences:
    """Sets ``token.is_sent_start``."""

    def __call__(self, doc: Doc) -> Doc:
        if not len(doc):
            return doc
        starts = sentence_bounds(text_of(doc))
        first = np.searchsorted(offsets(doc).starts, starts)
        flags = np.full(len(doc), -1, dtype=np.int64)
        flags[first[first < len(doc)]] = 1
        doc.from_array([SENT_START], flags.astype(np.uint64).reshape(-1, 1))  # type: ignore[arg-type]
        doc.user_data["kg.sentences"], doc.user_data["kg.opens"] = starts, first
        return doc


@Language.factory("kg_sentences")
def create_sentences(nlp: Language, name: str) -> Sentences:
    return Sentences()
