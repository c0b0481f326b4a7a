"""What the network reads: the tokens of papers, their candidates, and what each candidate should be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.decide import LABELS
from kg.extract.features import features
from kg.extract.notes import columns, offsets, text_of
from kg.extract.opinions import laid_out, opinions
from kg.extract.scorer import Model
from kg.extract.text import SEPARATOR
from kg.train.examples import Examples
from kg.train.gold import GoldPaper

from .silver import Silver

__all__ = ["Read", "gold", "opinions_of_gold", "silver"]

BATCH = 64
_TITLE = 2
_LOWER, _SHAPE, _SUFFIX = 2, 3, 4  # columns of notes.columns

Floats = NDArray[np.float32]
Hashes = NDArray[np.uint64]
Ints = NDArray[np.int64]


class Read(NamedTuple):
    """Paper i has the tokens first[i]:first[i + 1] and the candidates mine[i]:mine[i + 1].

    One row a token: `lower`, `shape` and `suffix` are hashes of spaCy, `flags` rows of the network's table. One row a
    candidate: `start` and `end` count tokens of the paper; `wide` is what the log-linear model says, `target` the
    probabilities to learn.
    """

    lower: Hashes
    shape: Hashes
    suffix: Hashes
    flags: Ints
    first: Ints
    mine: Ints
    start: Ints
    end: Ints
    wide: Floats
    target: Floats

    @property
    def papers(self) -> Ints:
        """The papers that have candidates."""
        return np.flatnonzero(np.diff(self.mine))


class _Tokens:
    """The columns of all tokens, gathered Doc by Doc."""

    def __init__(self) -> None:
        self.columns: list[Hashes] = []
        self.flags: list[Ints] = []
        self.first = [0]

    def add(self, doc: Doc) -> None:
        starts, ends = offsets(doc)
        glued = np.zeros(len(doc), dtype=np.int64)
        glued[1:] = starts[1:] == ends[:-1]
        self.columns.append(columns(doc)[:, [_LOWER, _SHAPE, _SUFFIX]].copy())
        self.flags.append(glued + _TITLE * (starts < max(text_of(doc).find(SEPARATOR), 0)))
        self.first.append(self.first[-1] + len(doc))

    def read(self, mine: Ints, start: Ints, end: Ints, wide: Floats, target: Floats) -> Read:
        lower, shape, suffix = np.concatenate(self.columns).T.copy()
        flags, first = np.concatenate(self.flags), np.array(self.first)
        return Read(lower, shape, suffix, flags, first, mine, start, end, wide, target)


def _docs(texts: Sequence[str], nlp: Language) -> Iterator[list[Doc]]:
    for at in range(0, len(texts), BATCH):
        yield list(nlp.pipe(nlp.tokenizer(t) for t in texts[at : at + BATCH]))


def gold(papers: Sequence[GoldPaper], nlp: Language, ex: Examples, wide: Floats) -> Read:
    """The annotated papers, with the labels as targets."""
    tokens = _Tokens()
    mine = np.searchsorted(ex.paper, np.arange(len(papers) + 1))
    start, end = np.zeros_like(ex.start), np.zeros_like(ex.end)
    docs = (doc for batch in _docs([p.text for p in papers], nlp) for doc in batch)
    for number, doc in enumerate(docs):
        tokens.add(doc)
        some = slice(mine[number], mine[number + 1])
        start[some] = np.searchsorted(offsets(doc).starts, ex.start[some])
        end[some] = np.searchsorted(offsets(doc).ends, ex.end[some]) + 1
    return tokens.read(mine, start, end, wide, np.eye(len(LABELS), dtype=np.float32)[ex.labels])


def opinions_of_gold(read: Read, papers: Sequence[int], noted: Silver, texts: Sequence[str], nlp: Language) -> Floats:
    """What the transformer thinks of the candidates of some annotated papers, in this order: of paper papers[i] by the
    notes of noted.texts[i], which is texts[i]."""
    rows = []
    number = 0
    for docs in _docs(texts, nlp):
        for doc in docs:
            noted.note(number, doc)
            some = slice(read.mine[papers[number]], read.mine[papers[number] + 1])
            notes = laid_out([doc], np.zeros(1, dtype=np.int64), len(doc))
            assert notes is not None
            rows.append(opinions(*notes, read.start[some], read.end[some]))
            number += 1
    return np.concatenate(rows)


def silver(noted: Silver, nlp: Language, model: Model, count: int) -> tuple[Read, Floats]:
    """The first `count` abstracts, with targets of 0, and what the transformer thinks of their candidates."""
    tokens = _Tokens()
    rows, said, starts, ends, papers = [], [], [], [], []
    number = 0
    for at in range(noted.held, min(noted.held + count, len(noted.texts)), BATCH):
        with nlp.memory_zone():
            texts = noted.texts[at : min(at + BATCH, noted.held + count)]
            docs = next(_docs(texts, nlp))
            for k, doc in enumerate(docs):
                noted.note(at + k, doc)
                tokens.add(doc)
            c, prior = model.likely(docs)
            rows.append(model.probabilities(features(c, prior)))
            notes = laid_out(docs, c.tokens.first, len(c.tokens.lower))
            assert notes is not None
            said.append(opinions(*notes, c.start, c.end))
            first = c.tokens.first[c.doc]
            starts.append(c.start - first)
            ends.append(c.end - first)
            papers.append(c.doc + number)
            number += len(docs)
    wide = np.concatenate(rows)
    mine = np.searchsorted(np.concatenate(papers), np.arange(number + 1))
    read = tokens.read(mine, np.concatenate(starts), np.concatenate(ends), wide, np.zeros_like(wide))
    return read, np.concatenate(said)
