"""Candidates of the annotated papers with their labels, as the scorer is trained on them.

What the lexicon knows of a form is counted without the paper at hand (leave one out); else every form of the training
papers would look as if it were known, which the forms of new papers are not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.strings import get_string_id

from kg.extract.candidates import Candidates, Vocabulary, candidates
from kg.extract.decide import LABELS
from kg.extract.features import Prior, features, gate_features
from kg.extract.lexicon import CLASSES
from kg.extract.lookup import Table, table_of
from kg.extract.notes import offsets
from kg.extract.scorer import known
from kg.train.corpus import Means, Share
from kg.train.gold import GoldPaper, key, places_of

__all__ = ["Examples", "examples", "head_words", "share"]

_WORD = re.compile(r"[^\W_]+")
BATCH = 64


class Examples(NamedTuple):
    """One row a candidate. `paper` indexes the papers; `start` and `end` count characters of the text."""

    gate: NDArray[np.uint32]
    rows: NDArray[np.uint32]
    labels: NDArray[np.int64]
    paper: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]


def head_words(papers: Sequence[GoldPaper], at_least: int) -> list[int]:
    """Hashes of the words that end annotated mentions, ascending."""
    ends: Counter[str] = Counter()
    for p in papers:
        for e in p.entities:
            ends.update({words[-1] for m in e.mentions if (words := _WORD.findall(m.lower()))})
    return sorted(int(get_string_id(w)) for w, n in ends.items() if n >= at_least)


def examples(
    papers: Sequence[GoldPaper], nlp: Language, vocabulary: Vocabulary, *, leave_out: bool, corpora: Sequence[Means]
) -> Examples:
    """`leave_out`: the papers are those that the lexicon was counted on. Paper i is told of
    corpora[i % len(corpora)].
    """
    told: list[NDArray[np.int64]] = []
    parts = []
    for at in range(0, len(papers), BATCH):
        batch = papers[at : at + BATCH]
        docs = list(nlp.pipe(nlp.tokenizer(p.text) for p in batch))
        c = candidates(docs, vocabulary)
        t = table_of(docs)
        told = told or [_aligned(means, t) for means in corpora]
        prior, keep = _prior(c, t, batch, leave_out, np.arange(at, at + len(batch))[c.doc], told)
        rows = features(c, prior)
        first, last = c.start - c.tokens.first[c.doc], c.end - 1 - c.tokens.first[c.doc]
        start, end = np.zeros_like(first), np.zeros_like(last)
        for i, doc in enumerate(docs):
            mine = c.doc == i
            start[mine], end[mine] = offsets(doc).starts[first[mine]], offsets(doc).ends[last[mine]]
        labels = np.zeros(len(start), dtype=np.int64)
        gold = [gold_places(p) for p in batch]
        for k, (d, s, e) in enumerate(zip(c.doc.tolist(), start.tolist(), end.tolist(), strict=True)):
            labels[k] = gold[d].get((s, e), 0)
        parts.append(
            Examples(gate_features(c, prior)[keep], rows[keep], labels[keep], c.doc[keep] + at, start[keep], end[keep])
        )
    return Examples(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def share(papers: Sequence[GoldPaper], nlp: Language) -> Share:
    """What these papers contributed to the lexicon's counts."""
    docs = list(nlp.pipe(nlp.tokenizer(p.text) for p in papers))
    t = table_of(docs)
    counts, seen = np.zeros_like(t.counts), np.zeros_like(t.papers)
    for p, doc in zip(papers, docs, strict=True):
        own = {key(m): e.cls for e in p.entities for m in e.mentions}
        for row in set(doc.user_data["kg.hits"][:, 2].tolist()):
            seen[row] += 1
            if (cls := own.get(t.keys[row])) is not None:
                counts[row, cls] += 1
    return Share(counts, seen)


def _prior(
    c: Candidates,
    t: Table,
    batch: Sequence[GoldPaper],
    leave_out: bool,
    paper: NDArray[np.int64],
    told: Sequence[NDArray[np.int64]],
) -> tuple[Prior, NDArray[np.bool_]]:
    counts, papers, listed, _, _ = known(c, t)
    numbers = np.zeros((len(papers), len(CLASSES) + 1), dtype=np.int64)
    for f, table_of_fold in enumerate(told):
        mine = (c.row >= 0) & (paper % len(told) == f)
        numbers[mine] = table_of_fold[c.row[mine]]
    corpus, corpus_papers = numbers[:, :-1], numbers[:, -1]
    if leave_out:
        own = [{key(m): e.cls for e in p.entities for m in e.mentions} for p in batch]
        for k in np.flatnonzero(papers > 0).tolist():
            cls = own[int(c.doc[k])].get(t.keys[int(c.row[k])])
            papers[k] -= 1
            if cls is not None:
                counts[k, cls] -= 1
            right = counts[k].sum()
            if right <= 0 or right * 10 < papers[k]:
                counts[k], papers[k] = 0, 0
    # What was a candidate only because the lexicon knew it from this very paper is none.
    keep = c.shaped | (papers > 0) | (listed >= 0) | (corpus_papers > 0) | (c.pair > 0) | (c.cue > 0)
    return Prior(counts, papers, listed, corpus, corpus_papers), keep


def _aligned(means: Means, t: Table) -> NDArray[np.int64]:
    """The means in the order of the lexicon's table."""
    none = (0,) * len(CLASSES)
    return np.array([(*m, n) for m, n in (means.get(k, (none, 0)) for k in t.keys)], dtype=np.int64)


def gold_places(p: GoldPaper) -> dict[tuple[int, int], int]:
    places: dict[tuple[int, int], int] = {}
    for e in p.entities:
        label = LABELS.index((e.cls, e.role)) if (e.cls, e.role) in LABELS else LABELS.index((e.cls, _DEFAULT[e.cls]))
        for m in e.mentions:
            for where in places_of(m, p.text):
                places.setdefault(where, label)
    return places


_DEFAULT = {0: "uses", 1: "uses", 2: None, 3: None, 4: None}
