"""Trains the scorer: python training/scorer.py GOLD [LEAVE_OUT.jsonl ...] [ABSTRACTS.jsonl.gz ...]

Needs scikit-learn (and scipy, which it brings). Run training/lexicon.py first. Papers of LEAVE_OUT, a test set, are not
read among the abstracts.

1. Candidates and features of the annotated papers (examples.py), the lexicon counted without the paper at hand.
2. The gate: logistic regression on a few columns, which turns most candidates away before the rest is computed.
   The scorer: softmax regression with an L2 penalty. Both by L-BFGS; deterministic, no seed.
3. What models trained so make of each form over the unlabelled ABSTRACTS becomes a feature (corpus.py); the papers of a
   fold are told what a model says that was trained without them.
4. Three folds over papers: what the model says of papers it has not seen calibrates the scores of entities (a logistic
   regression a class on decide.EVIDENCE) and sets the thresholds (the best F1 a class).
5. All papers: the weights that are shipped, in kg/extract/scorer.npz.

Takes six minutes and 3 GB on one core for 3,890 papers.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from corpus import count, texts, write
from gold import GoldPaper, read_gold
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from examples import Examples, examples, head_words, share
from kg.extract.acronyms import find_pairs
from kg.extract.addresses import find_addresses
from kg.extract.candidates import Vocabulary
from kg.extract.decide import EVIDENCE, LABELS, Calibration, Group, evidence, groups
from kg.extract.entities import group_key
from kg.extract.features import BUCKETS
from kg.extract.lexicon import CLASSES, corpus
from kg.extract.lookup import table
from kg.extract.notes import Judged
from kg.extract.pipeline import load
from kg.extract.scorer import FILE, TO_CLASS, Model, save_model
from kg.ids import title_key

GATE_LOSS = 0.015  # share of annotated candidates that the gate may turn away
PENALTY = 0.1  # chosen on folds of the training papers: 0.5 and 0.02 are worse
STEPS = 80
FOLDS = 3
EVERY = 2  # one unlabelled abstract in so many is read
NO_CALIBRATION = Calibration([], [])
HEAD_AT_LEAST = 2

Floats = NDArray[np.float32]


def matrix(rows: NDArray[np.uint32]) -> csr_matrix:
    n, m = rows.shape
    ones = np.ones(n * m, dtype=np.float32)
    return csr_matrix((ones, rows.ravel().astype(np.int32), np.arange(0, n * m + 1, m)), shape=(n, BUCKETS))


def fit(rows: NDArray[np.uint32], labels: NDArray[np.int64]) -> Floats:
    """The weights, BUCKETS by LABELS."""
    x = matrix(rows)
    xt = x.T.tocsr()
    n, k = len(labels), len(LABELS)
    target = np.zeros((n, k), dtype=np.float32)
    target[np.arange(n), labels] = 1

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        w = flat.reshape(BUCKETS, k).astype(np.float32)
        p = softmax(x @ w)
        fitted = -float(np.log(p[np.arange(n), labels] + 1e-12).sum())
        gradient = xt @ (p - target) + 2 * PENALTY * w
        return fitted + PENALTY * float((flat**2).sum()), gradient.ravel().astype(np.float64)

    options = {"maxiter": STEPS, "maxcor": 8}
    found = minimize(loss, np.zeros(BUCKETS * k), jac=True, method="L-BFGS-B", options=options)
    print(f"fitted on {n} candidates: loss {found.fun / n:.4f} after {found.nit} steps", flush=True)
    return np.asarray(found.x.reshape(BUCKETS, k), dtype=np.float32)


def fit_gate(rows: NDArray[np.uint32], labels: NDArray[np.int64]) -> tuple[Floats, float]:
    """The weights, and the sum from which the gate opens."""
    x = matrix(rows)
    xt = x.T.tocsr()
    y = (labels > 0).astype(np.float32)

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        p = 1 / (1 + np.exp(-(x @ w.astype(np.float32))))
        fitted = -float((y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9)).sum())
        return fitted + 0.3 * float((w**2).sum()), (xt @ (p - y)).astype(np.float64) + 0.6 * w

    w = minimize(loss, np.zeros(BUCKETS), jac=True, method="L-BFGS-B", options={"maxiter": 60}).x.astype(np.float32)
    sums = x @ w
    opens = float(np.quantile(sums[labels > 0], GATE_LOSS))
    print(f"gate: lets {np.mean(sums >= opens):.3f} of {len(labels)} candidates through", flush=True)
    return w, opens


def softmax(sums: Floats) -> Floats:
    sums = np.exp(sums - sums.max(axis=1, keepdims=True))
    return sums / sums.sum(axis=1, keepdims=True)


def fold_weights(ex: Examples) -> Iterator[tuple[NDArray[np.bool_], Floats]]:
    """For each fold which candidates it holds, and the weights of a model trained on the others."""
    for fold in range(FOLDS):
        held = ex.paper % FOLDS == fold
        yield held, fit(ex.rows[~held], ex.labels[~held])


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


def calibrate(papers: Sequence[GoldPaper], ex: Examples, scores: Floats) -> Calibration:
    rows: list[list[list[float]]] = [[] for _ in CLASSES]
    answers: list[list[bool]] = [[] for _ in CLASSES]
    for p, found in zip(papers, grouped(papers, ex, scores), strict=True):
        for g, good in zip(found, right(p, found), strict=True):
            rows[g.cls].append(evidence(p.text, len(p.paper.title), g))
            answers[g.cls].append(good)
    weights, at_least = [], []
    for cls, (type_, kind) in enumerate(CLASSES):
        x, y = np.array(rows[cls]), np.array(answers[cls])
        model = LogisticRegression(max_iter=1000, fit_intercept=False).fit(x, y)
        p = model.predict_proba(x)[:, 1]
        total = sum(e.cls == cls for paper in papers for e in paper.entities)
        f1, threshold = max((2 * y[p >= t].sum() / ((p >= t).sum() + total), t) for t in np.arange(0.2, 0.7, 0.01))
        weights.append([float(w) for w in model.coef_[0]])
        at_least.append(float(threshold))
        print(
            f"{type_} {kind or ''}: F1 {f1:.3f} on unseen folds from {threshold:.2f}",
            dict(zip(EVIDENCE, np.round(weights[-1], 2).tolist(), strict=True)),
        )
        reliability(p, y)
    return Calibration(weights, at_least)


def reliability(p: NDArray[np.float64], y: NDArray[np.bool_]) -> None:
    """What share of the entities with a score in each tenth is right."""
    tenths = np.minimum((p * 10).astype(int), 9)
    print(
        "  ",
        " ".join(
            f"{t / 10:.1f}:{y[tenths == t].mean():.2f}({(tenths == t).sum()})" for t in range(10) if (tenths == t).any()
        ),
    )


def main(gold: Path, left_out: list[Path], abstracts: list[Path]) -> None:
    papers = read_gold(gold)
    heads = head_words(papers, HEAD_AT_LEAST)
    vocabulary = Vocabulary(heads)
    nlp = load(exclude=["scorer", "roles"])
    ex = examples(papers, nlp, vocabulary, leave_out=True, corpora=[{}])
    gate, opens = fit_gate(ex.gate, ex.labels)
    model = Model(np.zeros((BUCKETS, len(LABELS)), dtype=np.float32), gate, opens, vocabulary, NO_CALIBRATION)
    if abstracts:
        # What a fold's papers are told of a form comes from a model that has not seen them.
        ex = let_through(ex, model)
        models = [model._replace(weights=fit(ex.rows, ex.labels))]
        models += [model._replace(weights=w) for _, w in fold_weights(ex)]
        known = {title_key(p.paper.title) for file in (gold, *left_out) for p in read_gold(file)}
        less = [None, *(share([p for i, p in enumerate(papers) if i % FOLDS == f], nlp) for f in range(FOLDS))]
        counts = count(nlp, models, less, texts(abstracts, known, EVERY))
        write(counts, counts.means(0))
        corpus.cache_clear()
        table.cache_clear()
        nlp = load(exclude=["scorer", "roles"])
        ex = examples(papers, nlp, vocabulary, leave_out=True, corpora=[counts.means(1 + f) for f in range(FOLDS)])
    ex = let_through(ex, model)
    scores = np.zeros((len(ex.labels), len(LABELS)), dtype=np.float32)
    for held, weights in fold_weights(ex):
        scores[held] = softmax(matrix(ex.rows[held]) @ weights)
    model = model._replace(calibration=calibrate(papers, ex, scores), weights=fit(ex.rows, ex.labels))
    save_model(FILE, model, heads)
    print(f"{FILE.name}: {FILE.stat().st_size} bytes")


def let_through(ex: Examples, model: Model) -> Examples:
    let = model.gate[ex.gate].sum(axis=1) >= model.opens
    return Examples(*(column[let] for column in ex))


if __name__ == "__main__":
    given = [Path(a) for a in sys.argv[1:]]
    main(given[0], [a for a in given[1:] if a.suffix == ".jsonl"], [a for a in given[1:] if a.suffix == ".gz"])
