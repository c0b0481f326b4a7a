"""Trains the roles: python training/roles.py GOLD

Needs scikit-learn. Run training/lexicon.py and training/scorer.py first: whether a name is known from elsewhere is a
feature. Prints the agreement on five folds over papers, then writes kg/extract/roles.npz from all of them. Half a
minute on one core for 3,890 papers; L-BFGS from zero, deterministic, no seed.

The mentions are those annotated, of two that overlap the longer one. What the lexicon counts of a form is counted
without the paper at hand, since the forms of new papers are not known either.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from gold import GoldEntity, GoldPaper, read_gold
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.notes import token_places
from kg.extract.pipeline import load
from kg.extract.role_features import BUCKETS, Place, known, places, role_features
from kg.extract.roles import FILE, ROLES, RoleModel, save_roles

BATCH = 64
FOLDS = 5
# Chosen on the folds: 0.05 and 0.2 are a little worse for methods and no better for datasets; 2 ** 16 buckets, and
# means or sets over the mentions in the place of sums, are no better either.
C = 0.02
DATASETS = 2.0  # weight of a dataset, of which there are five times fewer than methods


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


def examples(papers: Sequence[GoldPaper], nlp: Language) -> Examples:
    rows, entity, paper, roles, cls = [], [], [], [], []
    for at in range(0, len(papers), BATCH):
        batch = papers[at : at + BATCH]
        docs = list(nlp.pipe(nlp.tokenizer(p.text) for p in batch))
        found = list(annotated(docs, batch))
        p = places(docs, [place for _, _, where in found for place in where])
        k = known(p)
        rows.append(role_features(p, k._replace(papers=np.maximum(k.papers - 1, 0))))
        entity.append(p.entity + len(roles))
        paper += [at + d for d, _, _ in found]
        roles += [ROLES.index(e.role) for _, e, _ in found if e.role in ROLES]
        cls += [e.cls for _, e, _ in found]
    return Examples(matrix(np.concatenate(rows), np.concatenate(entity)), *map(np.array, (roles, cls, paper)))


def matrix(rows: NDArray[np.int64], entity: NDArray[np.int64]) -> csr_matrix:
    at, column = np.repeat(entity, rows.shape[1]), rows.ravel()
    given = column % BUCKETS > 0
    at, column = at[given], column[given]
    # Each feature once for its class and once for both (Daume 2007, "Frustratingly easy domain adaptation").
    both = np.concatenate([column, column % BUCKETS + 2 * BUCKETS])
    ones = np.ones(len(both), dtype=np.float32)
    return csr_matrix((ones, (np.concatenate([at, at]), both)), shape=(int(entity.max()) + 1, 3 * BUCKETS))


def fit(ex: Examples, mine: NDArray[np.bool_]) -> LogisticRegression:
    weight = np.where(ex.cls[mine] == 0, DATASETS, 1.0)
    return LogisticRegression(C=C, max_iter=60, tol=1e-3).fit(ex.x[mine], ex.roles[mine], sample_weight=weight)


def report(ex: Examples, said: NDArray[np.int64]) -> None:
    """Agreement and confusion of datasets, named methods and all methods."""
    for what, mine in (("datasets", ex.cls == 0), ("methods (named)", ex.cls == 1), ("methods", ex.cls != 0)):
        a, b = ex.roles[mine], said[mine]
        print(f"{what}: role {np.mean(a == b):.3f}, introduces or not {np.mean((a == 0) == (b == 0)):.3f}")
        for r, role in enumerate(ROLES):
            print(f"   {role}:", dict(zip(ROLES, [int(((a == r) & (b == q)).sum()) for q in range(4)], strict=True)))


def main(gold: Path) -> None:
    papers = read_gold(gold)
    ex = examples(papers, load(exclude=["scorer", "roles"]))
    said = np.zeros_like(ex.roles)
    for fold in range(FOLDS):
        held = ex.paper % FOLDS == fold
        said[held] = fit(ex, ~held).predict(ex.x[held])
        same, data = said == ex.roles, ex.cls == 0
        print(f"fold {fold}: datasets {same[held & data].mean():.3f}, methods {same[held & ~data].mean():.3f}")
    report(ex, said)
    model = fit(ex, np.ones(len(ex.roles), dtype=np.bool_))
    data, methods, both = model.coef_.T.astype(np.float32).reshape(3, BUCKETS, len(ROLES))
    weights = np.concatenate([data + both, methods + both])
    save_roles(FILE, RoleModel(weights, model.intercept_.astype(np.float32)))
    print(f"{FILE.name}: {FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
