"""Which prediction answers which gold entity, and what that makes of both."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

__all__ = ["FIELDS", "ROWS", "Annotated", "Compared", "Entity", "Outcome", "compared", "keys"]

Entity = Mapping[str, Any]
Annotated = Mapping[str, Any]
FIELDS = ("datasets", "tasks", "methods")
NAMED, ALL = "methods (named)", "methods (all)"
ROWS = ("datasets", NAMED, ALL, "tasks", "repos")

_HEADS = frozenset(
    [
        *("dataset", "datasets", "benchmark", "benchmarks", "corpus", "corpora", "database", "challenge", "collection"),
        *("suite", "model", "models", "network", "networks", "algorithm", "algorithms", "method", "methods", "layer"),
        *("architecture", "architectures", "framework", "layers", "loss", "optimizer", "task", "tasks", "problem"),
    ]
)
_ARTICLE = re.compile(r"^(?:the|a|an)\s+")
_MARKS = re.compile(r"[^\w]+")


class Outcome(NamedTuple):
    """What counts in a row of the table: a pair that is found, a gold entity missed, or a prediction that is wrong.

    A named method that is found as a technique is missed in the row of named methods and has both.
    """

    row: str
    what: Literal["found", "wrong", "missed"]
    gold: Entity | None
    predicted: Entity | None


class Compared(NamedTuple):
    """One field of one paper: what gold and predicted have, and the pairs, gold index to predicted."""

    field: str
    wanted: Sequence[Entity]
    got: Sequence[Entity]
    pairs: Mapping[int, int]

    @property
    def matched(self) -> list[tuple[Entity, Entity]]:
        """(gold, predicted) of each pair, the strongest overlaps first."""
        return [(self.wanted[i], self.got[j]) for i, j in self.pairs.items()]

    @property
    def missed(self) -> list[Entity]:
        """Gold entities without a partner."""
        return [e for i, e in enumerate(self.wanted) if i not in self.pairs]

    @property
    def wrong(self) -> list[Entity]:
        """Predictions without a partner."""
        taken = set(self.pairs.values())
        return [e for j, e in enumerate(self.got) if j not in taken]

    def outcomes(self) -> Iterator[Outcome]:
        """All that counts, row by row."""
        if self.field == "methods":
            yield from self._of_methods()
            return
        yield from (Outcome(self.field, "found", a, b) for a, b in self.matched)
        yield from (Outcome(self.field, "missed", e, None) for e in self.missed)
        yield from (Outcome(self.field, "wrong", None, e) for e in self.wrong)

    def _of_methods(self) -> Iterator[Outcome]:
        for i, e in enumerate(self.wanted):
            other = self.got[self.pairs[i]] if i in self.pairs else None
            if kind(e) == "named":
                hit = other is not None and kind(other) == "named"
                yield Outcome(NAMED, "found" if hit else "missed", e, other)
            if kind(e) != "software":
                yield Outcome(ALL, "missed" if other is None else "found", e, other)
        for e in self.wrong:
            if kind(e) == "named":
                yield Outcome(NAMED, "wrong", None, e)
            if kind(e) != "software":
                yield Outcome(ALL, "wrong", None, e)


def compared(gold: Annotated, predicted: Annotated) -> Iterator[Compared]:
    """The fields of one paper, repositories aside."""
    for field in FIELDS:
        wanted, got = gold.get(field, []), predicted.get(field, [])
        yield Compared(field, wanted, got, _pairs(wanted, got))


def kind(method: Entity) -> str:
    """The kind of a method: named where it has none."""
    return str(method.get("kind", "named"))


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
        # "data set" is two words, so that only its second could be a head: it stays.
        if len(words) < 2 or words[1].strip(".,") not in _HEADS:
            break
        text = words[0]
    return frozenset(found)


def entity_keys(entity: Entity) -> frozenset[str]:
    """The keys of the name and of every mention."""
    return keys(entity["name"]).union(*(keys(m) for m in entity.get("mentions", [])))


def repositories(paper: Annotated) -> dict[str, str]:
    """The addresses by their lower case, under which they are compared."""
    return {r.casefold(): r for r in reversed(paper.get("repos", []))}


def _pairs(wanted: Sequence[Entity], got: Sequence[Entity]) -> dict[int, int]:
    """Gold index to predicted, each once, the strongest overlaps first: ResNet must not take the place of ResNet-50."""
    have, said = [entity_keys(e) for e in wanted], [entity_keys(e) for e in got]
    overlaps = [(-len(a & b), i, j) for i, a in enumerate(have) for j, b in enumerate(said) if a & b]
    pairs: dict[int, int] = {}
    used: set[int] = set()
    for _, i, j in sorted(overlaps):
        if i not in pairs and j not in used:
            pairs[i] = j
            used.add(j)
    return pairs


def by_id(papers: Iterable[Annotated]) -> dict[str, Annotated]:
    """Papers by their id; of several with one id the last."""
    return {p["id"]: p for p in papers}
