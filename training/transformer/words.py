"""Annotated papers as words with labels.

A word is what kg's tokenizer makes, white space aside. The labels are flat: of two annotated places that overlap the
longer one is kept, which costs nothing measurable (with gold spans given, flat and layered labels differ by less
than .005).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

from kg.extract.lexicon import CLASSES as ENTITY_CLASSES
from kg.extract.opinions import CLASSES
from kg.train.gold import GoldPaper, places_of

__all__ = ["Span", "gold_spans", "words_of"]

_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
# Software is rare (1 in 60 methods) and mostly goes by a name: it is learned as one.
_OF_KIND = {"named": "Named", "software": "Named", "technique": "Technique"}
_CLASS_OF = [CLASSES.index(_OF_KIND[kind] if kind else type_) for type_, kind in ENTITY_CLASSES]


class Span(NamedTuple):
    """Words [start, end) of a paper; `cls` indexes opinions.CLASSES; `role` is None where there is none (tasks)."""

    start: int
    end: int
    cls: int
    role: str | None


def words_of(text: str) -> list[tuple[int, int]]:
    """Start and end character of each word.

    >>> words_of("CIFAR-10 and")
    [(0, 5), (5, 6), (6, 8), (9, 12)]
    """
    return [m.span() for m in _WORD.finditer(text)]


def gold_spans(paper: GoldPaper, words: list[tuple[int, int]]) -> list[Span]:
    """The annotated places of a paper without overlaps, in order: every occurrence of every mention."""
    starts, ends = [a for a, _ in words], [b for _, b in words]
    found = set()
    for entity in paper.entities:
        for mention in entity.mentions:
            for start, end in places_of(mention.strip(), paper.text):
                first, last = bisect_left(starts, start), bisect_left(ends, end)
                found.add((first, last + 1, _CLASS_OF[entity.cls], entity.role or ""))
    return _without_overlaps(Span(a, b, cls, role or None) for a, b, cls, role in sorted(found))


def _without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """The longest first, then the earliest; in order of place."""
    taken: set[int] = set()
    kept = []
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start)):
        if taken.isdisjoint(range(span.start, span.end)):
            taken.update(range(span.start, span.end))
            kept.append(span)
    return sorted(kept, key=lambda s: s.start)
