"""Trains the roles: a softmax regression over role_features.py, by L-BFGS from zero; deterministic, no seed.

The mentions are those annotated, of two that overlap the longer one. What the lexicon counts of a form is counted
without the paper at hand, since the forms of new papers are not known either. Half a minute on one core for 3,890
papers.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.lookup import table_of
from kg.extract.notes import token_places
from kg.extract.role_features import BUCKETS, Place, known, places, role_features
from kg.extract.roles import ROLES, RoleModel
from kg.train.gold import GoldEntity, GoldPaper
from kg.train.report import Agreed

__all__ = ["train_roles"]

BATCH = 64
FOLDS = 5
# Chosen on the folds: 0.05 and 0.2 are a little worse for methods and no better for datasets; 2 ** 16 buckets, and
# means or sets over the mentions in the place of sums, are no better either.
C = 0.02
NEVER = -100.0
DATASETS = 2.0  # weight of a dataset, of which there are five times fewer than methods

Floats = NDArray[np.float32]


class Examples(NamedTuple):
    """`x`: a row an entity, how often each feature holds of its mentions. `paper` indexes the papers."""

    x: csr_matrix
    roles: NDArray[np.int64]
    cls: NDArray[np.int64]
    paper: NDArray[np.int64]


def spots(doc: Doc, text: str, entity: GoldEntity) -> list[tuple[int, int]]:
    """First token, last token + 1 of each mention."""
    places_ = [m.span() for form in entity.mentions for m in re.finditer(re.escape(form), text)]
    found = {where for where in token_places(doc, places_) if where is not None}
    return sorted(s for s in found if not any(o != s and o[0] <= s[0] and s[1] <= o[1] for o in found))


def annotated(docs: Sequence[Doc], papers: Sequence[GoldPaper]) -> Iterator[tuple[int, GoldEntity, list[Place]]]:
    """(paper, entity, its mentions) of each dataset and method that is found in the text."""
    n = 0
    for d, (doc, paper) in enumerate(zip(docs, papers, strict=True)):
        for e in paper.entities:
            if e.role is not None and (where := spots(doc, paper.text, e)):
                yield d, e, [Place(d, n, e.cls, i, j) for i, j in where]
                n += 1


def examples(papers: Sequence[GoldPaper], nlp: Language) -> Examples | None:
    """None where no role is annotated."""
    rows, entity = [], []
    paper: list[int] = []
    roles: list[int] = []
    cls: list[int] = []
    for at in range(0, len(papers), BATCH):
        batch = papers[at : at + BATCH]
        docs = list(nlp.pipe(nlp.tokenizer(p.text) for p in batch))
        found = list(annotated(docs, batch))
        if not found:
            continue
        p = places(docs, [place for _, _, where in found for place in where])
        k = known(p, table_of(docs))
        rows.append(role_features(p, k._replace(papers=np.maximum(k.papers - 1, 0))))
        entity.append(p.entity + len(roles))
        paper += [at + d for d, _, _ in found]
        roles += [ROLES.index(e.role) for _, e, _ in found if e.role in ROLES]
        cls += [e.cls for _, e, _ in found]
    if not rows:
        return None
    return Examples(matrix(np.concatenate(rows), np.concatenate(entity)), *map(np.array, (roles, cls, paper)))


def matrix(rows: NDArray[np.int64], entity: NDArray[np.int64]) -> csr_matrix:
    at, column = np.repeat(entity, rows.shape[1]), rows.ravel()
    given = column % BUCKETS > 0
    at, column = at[given], column[given]
    # Each feature once for its class and once for both (Daume 2007, "Frustratingly easy domain adaptation").
    both = np.concatenate([column, column % BUCKETS + 2 * BUCKETS])
    ones = np.ones(len(both), dtype=np.float32)
    return csr_matrix((ones, (np.concatenate([at, at]), both)), shape=(int(entity.max()) + 1, 3 * BUCKETS))


def fit(ex: Examples, mine: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Weights, a column for each of ROLES, and bias. A role that stands nowhere is never said."""
    weights = np.zeros((ex.x.shape[1], len(ROLES)), dtype=np.float32)
    bias = np.full(len(ROLES), NEVER, dtype=np.float32)
    there = np.unique(ex.roles[mine])
    if len(there) < 2:
        bias[there] = 0
        return weights, bias
    weight = np.where(ex.cls[mine] == 0, DATASETS, 1.0)
    x = ex.x[mine]
    used = np.flatnonzero(x.getnnz(axis=0))  # the others keep a weight of 0
    model = LogisticRegression(C=C, max_iter=60, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # 60 steps are meant
        model.fit(x[:, used], ex.roles[mine], sample_weight=weight)
    # Of two classes scikit-learn keeps the weights of the second alone.
    mirrored = len(there) == 2
    coefficients = np.concatenate([-model.coef_ / 2, model.coef_ / 2] if mirrored else [model.coef_])
    weights[np.ix_(used, there)] = coefficients.T
    bias[there] = np.concatenate([-model.intercept_ / 2, model.intercept_ / 2] if mirrored else [model.intercept_])
    return weights, bias


def agreed(ex: Examples, said: NDArray[np.int64]) -> tuple[Agreed, ...]:
    """Agreement on datasets, named methods and all methods."""
    rows = (("datasets", ex.cls == 0), ("methods (named)", ex.cls == 1), ("methods (all)", ex.cls != 0))
    return tuple(Agreed(what, int((ex.roles == said)[mine].sum()), int(mine.sum())) for what, mine in rows)


def train_roles(
    papers: Sequence[GoldPaper], nlp: Language, step: Callable[[int, int], object]
) -> tuple[RoleModel | None, tuple[Agreed, ...]]:
    """The weights, None where no role is annotated, and how they do on unseen folds. `nlp` goes as far as the cues;
    `step` is told how many fits of how many are done."""
    ex = examples(papers, nlp)
    if ex is None:
        return None, ()
    said = np.zeros_like(ex.roles)
    for fold in range(FOLDS):
        held = ex.paper % FOLDS == fold
        if held.any() and not held.all():
            weights, bias = fit(ex, ~held)
            said[held] = (ex.x[held] @ weights + bias).argmax(axis=1)
        step(fold + 1, FOLDS + 1)
    weights, bias = fit(ex, np.ones(len(ex.roles), dtype=np.bool_))
    step(FOLDS + 1, FOLDS + 1)
    data, methods, both = weights.reshape(3, BUCKETS, len(ROLES))
    return RoleModel(np.concatenate([data + both, methods + both]), bias), agreed(ex, said)
