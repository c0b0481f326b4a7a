"""The component that finds repositories and other links, and what the text says of its code."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.addresses import Address, find_addresses
from kg.extract.notes import Detail, add, offsets, text_of
from kg.model import CodeStatus

__all__ = ["Links", "code_status"]

_CODE = (
    r"(?:codes?|source[- ]codes?|codebases?|implementations?|software|toolkits?|librar(?:y|ies)|scripts?|packages?"
    r"|repositor(?:y|ies)|toolbox(?:es)?)"
)
_OPEN = (
    r"(?:released?|releas(?:es|ing)|available|open[- ]sourced?|open[- ]sourcing|published|public(?:ly)?|accessible"
    r"|provided?|found|shared|hosted|opened|downloaded)"
)
_HINTS = (
    *("code", "source code", "source-code", "implementation", "software", "toolkit", "toolbox", "librar", "script"),
    *("package", "repositor", "open-sourc", "open sourc"),
)
_REACH = 300
_STOPS = (". ", ".\n", "! ", "? ", "\n\n")
_CODE_WORD = re.compile(rf"\b{_CODE}\b|\bopen[- ]sourc(?:ed|ing)\b", re.I)
_OPEN_WORD = re.compile(rf"\b{_OPEN}\b|\bat:?\s+https?:|\bgithub\b", re.I)
_PROMISE = re.compile(
    rf"\b(?:will|shall|to)\s+(?:\w+\s+){{0,4}}(?:be\s+)?(?:\w+\s+){{0,3}}{_OPEN}\b|upon\s+(?:\w+\s+){{0,3}}(?:acceptance|publication)"
    r"|\bsoon\b|\bplan\s+to\b|once\s+accepted",
    re.I,
)


def code_status(text: str, addresses: list[Address]) -> CodeStatus:
    """Whether code is out, announced, or neither, by what the text says.

    >>> code_status("Our code will be released upon acceptance.", [])
    'promised'
    >>> code_status("The code is publicly available.", []), code_status("We crack a code.", [])
    ('released', 'none')
    """
    status: CodeStatus = "none"
    for address in addresses:
        if address.kind == "repository":
            # "Code will be available at" is a promise, the address notwithstanding.
            opens, closes = _sentence(text, address.start)
            if not _PROMISE.search(text[opens:closes]):
                return "released"
            status = "promised"
    if status == "promised":
        return status
    places = list(_places(text))
    # Each found once in the whole text: one sentence may hold thousands of words for code.
    opened = [m.span() for m in _OPEN_WORD.finditer(text)] if places else []
    promised = [m.span() for m in _PROMISE.finditer(text)] if opened else []
    for start in places:
        sentence = _sentence(text, start)
        if _any_within(opened, *sentence):
            if not _any_within(promised, *sentence):
                return "released"
            status = "promised"
    return status


def _any_within(spans: Sequence[tuple[int, int]], opens: int, closes: int) -> bool:
    """Whether one of `spans`, ascending and none in another, lies between the two."""
    at = bisect_left(spans, (opens,))
    return at < len(spans) and spans[at][1] <= closes


def _places(text: str) -> Iterator[int]:
    """Where a word for code may stand. Plain search is many times faster than a pattern, and most papers have none."""
    low = text.lower()
    for hint in _HINTS:
        at = low.find(hint)
        while at >= 0:
            if _CODE_WORD.match(text, at):
                yield at
            at = low.find(hint, at + 1)


def _sentence(text: str, start: int) -> tuple[int, int]:
    """Where the sentence around a place opens and closes, at most _REACH characters to either side; a full stop inside
    an address is none."""
    low, high = max(0, start - _REACH), start + _REACH
    opens = max(text.rfind(mark, low, start) for mark in _STOPS)
    closes = [at for mark in _STOPS if (at := text.find(mark, start, high)) >= 0]
    return max(opens, low), min(closes, default=high)


class Links:
    """Adds a Repository span for each repository, and notes all addresses and the state of the code."""

    def __call__(self, doc: Doc) -> Doc:
        text = text_of(doc)
        addresses = list(find_addresses(text))
        doc.user_data["kg.addresses"] = addresses
        doc.user_data["kg.code"] = code_status(text, addresses)
        repositories = [a for a in addresses if a.kind == "repository"]
        if repositories:
            starts, ends = offsets(doc)
            first = np.searchsorted(starts, [a.start for a in repositories], side="right") - 1
            last = np.searchsorted(ends, [a.end for a in repositories])
            detail = Detail("links", 1.0)
            add(doc, [(int(i), int(j) + 1, "Repository", detail) for i, j in zip(first, last, strict=True)])
        return doc


@Language.factory("kg_links")
def create_links(nlp: Language, name: str) -> Links:
    return Links()
