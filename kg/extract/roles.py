"""The component that says what the paper does with a dataset or a method: introduces, uses, compares, mentions.

A softmax regression over hashed features (role_features.py) of all the mentions of an entity in the paper, trained by
kg/train/roles.py; a batch of Docs is judged at once. What the text announces outright ("we propose X") is introduced
whatever the model says, and what is only denied or thought of (unreal.py) is at most mentioned. Overrules what other
components wrote, unless told not to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from kg.errors import ModelError
from kg.extract.batched import Batched
from kg.extract.cues import CUES
from kg.extract.entities import group_key, long_forms
from kg.extract.lexicon import CLASSES
from kg.extract.lookup import table_of
from kg.extract.notes import Detail, details, offsets, text_of
from kg.extract.role_features import BUCKETS, Place, entity_sums, known, places, role_features
from kg.extract.stored import Stored, file_of
from kg.extract.unreal import unreal_places
from kg.extract.weights import eight_bits, packed, unpacked
from kg.model import Role

__all__ = ["ROLES", "RoleModel", "Roles", "load_roles", "save_roles"]

ROLES: tuple[Role, ...] = ("introduces", "uses", "compares", "mentions")
WEIGHTS = "weights.npz"
_CLASS = {kind: i for i, (type_, kind) in enumerate(CLASSES) if type_ != "Task"}
# A dataset is no rival.
_RIVAL = ROLES.index("compares")
_OWN = ROLES.index("introduces")
_ANNOUNCE = [i for i, cue in enumerate(CUES) if cue.name in ("title", "proposed")]


class RoleModel(NamedTuple):
    """`weights`: BUCKETS rows for datasets, then as many for methods, a column for each of ROLES; `bias`: a number for
    each of ROLES."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def roles(self, docs: Sequence[Doc], found: Sequence[Place]) -> list[Role]:
        """The role of each entity of `found`, whose entities count up from 0."""
        if not found:
            return []
        p = places(docs, found)
        sums = entity_sums(self.weights, role_features(p, known(p, table_of(docs))), p.entity) + self.bias
        cls = np.zeros(len(sums), dtype=np.int64)
        cls[p.entity] = p.cls
        sums[cls == 0, _RIVAL] = -np.inf
        # Who writes "we propose BERT" introduces it, however well known the name (98 of 100 in annotated papers).
        announced = np.isin(p.cue, _ANNOUNCE) & (p.cls != CLASSES.index(("Method", "technique")))
        sums[p.entity[announced], _OWN] = np.inf
        return [ROLES[i] for i in sums.argmax(axis=1).tolist()]


def save_roles(model: RoleModel) -> bytes:
    """The weights in eight bits each, as a numpy archive."""
    small, scale = eight_bits(model.weights)
    return packed(weights=small, scale=scale, bias=model.bias)


def load_roles(data: bytes, path: Path | None = None) -> RoleModel:
    """What save_roles has written. Raises ModelError, which names `path`, where it does not read or has another
    size."""
    with unpacked(data, "roles", path) as file:
        weights = file["weights"].astype(np.float32) * file["scale"]
        bias = file["bias"].astype(np.float32)
    if weights.shape != (2 * BUCKETS, len(ROLES)) or bias.shape != (len(ROLES),):
        raise ModelError(f"the weights of roles have the shape {weights.shape}", path=path)
    return RoleModel(weights, bias)


class Roles(Batched, Stored):
    """Writes the role of every dataset and method; without `overwrite` only of those that have none."""

    shipped = "roles"

    def __init__(self, *, overwrite: bool) -> None:
        self.overwrite = overwrite
        self._model: RoleModel | None = None

    @property
    def model(self) -> RoleModel:
        """The trained model."""
        if self._model is None:
            self.from_shipped()
        return cast(RoleModel, self._model)

    @model.setter
    def model(self, model: RoleModel) -> None:
        self._model = model

    def to_files(self) -> dict[str, bytes]:
        return {WEIGHTS: save_roles(self.model)}

    def from_files(self, files: Mapping[str, bytes], folder: Path | None) -> None:
        self.model = load_roles(file_of(files, WEIGHTS, folder), folder and folder / WEIGHTS)

    def judge(self, docs: Sequence[Doc]) -> None:
        found: list[Place] = []
        labels: list[str] = []
        entities = 0
        for d, doc in enumerate(docs):
            entities = _add_entities(doc, d, entities, found, labels)
        roles = self.model.roles(docs, found)
        for entity in _unreal(docs, found):
            # What is not used may still be a rival: "unlike BERT".
            if roles[entity] != "compares":
                roles[entity] = "mentions"
        noted = [details(doc) for doc in docs]
        for (d, entity, _, i, j), label in zip(found, labels, strict=True):
            source, score, kind, role, name = noted[d][i, j, label]
            if self.overwrite or role is None:
                noted[d][i, j, label] = Detail(source, score, kind, roles[entity], name)


def _unreal(docs: Sequence[Doc], found: Sequence[Place]) -> set[int]:
    """The entities that are never spoken of but to deny them or as a mere thought. Of 44 such ones in annotated papers
    25 are mentioned, 15 compared with and 4 used."""
    places_: list[list[tuple[int, int]]] = [[] for _ in docs]
    for place in found:
        places_[place.doc].append((int(offsets(docs[place.doc]).starts[place.start]), place.entity))
    real: set[int] = set()
    for doc, mine in zip(docs, places_, strict=True):
        mine.sort()
        answers = unreal_places(text_of(doc), [start for start, _ in mine])
        real.update(entity for (_, entity), unreal in zip(mine, answers, strict=True) if not unreal)
    return {place.entity for place in found} - real


def _add_entities(doc: Doc, number: int, entity: int, found: list[Place], labels: list[str]) -> int:
    """Add the mentions of datasets and methods with their labels, entity by entity, which count on from `entity`.
    Returns the number of the next one."""
    text = text_of(doc)
    starts, ends = offsets(doc)
    joined = long_forms(doc.user_data.get("kg.pairs", ()))
    groups: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
    for (i, j, label), detail in details(doc).items():
        if label in ("Dataset", "Method"):
            key = group_key(text[starts[i] : ends[j - 1]])
            cls = _CLASS[None if label == "Dataset" else detail.kind or "named"]
            groups.setdefault((label, joined.get(key, key)), []).append((i, j, cls))
    for n, ((label, _), group) in enumerate(groups.items(), entity):
        found += [Place(number, n, cls, i, j) for i, j, cls in group]
        labels += [label] * len(group)
    return entity + len(groups)


@Language.factory("kg_roles", default_config={"overwrite": True})
def create_roles(nlp: Language, name: str, overwrite: bool) -> Roles:
    return Roles(overwrite=overwrite)
