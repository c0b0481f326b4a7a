"""Trains the scorer.

1. Candidates and features of the annotated papers (examples.py), the lexicon counted without the paper at hand.
2. The gate: logistic regression on a few columns, which turns most candidates away before the rest is computed.
   The scorer: softmax regression with an L2 penalty. Both by L-BFGS; deterministic, no seed.
3. What models trained so make of each form over unlabelled abstracts becomes a feature (corpus.py); the papers of a
   fold are told what a model says that was trained without them.
4. Three folds over papers: what the model says of papers it has not seen calibrates the scores of entities (a logistic
   regression a class on decide.EVIDENCE) and sets the thresholds (the best F1 a class).
5. All papers: the weights of the model.
6. Where a `network` is given (training/context makes one), it learns from the model of 5 and from what 4 says of unseen
   papers, and it is then what the network says of such papers that calibrates the scores.

Takes six minutes and 3 GB on one core for 3,890 papers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from spacy.language import Language

from kg.errors import TrainError
from kg.extract.acronyms import find_pairs
from kg.extract.addresses import find_addresses
from kg.extract.candidates import Vocabulary
from kg.extract.context import Context
from kg.extract.decide import EVIDENCE, LABELS, Calibration, Group, evidence, groups
from kg.extract.entities import group_key
from kg.extract.features import BUCKETS
from kg.extract.lexicon import CLASSES
from kg.extract.lookup import Lookup
from kg.extract.notes import Judged
from kg.extract.scorer import TO_CLASS, Model
from kg.extract.weights import softmax
from kg.train.corpus import count, learned
from kg.train.examples import Examples, examples, head_words, share
from kg.train.gold import GoldPaper
from kg.train.report import Scored

__all__ = ["FOLDS", "Network", "train_scorer"]

GATE_LOSS = 0.015  # share of annotated candidates that the gate may turn away
PENALTY = 0.1  # chosen on folds of the training papers: 0.5 and 0.02 are worse
STEPS = 80
FOLDS = 3
NO_CALIBRATION = Calibration([], [])
HEAD_AT_LEAST = 2
FEW = 10  # right, and wrong, entities of a class from which on its calibration is learned
# The weights of EVIDENCE that make the score of an entity the probability of its best place.
BEST_PLACE = [float(name == "best") for name in EVIDENCE]

Floats = NDArray[np.float32]


class Network(Protocol):
    """Learns a network over the log-linear model."""

    def __call__(
        self, papers: Sequence[GoldPaper], nlp: Language, ex: Examples, wide: Floats, model: Model
    ) -> tuple[Context, Floats]:
        """The network, and what networks trained without a paper's fold (its index modulo FOLDS) say of its candidates.

        `wide`: the same of the log-linear model. Both have one row an example and one column a label, each row adding
        up to 1. `nlp` goes as far as the cues; `model` is trained on all papers, without a calibration.
        """


def matrix(rows: NDArray[np.uint32]) -> csr_matrix:
    n, m = rows.shape
    ones = np.ones(n * m, dtype=np.float32)
    return csr_matrix((ones, rows.ravel().astype(np.int32), np.arange(0, n * m + 1, m)), shape=(n, BUCKETS))


def filled(rows: NDArray[np.uint32]) -> tuple[csr_matrix, NDArray[np.int64]]:
    """The columns of the matrix that are not empty, and which they are. A bucket that no row has keeps its weight of
    0, and few papers fill few buckets.
    """
    used = np.flatnonzero(np.bincount(rows.ravel(), minlength=BUCKETS))
    return matrix(rows)[:, used], used


def fit(rows: NDArray[np.uint32], labels: NDArray[np.int64]) -> Floats:
    """The weights, BUCKETS by LABELS."""
    x, used = filled(rows)
    xt = x.T.tocsr()
    n, k = len(labels), len(LABELS)
    target = np.zeros((n, k), dtype=np.float32)
    target[np.arange(n), labels] = 1

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        w = flat.reshape(len(used), k).astype(np.float32)
        p = softmax(x @ w)
        fitted = -float(np.log(p[np.arange(n), labels] + 1e-12).sum())
        gradient = xt @ (p - target) + 2 * PENALTY * w
        return fitted + PENALTY * float((flat**2).sum()), gradient.ravel().astype(np.float64)

    options = {"maxiter": STEPS, "maxcor": 8}
    found = minimize(loss, np.zeros(len(used) * k), jac=True, method="L-BFGS-B", options=options)
    weights = np.zeros((BUCKETS, k), dtype=np.float32)
    weights[used] = found.x.reshape(len(used), k)
    return weights


def fit_gate(rows: NDArray[np.uint32], labels: NDArray[np.int64]) -> tuple[Floats, float]:
    """The weights, and the sum from which the gate opens."""
    x, used = filled(rows)
    xt = x.T.tocsr()
    y = (labels > 0).astype(np.float32)

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        p = 1 / (1 + np.exp(-(x @ w.astype(np.float32))))
        fitted = -float((y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9)).sum())
        return fitted + 0.3 * float((w**2).sum()), (xt @ (p - y)).astype(np.float64) + 0.6 * w

    w = minimize(loss, np.zeros(len(used)), jac=True, method="L-BFGS-B", options={"maxiter": 60}).x.astype(np.float32)
    sums = x @ w
    opens = float(np.quantile(sums[labels > 0], GATE_LOSS))
    weights = np.zeros(BUCKETS, dtype=np.float32)
    weights[used] = w
    return weights, opens


def grouped(papers: Sequence[GoldPaper], ex: Examples, scores: Floats) -> list[list[Group]]:
    """The entities of each paper as decide.groups sees them."""
    judged: list[list[Judged]] = [[] for _ in papers]
    by_class = scores @ TO_CLASS
    for k in np.flatnonzero(scores[:, 0] < 0.9).tolist():
        judged[int(ex.paper[k])].append(
            Judged(int(ex.start[k]), int(ex.end[k]), scores[k].tolist(), by_class[k].tolist())
        )
    result = []
    for p, mine in zip(papers, judged, strict=True):
        links = list(find_addresses(p.text))
        free = [j for j in mine if not any(a.start < j.end and j.start < a.end for a in links)]
        result.append(groups(p.text, free, list(find_pairs(p.text))))
    return result


def right(p: GoldPaper, found: Sequence[Group]) -> list[bool]:
    """For each group whether it is an annotated entity of its class; each entity once."""
    gold = [(e.cls, {group_key(s) for s in (e.name, *e.mentions)}) for e in p.entities]
    used: set[int] = set()
    answers = []
    for g in found:
        keys = {group_key(p.text[j.start : j.end]) for j in g.places}
        hit = next((i for i, (cls, k) in enumerate(gold) if cls == g.cls and i not in used and k & keys), None)
        used |= {hit} if hit is not None else set()
        answers.append(hit is not None)
    return answers


def calibrate(papers: Sequence[GoldPaper], ex: Examples, scores: Floats) -> tuple[Calibration, tuple[Scored, ...]]:
    rows: list[list[list[float]]] = [[] for _ in CLASSES]
    answers: list[list[bool]] = [[] for _ in CLASSES]
    for p, found in zip(papers, grouped(papers, ex, scores), strict=True):
        for g, good in zip(found, right(p, found), strict=True):
            rows[g.cls].append(evidence(p.text, len(p.paper.title), g))
            answers[g.cls].append(good)
    weights, at_least, scored = [], [], []
    for cls, (type_, kind) in enumerate(CLASSES):
        x, y = np.array(rows[cls]).reshape(-1, len(EVIDENCE)), np.array(answers[cls], dtype=np.bool_)
        # Of too few nothing is learned: the score is that of the best place.
        mine, threshold = np.array(BEST_PLACE), 0.5
        total = sum(e.cls == cls for paper in papers for e in paper.entities)
        enough = min(y.sum(), (~y).sum()) >= FEW
        if enough:
            model = LogisticRegression(max_iter=1000, fit_intercept=False).fit(x, y)
            mine = model.coef_[0]
        p = 1 / (1 + np.exp(-(x @ mine)))
        if enough:
            _, threshold = max((2 * y[p >= t].sum() / ((p >= t).sum() + total), t) for t in np.arange(0.2, 0.7, 0.01))
        weights.append([float(w) for w in mine])
        at_least.append(float(threshold))
        stands = p >= threshold
        tenths = reliability(p, y)
        scored.append(Scored(type_, kind, total, int(stands.sum()), int(y[stands].sum()), at_least[-1], tenths))
    return Calibration(weights, at_least), tuple(scored)


def reliability(p: NDArray[np.float64], y: NDArray[np.bool_]) -> tuple[tuple[int, int], ...]:
    """For each tenth of the score how many entities have it, and how many of those are right."""
    tenths = np.minimum((p * 10).astype(int), 9)
    return tuple((int((tenths == t).sum()), int(y[tenths == t].sum())) for t in range(10))


def train_scorer(
    papers: Sequence[GoldPaper],
    nlp: Language,
    abstracts: Iterator[str] | None,
    tell: Callable[[str, int, int | None], object],
    network: Network | None = None,
) -> tuple[Model, tuple[Scored, ...]]:
    """The model, and how it does on unseen folds.

    `nlp` goes as far as the cues; what is learned over the `abstracts` is added to its lexicon. `tell` is told the
    stage, how much is done and of how much. Without a `network` the model has none.
    """
    lookup = next(c for _, c in nlp.components if isinstance(c, Lookup))
    heads = head_words(papers, HEAD_AT_LEAST)
    vocabulary = Vocabulary(heads)
    fits = _Fits((1 + FOLDS) * (1 if abstracts is None else 2), tell)
    ex = examples(papers, nlp, vocabulary, leave_out=True, corpora=[{}])
    if not (ex.labels > 0).any():
        raise TrainError("no annotated mention is a candidate", remedy="annotate names and phrases of the text")
    gate, opens = fit_gate(ex.gate, ex.labels)
    model = Model(np.zeros((BUCKETS, len(LABELS)), dtype=np.float32), gate, opens, vocabulary, NO_CALIBRATION)
    if abstracts is not None:
        # What a fold's papers are told of a form comes from a model that has not seen them.
        ex = let_through(ex, model)
        models = [model._replace(weights=fits.fit(ex.rows, ex.labels))]
        models += [model._replace(weights=w) for _, w in fits.folds(ex)]
        less = [None, *(share([p for i, p in enumerate(papers) if i % FOLDS == f], nlp) for f in range(FOLDS))]
        counts = count(nlp, models, less, abstracts, lambda done: tell("abstracts", done, None))
        lookup.learned = lookup.learned._replace(corpus=learned(counts, counts.means(0)))
        ex = examples(papers, nlp, vocabulary, leave_out=True, corpora=[counts.means(1 + f) for f in range(FOLDS)])
    ex = let_through(ex, model)
    scores = np.zeros((len(ex.labels), len(LABELS)), dtype=np.float32)
    for held, weights in fits.folds(ex):
        scores[held] = softmax(matrix(ex.rows[held]) @ weights)
    model = model._replace(weights=fits.fit(ex.rows, ex.labels))
    if network is not None:
        context, scores = network(papers, nlp, ex, scores, model)
        model = model._replace(context=context)
    calibration, scored = calibrate(papers, ex, scores)
    return model._replace(calibration=calibration), scored


class _Fits:
    """Counts the fits, of which a training has `total`."""

    def __init__(self, total: int, tell: Callable[[str, int, int | None], object]) -> None:
        self.total = total
        self.done = 0
        self.tell = tell

    def fit(self, rows: NDArray[np.uint32], labels: NDArray[np.int64]) -> Floats:
        weights = fit(rows, labels)
        self.done += 1
        self.tell("scorer", self.done, self.total)
        return weights

    def folds(self, ex: Examples) -> Iterator[tuple[NDArray[np.bool_], Floats]]:
        """For each fold which candidates it holds, and the weights of a model trained on the others."""
        for fold in range(FOLDS):
            held = ex.paper % FOLDS == fold
            yield held, self.fit(ex.rows[~held], ex.labels[~held])


def let_through(ex: Examples, model: Model) -> Examples:
    let = model.gate[ex.gate].sum(axis=1) >= model.opens
    return Examples(*(column[let] for column in ex))
