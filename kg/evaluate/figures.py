"""The figures: how much is found, how often role, kind and name agree, and whether the scores mean what they say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.evaluate.matching import ROWS, Annotated, Compared, Entity, by_id, compared, keys, repositories

__all__ = ["Agreement", "Report", "Score", "Tenth", "evaluate"]

_TENTHS = 10


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of entities found, predicted in vain and missed."""

    found: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """0 to 1; 0 where nothing was predicted."""
        return self.found / (self.found + self.wrong) if self.found + self.wrong else 0.0

    @property
    def recall(self) -> float:
        """0 to 1; 0 where there was nothing to find."""
        return self.found / (self.found + self.missed) if self.found + self.missed else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall, 0 to 1."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of how many found entities (`total`) a property agrees (`same`)."""

    same: int = 0
    total: int = 0

    @property
    def share(self) -> float:
        """0 to 1; 0 where there was nothing to compare."""
        return self.same / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Tenth:
    """Predictions with a score from `low` to less than `high` (the last: 1 included): their number, how many of them
    are right, and the mean of their scores."""

    low: float
    high: float
    total: int
    right: int
    stated: float

    @property
    def share(self) -> float:
        """The share that is right, 0 to 1; 0 where there are none."""
        return self.right / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of one comparison.

    `papers` of gold, of which `absent` were not predicted; `unknown` predictions are of papers that gold lacks.
    `scores` by row: datasets, methods (named), methods (all), tasks, repos. `agreements` over the entities found, by
    "datasets role" and the like; of methods' roles only whether the paper introduces them. `roles`: for datasets and
    methods, how many found entities of (gold role, predicted role). `code`: of how many papers the state of the code
    agrees. `calibration` by row: the tenths that hold predictions with a score, lowest first; a named prediction for a
    technique counts in neither, as in the scores.
    """

    papers: int
    absent: int
    unknown: int
    scores: Mapping[str, Score]
    agreements: Mapping[str, Agreement]
    roles: Mapping[str, Mapping[tuple[str, str], int]]
    code: Agreement
    calibration: Mapping[str, Sequence[Tenth]]


def evaluate(gold: Iterable[Annotated], predicted: Iterable[Annotated]) -> Report:
    """Compare papers in the gold format by id; a paper without a prediction counts as one with nothing in it."""
    wanted, got = by_id(gold), by_id(predicted)
    counts: Counter[tuple[str, str]] = Counter()
    agreed: Counter[tuple[str, bool]] = Counter()
    roles: dict[str, Counter[tuple[str, str]]] = {"datasets": Counter(), "methods": Counter()}
    scored: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for id_, paper in wanted.items():
        other = got.get(id_, {})
        for field in compared(paper, other):
            for row, what, _, answer in field.outcomes():
                counts[row, what] += 1
                if answer is not None and what != "missed" and "score" in answer:
                    scored[row].append((answer["score"], what == "found"))
            agreed.update(_agreements(field))
            if field.field in roles:
                roles[field.field].update(
                    (a["role"], b["role"]) for a, b in field.matched if "role" in a and "role" in b
                )
        have, said = repositories(paper).keys(), repositories(other).keys()
        for what, number in (("found", len(have & said)), ("wrong", len(said - have)), ("missed", len(have - said))):
            counts["repos", what] += number
        if "code" in paper and "code" in other:
            agreed["code", paper["code"] == other["code"]] += 1
    whats = sorted({what for what, _ in agreed})
    agreements = {what: Agreement(agreed[what, True], agreed[what, True] + agreed[what, False]) for what in whats}
    return Report(
        papers=len(wanted),
        absent=sum(id_ not in got for id_ in wanted),
        unknown=sum(id_ not in wanted for id_ in got),
        code=agreements.pop("code", Agreement()),
        scores={row: Score(counts[row, "found"], counts[row, "wrong"], counts[row, "missed"]) for row in ROWS},
        agreements=agreements,
        roles=roles,
        calibration={row: _tenths(scored[row]) for row in ROWS if scored[row]},
    )


def _agreements(field: Compared) -> Iterator[tuple[str, bool]]:
    for a, b in field.matched:
        yield f"{field.field} canonical name", bool(keys(a["name"]) & keys(b["name"]))
        if "role" in a and "role" in b:
            yield f"{field.field} role", _role(field.field, a) == _role(field.field, b)
        if "kind" in a and "kind" in b:
            yield f"{field.field} kind", a["kind"] == b["kind"]


def _role(field: str, entity: Entity) -> object:
    """What is compared: of methods, only whether the paper introduces them."""
    return entity["role"] == "introduces" if field == "methods" else entity["role"]


def _tenths(scored: Sequence[tuple[float, bool]]) -> tuple[Tenth, ...]:
    held: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for score, right in scored:
        held[min(int(score * _TENTHS), _TENTHS - 1)].append((score, right))
    return tuple(
        Tenth(
            n / _TENTHS,
            (n + 1) / _TENTHS,
            len(held[n]),
            sum(right for _, right in held[n]),
            sum(score for score, _ in held[n]) / len(held[n]),
        )
        for n in sorted(held)
    )
