"""A component that puts spans into a Doc which were found elsewhere: by the teacher, or by the student.

``given`` goes into the project's own pipeline, so that its acronyms, grouping, canonical names and roles make entities
of the spans as they do of those of the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.notes import Detail, add, offsets, spans_of
from kg.model import Kind, Role

_TYPES: dict[str, tuple[str, Kind | None]] = {
    "Dataset": ("Dataset", None),
    "Named": ("Method", "named"),
    "Technique": ("Method", "technique"),
    "Task": ("Task", None),
}


class Place(NamedTuple):
    """Characters of the composed text; role None leaves it to the roles component."""

    start: int
    end: int
    label: str
    role: Role | None
    score: float


class Given:
    """Adds the places that `find` gives for a Doc, where no span lies that other components put there."""

    def __init__(self) -> None:
        self.find: Callable[[Doc], Iterable[Place]] = lambda doc: ()

    def __call__(self, doc: Doc) -> Doc:
        starts, ends = offsets(doc)
        taken = {k for first, end, *_ in spans_of(doc) for k in range(first, end)}
        found = []
        for place in self.find(doc):
            first, last = np.searchsorted(starts, place.start), np.searchsorted(ends, place.end)
            if taken.isdisjoint(range(int(first), int(last) + 1)):
                type_, kind = _TYPES[place.label]
                role = place.role if type_ != "Task" else None
                found.append((int(first), int(last) + 1, type_, Detail("model", place.score, kind, role)))
        add(doc, found)
        return doc


@Language.factory("given")
def create_given(nlp: Language, name: str) -> Given:
    return Given()


def from_entities(doc: Doc) -> Iterable[Place]:
    """What an entity recogniser before it has put into the Doc, all equally sure."""
    return [Place(e.start_char, e.end_char, e.label_, None, 0.9) for e in doc.ents]
