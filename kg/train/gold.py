"""Annotated papers, with the places of what is annotated."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import GoldError
from kg.extract.lexicon import CLASSES
from kg.extract.text import compose, folded
from kg.model import Paper

__all__ = ["GoldEntity", "GoldPaper", "at_boundaries", "key", "places_of", "read_gold", "unplaced"]

ROLES = ("introduces", "uses", "compares", "mentions")
KINDS = tuple(kind for _, kind in CLASSES if kind)
CLASS_OF = {kind: i for i, (_, kind) in enumerate(CLASSES) if kind} | {"dataset": 0, "task": len(CLASSES) - 1}
_LISTS = ("datasets", "methods", "tasks")


@dataclass(frozen=True, slots=True)
class GoldEntity:
    """One annotated entity: `cls` indexes kg.extract.lexicon.CLASSES; `role` is None where none is given."""

    cls: int
    name: str
    mentions: tuple[str, ...]
    role: str | None


@dataclass(frozen=True, slots=True)
class GoldPaper:
    """An annotated paper, the text that is analysed, and the line it was read from."""

    paper: Paper
    text: str
    entities: tuple[GoldEntity, ...]
    line: int = 0


def read_gold(path: Path) -> list[GoldPaper]:
    """The papers of a file in the gold format (docs/extraction.md), in order.

    Raises GoldError, which holds what is wrong on all lines.
    """
    papers, wrong = [], []
    try:
        data = path.read_bytes()
    except OSError as e:
        raise GoldError(f"cannot be read: {e.strerror or e}", path=path) from e
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            try:
                papers.append(_paper(_object(line), number))
            except GoldError as e:
                wrong.append(GoldError(e.what, path=path, line=number, remedy=e.remedy))
    if wrong:
        raise GoldError.of(wrong)
    return papers


def unplaced(papers: list[GoldPaper]) -> Iterator[tuple[GoldPaper, str]]:
    """The annotated mentions that stand nowhere in their paper as whole words: nothing is learned from those."""
    for p in papers:
        for mention in dict.fromkeys(m for e in p.entities for m in e.mentions):
            if next(places_of(mention, p.text), None) is None:
                yield p, mention


def places_of(mention: str, text: str) -> Iterator[tuple[int, int]]:
    """Where it stands, no word cut."""
    for found in re.finditer(re.escape(mention), text):
        if at_boundaries(text, found.start(), found.end()):
            yield found.span()


def _object(line: bytes) -> dict[str, Any]:
    try:
        o = json.loads(line)
    except UnicodeDecodeError as e:
        raise GoldError("is not UTF-8", remedy="save it as UTF-8") from e
    except ValueError as e:
        raise GoldError(f"is no JSON: {e}", remedy="one object a line") from e
    if not isinstance(o, dict):
        raise GoldError("is no JSON object", remedy="one object a line")
    return o


def _paper(o: dict[str, Any], line: int) -> GoldPaper:
    title, abstract = _string(o, "title", "the paper"), _string(o, "abstract", "the paper", empty=True)
    for name in _LISTS:
        if not isinstance(o.get(name), list):
            raise GoldError(f"{name} is no list", remedy="an empty one where the paper has none: []")
    found = [_entity(e, "dataset", "a dataset") for e in o["datasets"]]
    found += [_entity(e, _one_of(e, "kind", KINDS, "a method"), "a method") for e in o["methods"]]
    found += [_entity(e, "task", "a task") for e in o["tasks"]]
    paper = Paper(id=str(o.get("id", line)), title=title, abstract=abstract)
    return GoldPaper(paper, compose(paper), tuple(found), line)


def _entity(e: object, kind: str, what: str) -> GoldEntity:
    if not isinstance(e, dict):
        raise GoldError(f"{what} is no JSON object", remedy='{"name": ..., "mentions": [...]}')
    name, mentions = _string(e, "name", what), e.get("mentions")
    if not (isinstance(mentions, list) and mentions and all(isinstance(m, str) and m.strip() for m in mentions)):
        raise GoldError(f"{what}, {name!r}, has no mentions", remedy="the words of the text that stand for it: [...]")
    role = None if kind == "task" or e.get("role") is None else _one_of(e, "role", ROLES, what)
    return GoldEntity(CLASS_OF[kind], name, tuple(mentions), role)


def _string(o: dict[str, Any], name: str, what: str, *, empty: bool = False) -> str:
    value = o.get(name)
    if not isinstance(value, str) or not (empty or value.strip()):
        raise GoldError(f"{what} has no {name}", remedy=f'"{name}": "..."')
    return value


def _one_of(e: object, name: str, known: tuple[str, ...], what: str) -> str:
    value = e.get(name) if isinstance(e, dict) else None
    if value not in known:
        raise GoldError(f"the {name} of {what} is {value!r}", remedy=f"one of {', '.join(known)}")
    return str(value)


_SPACES = re.compile(r"\s+")


def key(surface: str) -> str:
    """The form under which the lexicon compares: folded, runs of space as one."""
    return _SPACES.sub(" ", folded(surface)).strip()


def at_boundaries(text: str, start: int, end: int) -> bool:
    """Whether no letter or digit is cut off."""
    return not (
        (start and text[start - 1].isalnum() and text[start].isalnum())
        or (end < len(text) and text[end].isalnum() and text[end - 1].isalnum())
    )
