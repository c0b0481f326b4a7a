"""What trained scorers make of each form over many unlabelled abstracts.

A name that stands as a dataset in fifty papers is one in the next, whatever the sentence there. For each form the mean,
over the papers it stands in, of the highest probability of each class.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language

from kg.extract.candidates import Candidates
from kg.extract.features import Prior, features
from kg.extract.lexicon import CLASSES
from kg.extract.notes import offsets, text_of
from kg.extract.scorer import TO_CLASS, Model
from kg.extract.text import compose
from kg.ids import title_key
from kg.model import Paper
from kg.read import read_papers
from kg.train.gold import key

__all__ = ["Counts", "Means", "Share", "count", "learned", "texts"]

AT_LEAST_PAPERS = 3
AT_LEAST = 0.3  # mean probability of the best class
BATCH = 64

# (mean probability in hundredths of each class, papers) by key.
Means = dict[str, tuple[tuple[int, ...], int]]


def texts(files: Sequence[str | Path], left_out: set[str], every: int) -> Iterator[str]:
    """One abstract in `every` of each file, those of the titles (as title_key has them) `left_out` aside."""
    for file in files:
        papers = (p for p in read_papers([file]) if isinstance(p, Paper))
        for p in islice(papers, 0, None, every):
            if p.abstract and title_key(p.title) not in left_out:
                yield compose(p)


class Share(NamedTuple):
    """What some papers contributed to the counts of the lexicon, by row of its table."""

    counts: NDArray[np.int64]
    papers: NDArray[np.int64]

    def taken_from(self, prior: Prior, row: NDArray[np.int64]) -> Prior:
        """What the lexicon would know without those papers."""
        known = row >= 0
        counts = np.maximum(prior.counts - np.where(known[:, None], self.counts[row], 0), 0)
        papers = np.maximum(prior.papers - np.where(known, self.papers[row], 0), 0)
        right = counts.sum(axis=1)
        gone = (right == 0) | (right * 10 < papers)
        return prior._replace(counts=np.where(gone[:, None], 0, counts), papers=np.where(gone, 0, papers))


class Counts:
    """Sums over papers: for each key one row a model and one column a class."""

    def __init__(self, models: Sequence[Model], less: Sequence[Share | None]) -> None:
        self.models = models
        self.less = less
        self.papers: Counter[str] = Counter()
        self.sums: dict[str, NDArray[np.float32]] = {}
        self.spellings: dict[str, Counter[str]] = {}

    def add(self, nlp: Language, batch: Sequence[str]) -> None:
        with nlp.memory_zone():
            docs = list(nlp.pipe(nlp.tokenizer(t) for t in batch))
            c, prior = self.models[0].likely(docs)
            prior = prior.unseen()
            scores = np.stack(
                [
                    m.probabilities(features(c, prior if less is None else less.taken_from(prior, c.row))) @ TO_CLASS
                    for m, less in zip(self.models, self.less, strict=True)
                ],
                axis=1,
            )
            forms = _forms(c, [text_of(d) for d in docs], [offsets(d) for d in docs])
        best: dict[tuple[int, str], NDArray[np.float32]] = {}
        for (doc, form), p in zip(forms, scores, strict=True):
            k = key(form)
            known = best.get((doc, k))
            best[doc, k] = p if known is None else np.maximum(known, p)
            if p.max() > AT_LEAST:
                self.spellings.setdefault(k, Counter())[form] += 1
        for (_, k), p in best.items():
            self.papers[k] += 1
            known = self.sums.get(k)
            self.sums[k] = p if known is None else known + p

    def forget(self) -> None:
        """Forms seen once that looked like nothing are most of the memory and hardly ever matter."""
        for k in [k for k, n in self.papers.items() if n == 1 and k not in self.spellings]:
            del self.papers[k], self.sums[k]

    def means(self, model: int) -> Means:
        found: Means = {}
        for k, n in sorted(self.papers.items()):
            mean = self.sums[k][model][: len(CLASSES)] / n
            if n >= AT_LEAST_PAPERS and len(k) > 1 and k in self.spellings and mean.max() >= AT_LEAST:
                found[k] = (tuple(round(float(m) * 100) for m in mean), n)
        return found


def _forms(
    c: Candidates, texts: Sequence[str], places: Sequence[tuple[NDArray[np.int64], ...]]
) -> Iterator[tuple[int, str]]:
    first = c.tokens.first[c.doc]
    for d, i, j in zip(c.doc.tolist(), (c.start - first).tolist(), (c.end - first - 1).tolist(), strict=True):
        yield d, " ".join(texts[d][places[d][0][i] : places[d][1][j]].split())


def count(
    nlp: Language,
    models: Sequence[Model],
    less: Sequence[Share | None],
    texts_: Iterator[str],
    step: Callable[[int], object],
) -> Counts:
    """Reads the abstracts once for all models, each with what the lexicon knows `less` a share. `step` is told how
    many are read."""
    counts = Counts(models, less)
    done = 0
    while batch := list(islice(texts_, BATCH)):
        counts.add(nlp, batch)
        done += len(batch)
        if done % 12800 == 0:
            counts.forget()
        step(done)
    return counts


def learned(counts: Counts, means: Means) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The forms as the lexicon keeps them, each in its most frequent spelling."""
    rows = []
    for k, (mean, n) in means.items():
        surface = min(counts.spellings[k].items(), key=lambda s: (-s[1], s[0]))[0]
        if not surface.startswith("#"):  # the file would take it for a comment
            rows.append((surface, (*mean, n)))
    return tuple(rows)
