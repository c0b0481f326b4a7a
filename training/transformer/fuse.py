"""Weighs the transformer against the rest of a model: python training/transformer/fuse.py ACCURATE HELD.jsonl

ACCURATE is the folder that export.py makes, HELD annotated papers that neither the transformer nor the small model
under it has learned from (a hundred will do). Fourteen numbers are fitted, by L-BFGS: one for the log-linear model, one
for the network and two for the transformer (what it is, which role), and one a label. More numbers learn the few
papers by heart: with one for each pair of opinion and label the loss on unseen papers was .338 in the place of .324.
Writes fusion.npz into the scorer's folder of ACCURATE. Deterministic, no seed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from kg.extract.decide import LABELS
from kg.extract.features import features
from kg.extract.lexicon import CLASSES
from kg.extract.opinions import CLASSES as THEIRS
from kg.extract.opinions import OPINIONS, ROLES, laid_out, opinions
from kg.extract.pipeline import load
from kg.extract.scorer import Fusion, Scorer
from kg.train.examples import gold_places
from kg.train.gold import GoldPaper, read_gold

Floats = NDArray[np.float64]
_N = len(LABELS)
_START = np.array([0.0, 0.7, 0.3, 0.1] + [0.0] * _N)
_PENALTY = 1e-3  # on the numbers of the labels
_BATCH = 32


def columns(label: int) -> tuple[int, int | None]:
    """Where among the OPINIONS the class of a label stands, and its role where it has one."""
    cls, role = LABELS[label]
    if cls < 0:
        return 0, None
    kind = CLASSES[cls][1]
    name = "Named" if kind == "software" else kind.capitalize() if kind else CLASSES[cls][0]
    return 1 + THEIRS.index(name), None if role is None else 1 + len(THEIRS) + ROLES.index(role)


def fusion(numbers: Floats) -> Fusion:
    weights = np.zeros((_N, 2 * _N + len(OPINIONS)))
    for label in range(_N):
        cls, role = columns(label)
        weights[label, label], weights[label, _N + label] = numbers[:2]
        weights[label, 2 * _N + cls] = numbers[2]
        if role is not None:
            weights[label, 2 * _N + role] = numbers[3]
    return Fusion(weights.astype(np.float32), numbers[4:].astype(np.float32))


def said(papers: list[GoldPaper], folder: Path) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """What is said of each candidate of the papers, and what it is."""
    nlp = load(folder, exclude=["scorer", "roles"])
    model = cast(Scorer, load(folder).get_pipe("scorer")).model
    rows, labels = [], []
    for at in range(0, len(papers), _BATCH):
        batch = papers[at : at + _BATCH]
        docs = list(nlp.pipe(nlp.tokenizer(p.text) for p in batch))
        c, prior = model.likely(docs)
        noted = laid_out(docs, c.tokens.first, len(c.tokens.lower))
        if model.context is None or noted is None:
            raise SystemExit(f"{folder} has no network or no transformer")
        wide = model.probabilities(features(c, prior))
        read = model.context.probabilities(c, wide)
        rows.append(Fusion.told(wide, read, opinions(*noted, c.start, c.end)))
        gold = [gold_places(p) for p in batch]
        starts, ends = c.tokens.starts[c.start].tolist(), c.tokens.ends[c.end - 1].tolist()
        labels += [gold[d].get((s, e), 0) for d, s, e in zip(c.doc.tolist(), starts, ends, strict=True)]
    return np.concatenate(rows), np.array(labels)


def loss(numbers: Floats, x: NDArray[np.float32], y: NDArray[np.int64]) -> float:
    p = fusion(numbers).probabilities(x)
    return float(-np.log(p[np.arange(len(y)), y] + 1e-9).mean() + _PENALTY * np.square(numbers[4:]).sum())


def main(folder: Path, held: Path) -> None:
    x, y = said(read_gold(held), folder)
    # The gradient is taken by differences, for which a step of single precision is coarse enough.
    found = minimize(loss, _START, args=(x, y), method="L-BFGS-B", options={"eps": 1e-3})
    scorer = cast(Scorer, load(folder).get_pipe("scorer"))
    scorer.model = scorer.model._replace(fusion=fusion(found.x))
    scorer.to_disk(folder / "scorer")
    print(
        f"{len(y)} candidates: loss {loss(_START, x, y):.4f} before, {found.fun:.4f} after;", np.round(found.x[:4], 2)
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
