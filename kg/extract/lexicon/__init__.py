"""The lexicon: names the field uses, as data. Standard library only; the README in this folder gives the sources.

The files in this folder hold one entity a row: they come with the package and serve every model. What a model has
learned of forms is part of the model (learned.py), and names of one's own are a file of one's own (own.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.errors import ModelError

__all__ = ["CLASSES", "COLUMNS", "FILES", "FOLDER", "Entry", "listed", "rows"]

FOLDER = Path(__file__).parent
# A better kept file first: where two disagree on an entity, the first one is believed.
FILES = ("curated.tsv", "catalogues.tsv", "papers_with_code.tsv")
# What a surface form can stand for, as (node type, kind of method).
CLASSES: tuple[tuple[str, str | None], ...] = (
    ("Dataset", None),
    ("Method", "named"),
    ("Method", "technique"),
    ("Method", "software"),
    ("Task", None),
)
COLUMNS = ["name", "type", "kind", "aliases", "variant_of", "url", "exact"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entity that the lexicon knows.

    `type` is a node type of the schema and `kind` the kind of a Method. `variant_of` is the canonical name of the
    entity that this one is a version, size or split of. `exact` says that the name is an ordinary word once its case
    is changed ("SQuAD" is not, "TIME" is), so that only the very spelling counts. `source` names the file.
    """

    name: str
    type: str
    kind: str | None
    aliases: tuple[str, ...]
    variant_of: str | None
    url: str | None
    exact: bool
    source: str


@cache
def listed() -> tuple[Entry, ...]:
    """The entities of the files of the package, those of the better kept files first; each (type, name) once.

    Raises ModelError, with file and line, where a row does not read.
    """
    found: dict[tuple[str, str], Entry] = {}
    for file in FILES:
        for entry in _listed(FOLDER / file):
            found.setdefault((entry.type, entry.name), entry)
    return tuple(found.values())


def _listed(path: Path) -> Iterator[Entry]:
    types = {type_ for type_, _ in CLASSES}
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as e:
        raise ModelError(f"the lexicon cannot be read: {e}", path=path) from e
    for line, (name, type_, kind, aliases, variant_of, url, exact) in rows(lines, COLUMNS, path):
        if type_ not in types:
            raise ModelError(f"{type_!r} is no type of the lexicon", path=path, line=line, remedy=" or ".join(types))
        if not name:
            raise ModelError("a row without a name", path=path, line=line)
        other = tuple(a for a in aliases.split("|") if a)
        yield Entry(name, type_, kind or None, other, variant_of or None, url or None, exact == "1", path.stem)


def rows(lines: Iterable[str], columns: list[str], path: Path | None) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each row of a tab-separated file with a heading; empty lines and lines with # left out.

    Raises ModelError, with `path` and line, where the columns are others.
    """
    heading = False
    for number, line in enumerate(lines, 1):
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if not heading:
            if cells != columns:
                raise ModelError(f"the columns are not {', '.join(columns)}", path=path, line=number)
            heading = True
        elif len(cells) != len(columns):
            raise ModelError(f"{len(cells)} columns where {len(columns)} are due", path=path, line=number)
        else:
            yield number, cells
