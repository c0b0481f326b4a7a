"""From judged candidates to what stands: rivals for the same words, one type for an entity, and whether it counts.

Plain functions over plain values. A name has one type in a paper, since what one sentence leaves open another says: the
probabilities of all its places, and of the acronym and its long form, are added up before the type is chosen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import exp, log
from operator import mul
from typing import NamedTuple

from kg.extract.acronyms import Pair
from kg.extract.entities import group_key, long_forms
from kg.extract.notes import Judged

__all__ = ["EVIDENCE", "LABELS", "Calibration", "Decision", "Group", "decide", "evidence", "groups"]

# What a candidate can be, as (index of lexicon.CLASSES, role); the first is nothing.
LABELS: tuple[tuple[int, str | None], ...] = (
    (-1, None),
    (0, "uses"),
    (0, "introduces"),
    (0, "mentions"),
    (1, "uses"),
    (1, "introduces"),
    (1, "compares"),
    (2, None),
    (3, None),
    (4, None),
)
# What is weighed for an entity, in the order of the weights.
EVIDENCE = ("constant", "best", "mean", "any", "places", "forms", "in title", "other type", "together")
_CLASSES = 5
_TINY = 1e-4
_HOPELESS = 0.1  # where the best place of an entity is less likely, the entity never stands


class Group(NamedTuple):
    """The places of one entity; `by_class` and `by_label` are sums over them."""

    places: list[Judged]
    cls: int
    by_class: list[float]
    by_label: list[float]


class Calibration(NamedTuple):
    """For each class the weights of EVIDENCE, and the probability from which an entity stands."""

    weights: Sequence[Sequence[float]]
    at_least: Sequence[float]


class Decision(NamedTuple):
    """A place that stands: characters, index of lexicon.CLASSES, role, probability of its entity."""

    start: int
    end: int
    cls: int
    role: str | None
    score: float
    source: str


def decide(
    text: str, title_length: int, judged: Iterable[Judged], pairs: Iterable[Pair], calibration: Calibration
) -> list[Decision]:
    """The places that stand, in order of the text."""
    found = []
    for group in groups(text, judged, pairs):
        if max([p.by_class[group.cls] for p in group.places]) < _HOPELESS:
            continue
        weights = calibration.weights[group.cls]
        score = _sigmoid(sum(map(mul, weights, evidence(text, title_length, group))))
        if score >= calibration.at_least[group.cls]:
            role = _role(group)
            found += [Decision(p.start, p.end, group.cls, role, score, p.source) for p in group.places]
    return sorted(found)


def groups(text: str, judged: Iterable[Judged], pairs: Iterable[Pair]) -> list[Group]:
    """Candidates without rivals (the surest stands), grouped by spelling and by acronym."""
    standing: list[Judged] = []
    taken = bytearray(len(text))  # a mark on each character
    for j in sorted(judged, key=_surest_first):
        if taken.find(1, j.start, j.end) < 0:
            taken[j.start : j.end] = b"\1" * (j.end - j.start)
            standing.append(j)
    joined = long_forms(pairs)
    by_key: dict[str, list[Judged]] = defaultdict(list)
    for j in standing:
        key = group_key(text[j.start : j.end])
        by_key[joined.get(key, key)].append(j)
    result = []
    for places in by_key.values():
        if len(places) == 1:
            by_label, by_class = places[0].scores, places[0].by_class
        else:
            by_label = [sum(column) for column in zip(*(p.scores for p in places), strict=True)]
            by_class = [sum(column) for column in zip(*(p.by_class for p in places), strict=True)]
        result.append(Group(places, max(range(_CLASSES), key=by_class.__getitem__), by_class, by_label))
    return result


def _surest_first(j: Judged) -> tuple[float, int, int]:
    return -max(j.by_class), j.start, -j.end


def evidence(text: str, title_length: int, group: Group) -> list[float]:
    """The numbers of EVIDENCE for a group."""
    cls = group.cls
    places = group.places
    mine = [p.by_class[cls] for p in places]
    nothing = min([p.scores[0] for p in places])
    together = 1.0
    for p in mine:
        together *= 1 - 0.8 * p
    total = sum(group.by_class) or 1.0
    rival = max(group.by_class[:cls] + group.by_class[cls + 1 :])
    return [
        1.0,
        _logit(max(mine)),
        _logit(sum(mine) / len(mine)),
        _logit(1 - nothing),
        log(len(mine)),
        float(len(places) > 1 and len({text[p.start : p.end] for p in places}) > 1),
        float(min([p.start for p in places]) < title_length),
        rival / total,
        _logit(1 - together),
    ]


def _role(group: Group) -> str | None:
    s = group.by_label
    # Who writes "we propose BERT" introduces it, however often others only use it (99 of 100 in annotated papers).
    cues = {p.cue for p in group.places}
    if group.cls in (0, 1) and "introduces" in cues:
        return "introduces"
    if group.cls == 0:
        return LABELS[max((1, 2, 3), key=s.__getitem__)][1]
    if group.cls == 1:
        if s[5] > s[4] + s[6]:
            return "introduces"
        return "compares" if "compares" in cues else LABELS[max((4, 6), key=s.__getitem__)][1]
    return None


def _logit(p: float) -> float:
    p = min(max(p, _TINY), 1 - _TINY)
    return log(p / (1 - p))


def _sigmoid(x: float) -> float:
    return 1 / (1 + exp(-x)) if x > -500 else 0.0
