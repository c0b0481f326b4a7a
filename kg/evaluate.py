"""Gold against predicted, paper by paper: the figures of docs/extraction.md.

An entity is found when its name or one of its mentions equals the gold entity's name or one of its mentions; case,
punctuation, a plural s, an article and a generic head word ("dataset", "model") aside. A gold entity can be found once.
Named methods: gold of kind named, found by a prediction of kind named; named predictions that match nothing are wrong.
All methods: named and techniques, whatever the kind; software neither helps nor hurts. Repositories: the address.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Agreement", "Report", "Score", "evaluate", "keys"]

_HEADS = frozenset(
    [
        *("dataset", "datasets", "benchmark", "benchmarks", "corpus", "corpora", "database", "challenge", "collection"),
        *("suite", "model", "models", "network", "networks", "algorithm", "algorithms", "method", "methods", "layer"),
        *("architecture", "architectures", "framework", "layers", "loss", "optimizer", "task", "tasks", "problem"),
    ]
)
_ARTICLE = re.compile(r"^(?:the|a|an)\s+")
_MARKS = re.compile(r"[^\w]+")

Entity = Mapping[str, Any]


@dataclass(slots=True)
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


@dataclass(slots=True)
class Agreement:
    """Of how many found entities (`total`) a property agrees (`same`)."""

    same: int = 0
    total: int = 0

    @property
    def share(self) -> float:
        """0 to 1; 0 where there was nothing to compare."""
        return self.same / self.total if self.total else 0.0


@dataclass(slots=True)
class Report:
    """Scores by row (datasets, methods (named), methods (all), tasks, repos) and agreements by "datasets role" etc."""

    scores: dict[str, Score] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)


def keys(surface: str) -> frozenset[str]:
    """The forms under which a name or mention is compared.

    >>> sorted(keys("the ImageNet datasets"))
    ['imagenet', 'imagenetdataset', 'imagenetdatasets']
    """
    text = _ARTICLE.sub("", unicodedata.normalize("NFKC", surface).casefold().strip())
    found = set()
    while text:
        flat = _MARKS.sub("", text)
        if flat:
            found.add(flat)
            if len(flat) > 3 and flat.endswith("s"):
                found.add(flat[:-1])
        words = text.rsplit(None, 1)
        # "data set" is two words, so that only its second could be a head: both tools leave it.
        if len(words) < 2 or words[1].strip(".,") not in _HEADS:
            break
        text = words[0]
    return frozenset(found)


def evaluate(gold: Iterable[Mapping[str, Any]], predicted: Iterable[Mapping[str, Any]]) -> Report:
    """Compare papers in the gold format by id; a paper without a prediction counts as one with nothing in it."""
    by_id = {p["id"]: p for p in predicted}
    rows = ("datasets", "methods (named)", "methods (all)", "tasks", "repos")
    report = Report({row: Score() for row in rows})
    for paper in gold:
        other = by_id.get(paper["id"], {})
        for kind in ("datasets", "tasks", "methods"):
            wanted, got = paper.get(kind, []), other.get(kind, [])
            pairs = _pairs(wanted, got)
            _agree(report, kind, [(wanted[i], got[j]) for i, j in pairs.items()])
            if kind == "methods":
                _methods(report, wanted, got, pairs)
            else:
                _count(report.scores[kind], len(wanted), len(got), len(pairs))
        have = {r.casefold() for r in paper.get("repos", [])}
        said = {r.casefold() for r in other.get("repos", [])}
        _count(report.scores["repos"], len(have), len(said), len(have & said))
    return report


def _count(score: Score, wanted: int, got: int, found: int) -> None:
    score.found += found
    score.missed += wanted - found
    score.wrong += got - found


def _pairs(wanted: Sequence[Entity], got: Sequence[Entity]) -> dict[int, int]:
    """Gold index to predicted, each once, the strongest overlaps first: ResNet must not take the place of ResNet-50."""
    have, said = [_entity_keys(e) for e in wanted], [_entity_keys(e) for e in got]
    overlaps = [(-len(a & b), i, j) for i, a in enumerate(have) for j, b in enumerate(said) if a & b]
    pairs: dict[int, int] = {}
    used: set[int] = set()
    for _, i, j in sorted(overlaps):
        if i not in pairs and j not in used:
            pairs[i] = j
            used.add(j)
    return pairs


def _entity_keys(entity: Entity) -> frozenset[str]:
    return keys(entity["name"]).union(*(keys(m) for m in entity.get("mentions", [])))


def _methods(report: Report, wanted: Sequence[Entity], got: Sequence[Entity], pairs: dict[int, int]) -> None:
    named, everything = report.scores["methods (named)"], report.scores["methods (all)"]
    for i, e in enumerate(wanted):
        kind = e.get("kind", "named")
        if kind == "named":
            hit = i in pairs and got[pairs[i]].get("kind", "named") == "named"
            named.found += hit
            named.missed += not hit
        if kind != "software":
            everything.found += i in pairs
            everything.missed += i not in pairs
    matched = set(pairs.values())
    for j, e in enumerate(got):
        if j not in matched:
            named.wrong += e.get("kind", "named") == "named"
            everything.wrong += e.get("kind", "named") != "software"


def _agree(report: Report, kind: str, pairs: Sequence[tuple[Entity, Entity]]) -> None:
    for a, b in pairs:
        _note(report, f"{kind} canonical name", bool(keys(a["name"]) & keys(b["name"])))
        if "role" in a and "role" in b:
            # Of methods, only whether the paper introduces them is compared.
            roles = [e["role"] == "introduces" if kind == "methods" else e["role"] for e in (a, b)]
            _note(report, f"{kind} role", roles[0] == roles[1])
        if "kind" in a and "kind" in b:
            _note(report, f"{kind} kind", a["kind"] == b["kind"])


def _note(report: Report, what: str, same: bool) -> None:
    agreement = report.agreements.setdefault(what, Agreement())
    agreement.same += same
    agreement.total += 1
