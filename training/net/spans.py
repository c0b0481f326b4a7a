"""Papers as words and annotated spans: what the teacher and the student share.

A word is what the project's tokenizer makes, white space aside: a run of letters and digits, or one mark. A span is
(first word, last word + 1, label). The labels are flat: of two spans that overlap the longer one is kept, which costs
nothing measurable (scored against gold with gold spans given, flat and layered labels differ by less than .005).
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

LABELS = ("Dataset", "Named", "Technique", "Task")
ROLES = ("uses", "introduces", "compares", "mentions")
SEPARATOR = "\n\n"  # as kg.extract.text.compose joins title and abstract

_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
# Software is rare (1 in 60 methods) and mostly goes by a name: it is learned as one.
_LABEL_OF_KIND = {"named": "Named", "software": "Named", "technique": "Technique"}


class Span(NamedTuple):
    """Words [start, end) of a paper; role is None where the annotation has none (tasks)."""

    start: int
    end: int
    label: str
    role: str | None = None


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON lines file."""
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


def text_of(paper: dict[str, Any]) -> str:
    return f"{paper['title']}{SEPARATOR}{paper['abstract']}"


def words_of(text: str) -> list[tuple[int, int]]:
    """Start and end character of each word.

    >>> words_of("CIFAR-10 and")
    [(0, 5), (5, 6), (6, 8), (9, 12)]
    """
    return [m.span() for m in _WORD.finditer(text)]


def gold_spans(paper: dict[str, Any], text: str, words: list[tuple[int, int]]) -> list[Span]:
    """The annotated places of a paper without overlaps, in order: every occurrence of every mention."""
    starts = [start for start, _ in words]
    found = set()
    for label, role, mention in _mentions(paper):
        for start, end in _occurrences(text, mention.strip()):
            first = max(0, bisect_right(starts, start) - 1)
            if words[first][1] <= start:
                first += 1
            last = bisect_left(starts, end)
            if last > first:
                found.add((first, last, label, role or ""))
    return without_overlaps(Span(a, b, label, role or None) for a, b, label, role in sorted(found))


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """The longest first, then the earliest; in order of place."""
    taken: set[int] = set()
    kept = []
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start)):
        if taken.isdisjoint(range(span.start, span.end)):
            taken.update(range(span.start, span.end))
            kept.append(span)
    return sorted(kept, key=lambda s: s.start)


def _mentions(paper: dict[str, Any]) -> Iterator[tuple[str, str | None, str]]:
    for entity in paper["datasets"]:
        yield from (("Dataset", entity["role"], m) for m in entity["mentions"])
    for entity in paper["methods"]:
        yield from ((_LABEL_OF_KIND[entity["kind"]], entity["role"], m) for m in entity["mentions"])
    for entity in paper["tasks"]:
        yield from (("Task", None, m) for m in entity["mentions"])


def _occurrences(text: str, mention: str) -> list[tuple[int, int]]:
    """Where `mention` stands as whole words; inside words only if it stands nowhere else."""
    whole: list[tuple[int, int]] = []
    partial: list[tuple[int, int]] = []
    for m in re.finditer(f"(?={re.escape(mention)})", text) if mention else ():
        start, end = m.start(), m.start() + len(mention)
        cut = (start and text[start - 1].isalnum() and text[start].isalnum()) or (
            end < len(text) and text[end].isalnum() and text[end - 1].isalnum()
        )
        (partial if cut else whole).append((start, end))
    return whole or partial
