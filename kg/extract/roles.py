"""The component that says what the paper does with a dataset or a method: introduces, uses, compares, mentions.

A softmax regression over hashed features (role_features.py) of all the mentions of an entity in the paper, trained by
training/roles.py; a batch of Docs is judged at once. What the text announces outright ("we propose X") is introduced
whatever the model says. Overrules what other components wrote, unless told not to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from kg.errors import ModelError
from kg.extract.cues import CUES
from kg.extract.entities import group_key
from kg.extract.lexicon import CLASSES
from kg.extract.lookup import table
from kg.extract.notes import details, offsets, text_of
from kg.extract.role_features import BUCKETS, Place, entity_sums, known, places, role_features
from kg.model import Role

__all__ = ["FILE", "ROLES", "RoleModel", "Roles", "load_roles", "save_roles"]

ROLES: tuple[Role, ...] = ("introduces", "uses", "compares", "mentions")
FILE = Path(__file__).parent / "roles.npz"
_BATCH = 64
# A dataset is no rival.
_RIVAL = ROLES.index("compares")
_OWN = ROLES.index("introduces")
_ANNOUNCE = [i for i, cue in enumerate(CUES) if cue.name in ("title", "proposed")]


class RoleModel(NamedTuple):
    """`weights`: BUCKETS rows, a column for each of ROLES; `bias`: one number for each."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def roles(self, docs: Sequence[Doc], found: Sequence[Place]) -> list[Role]:
        """The role of each entity of `found`, whose entities count up from 0."""
        if not found:
            return []
        p = places(docs, found)
        sums = entity_sums(self.weights, role_features(p, known(p)), p.entity) + self.bias
        cls = np.zeros(len(sums), dtype=np.int64)
        cls[p.entity] = p.cls
        sums[cls == 0, _RIVAL] = -np.inf
        # Who writes "we propose BERT" introduces it, however well known the name (98 of 100 in annotated papers).
        announced = np.isin(p.cue, _ANNOUNCE) & (p.cls != CLASSES.index(("Method", "technique")))
        sums[p.entity[announced], _OWN] = np.inf
        return [ROLES[i] for i in sums.argmax(axis=1).tolist()]


def save_roles(path: Path, model: RoleModel) -> None:
    """Write the weights in eight bits each."""
    scale = float(np.abs(model.weights).max()) / 127
    small = np.round(model.weights / scale).astype(np.int8)
    np.savez_compressed(path, weights=small, scale=np.float32(scale), bias=model.bias)


@cache
def load_roles(path: Path = FILE) -> RoleModel:
    """The trained model. Raises ModelError where the file is absent or of another size."""
    try:
        with np.load(path, allow_pickle=False) as file:
            weights = file["weights"].astype(np.float32) * file["scale"]
            bias = file["bias"].astype(np.float32)
    except (OSError, KeyError, ValueError) as e:
        raise ModelError(f"the weights of roles cannot be read: {e}", path=path) from e
    if weights.shape != (BUCKETS, len(ROLES)) or bias.shape != (len(ROLES),):
        raise ModelError(f"the weights of roles have the shape {weights.shape}", path=path)
    return RoleModel(weights, bias)


class Roles:
    """Writes the role of every dataset and method; without `overwrite` only of those that have none."""

    def __init__(self, *, overwrite: bool) -> None:
        self.model = load_roles()
        self.overwrite = overwrite
        table()  # opened with the pipeline, not with its first paper

    def __call__(self, doc: Doc) -> Doc:
        self._judge([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = _BATCH) -> Iterator[Doc]:
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            self._judge(batch)
            yield from batch

    def _judge(self, docs: Sequence[Doc]) -> None:
        found: list[Place] = []
        labels: list[str] = []
        for d, doc in enumerate(docs):
            for place, label in _entities(doc, d, found[-1].entity + 1 if found else 0):
                found.append(place)
                labels.append(label)
        roles = self.model.roles(docs, found)
        for p, label in zip(found, labels, strict=True):
            noted = details(docs[p.doc])
            detail = noted[p.start, p.end, label]
            if self.overwrite or detail.role is None:
                noted[p.start, p.end, label] = detail._replace(role=roles[p.entity])


def _entities(doc: Doc, number: int, first: int) -> list[tuple[Place, str]]:
    """The mentions of datasets and methods with their labels, entity by entity, counting from `first`."""
    text = text_of(doc)
    starts, ends = offsets(doc)
    joined: dict[str, str] = {}
    for pair in doc.user_data.get("kg.pairs", ()):
        short, long = group_key(pair.short), group_key(pair.long)
        if short and long:
            joined.setdefault(short, long)
    groups: dict[tuple[str, str], list[Place]] = {}
    for (i, j, label), detail in details(doc).items():
        if label in ("Dataset", "Method"):
            key = group_key(text[starts[i] : ends[j - 1]])
            kind = None if label == "Dataset" else detail.kind or "named"
            place = Place(number, 0, CLASSES.index((label, kind)), i, j)
            groups.setdefault((label, joined.get(key, key)), []).append(place)
    return [
        (p._replace(entity=first + n), label)
        for n, ((label, _), group) in enumerate(groups.items())
        for p in sorted(group, key=lambda p: p.start)
    ]


@Language.factory("kg_roles", default_config={"overwrite": True})
def create_roles(nlp: Language, name: str, overwrite: bool) -> Roles:
    return Roles(overwrite=overwrite)
