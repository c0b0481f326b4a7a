"""Where gold and predicted differ, one value for each, with the sentence it is about."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from kg.evaluate.matching import Annotated, Compared, Entity, by_id, compared, entity_keys, keys, kind, repositories

__all__ = ["SORTS", "Difference", "Sort", "differences"]

Sort = Literal["missed", "wrong", "type", "kind", "role", "name", "code"]
SORTS: dict[Sort, str] = {
    "missed": "in gold, not predicted",
    "wrong": "predicted, not in gold",
    "type": "found, but as another type (counts as missed and as wrong)",
    "kind": "found, of another kind",
    "role": "found, with another role",
    "name": "found, under another name",
    "code": "another state of the code",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One error. `field` is datasets, methods, tasks, repos or code; `name` the entity's, gold's where it has one.

    `gold` and `predicted` are what either says: a name where one is missed or wrong (the other is None), else a field,
    a kind, a role, a name or a state. `sentence` is the one around its first mention; empty where gold has no text or
    the mention does not stand in it.
    """

    sort: Sort
    field: str
    paper: str
    name: str
    gold: str | None
    predicted: str | None
    sentence: str


def differences(gold: Iterable[Annotated], predicted: Iterable[Annotated]) -> tuple[Difference, ...]:
    """Every difference, in the order of gold. An entity predicted as another type is listed once, as "type".

    Missed and type together are as many as a Report has missed (datasets, methods (all), tasks, repos); wrong and type
    as many as it has wrong.
    """
    others = by_id(predicted)
    return tuple(d for paper in by_id(gold).values() for d in _of_paper(paper, others.get(paper["id"], {})))


def _of_paper(paper: Annotated, other: Annotated) -> Iterator[Difference]:
    sentences = _Sentences(paper)
    fields = list(compared(paper, other))
    # Software alone neither helps nor hurts.
    missed = [(c.field, e) for c in fields for e in c.missed if kind(e) != "software"]
    wrong = [(c.field, e) for c in fields for e in c.wrong if kind(e) != "software"]

    def told(sort: Sort, field: str, about: Entity, gold: str | None, predicted: str | None) -> Difference:
        return Difference(sort, field, paper["id"], about["name"], gold, predicted, sentences.around(about))

    for field, e in missed:
        mine = entity_keys(e)
        twin = next((n for n, (f, w) in enumerate(wrong) if f != field and mine & entity_keys(w)), None)
        if twin is None:
            yield told("missed", field, e, e["name"], None)
        else:
            yield told("type", field, e, field, wrong.pop(twin)[0])
    for field, e in wrong:
        yield told("wrong", field, e, None, e["name"])
    for c in fields:
        for a, sort, x, y in _of_pairs(c):
            yield told(sort, c.field, a, x, y)
    have, said = repositories(paper), repositories(other)
    for key in sorted(have.keys() ^ said.keys()):
        about = {"name": have.get(key) or said[key]}
        yield told("missed" if key in have else "wrong", "repos", about, have.get(key), said.get(key))
    if "code" in paper and "code" in other and paper["code"] != other["code"]:
        yield Difference("code", "code", paper["id"], "", paper["code"], other["code"], "")


def _of_pairs(c: Compared) -> Iterator[tuple[Entity, Sort, str, str]]:
    for a, b in c.matched:
        if c.field == "methods" and kind(a) != kind(b):
            yield a, "kind", kind(a), kind(b)
        if "role" in a and "role" in b and a["role"] != b["role"]:
            yield a, "role", a["role"], b["role"]
        if not keys(a["name"]) & keys(b["name"]):
            yield a, "name", a["name"], b["name"]


class _Sentences:
    """The sentences of a paper, cut when first asked for."""

    def __init__(self, paper: Annotated) -> None:
        self._texts: tuple[str, ...] = (paper.get("abstract") or "", paper.get("title") or "")
        self._bounds: dict[str, Sequence[int]] = {}

    def around(self, entity: Entity) -> str:
        """The sentence of the first mention: in the abstract, which says more than the title, if it stands there."""
        for form in (*entity.get("mentions", ()), entity["name"]):
            whole = re.compile(rf"(?<!\w){re.escape(form)}(?!\w)")
            for text in self._texts:
                if found := whole.search(text):
                    return self._sentence(text, found.start(), found.end())
        return ""

    def _sentence(self, text: str, start: int, end: int) -> str:
        from kg.extract.sentences import sentence_bounds  # which loads spaCy: only for those who look at errors

        bounds = self._bounds.setdefault(text, [*sentence_bounds(text), len(text)])
        opens = bounds[max(bisect_right(bounds, start) - 1, 0)]
        closes = bounds[min(bisect_right(bounds, end - 1), len(bounds) - 1)]
        return " ".join(text[opens:closes].split())
