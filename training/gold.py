"""Gold annotations with their places in the text: what the training scripts share."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from kg.extract.text import compose, folded
from kg.model import Paper

CLASS_OF = {"dataset": 0, "named": 1, "technique": 2, "software": 3, "task": 4}
ROLES = ("uses", "introduces", "compares", "mentions")


@dataclass(frozen=True, slots=True)
class GoldEntity:
    """One annotated entity: `cls` indexes kg.extract.lexicon.CLASSES."""

    cls: int
    name: str
    mentions: tuple[str, ...]
    role: str | None


@dataclass(frozen=True, slots=True)
class GoldPaper:
    paper: Paper
    text: str
    entities: tuple[GoldEntity, ...]


def read_gold(path: Path) -> list[GoldPaper]:
    """The papers of a gold file, in order."""
    papers = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            o = json.loads(line)
            paper = Paper(id=o["id"], title=o["title"], abstract=o["abstract"])
            found = [GoldEntity(0, d["name"], tuple(d["mentions"]), d["role"]) for d in o["datasets"]]
            found += [GoldEntity(CLASS_OF[m["kind"]], m["name"], tuple(m["mentions"]), m["role"]) for m in o["methods"]]
            found += [GoldEntity(4, t["name"], tuple(t["mentions"]), None) for t in o["tasks"]]
            papers.append(GoldPaper(paper, compose(paper), tuple(found)))
    return papers


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
