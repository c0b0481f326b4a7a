"""The lexicon: names the field uses, as data. Standard library only; the README in this folder gives the sources.

Two sorts of file. ``curated.tsv``, ``catalogues.tsv`` and ``papers_with_code.tsv`` hold one entity a row.
``annotated.tsv`` holds one surface form a row, with what the annotated papers say of it: in how many papers it
stands for a dataset, a named method, a technique, software or a task, and in how many it stands at all; ``corpus.tsv``
what the trained scorer makes of forms in papers that nobody annotated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kg.errors import ModelError

__all__ = ["CLASSES", "FILES", "FOLDER", "Entry", "Surface", "corpus", "entries", "listed", "surfaces"]

FOLDER = Path(__file__).parent
# A better kept file first: where two disagree on an entity, the first one is believed.
FILES = ("curated.tsv", "annotated.tsv", "catalogues.tsv", "papers_with_code.tsv")
# What a surface form can stand for, as (node type, kind of method).
CLASSES: tuple[tuple[str, str | None], ...] = (
    ("Dataset", None),
    ("Method", "named"),
    ("Method", "technique"),
    ("Method", "software"),
    ("Task", None),
)
_ENTRY_COLUMNS = ["name", "type", "kind", "aliases", "variant_of", "url", "exact"]
_CORPUS_COLUMNS = ["surface", "dataset", "named", "technique", "software", "task", "papers"]
_SURFACE_COLUMNS = ["surface", "name", "exact", "dataset", "named", "technique", "software", "task", "papers"]


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


class Surface(NamedTuple):
    """One surface form in the annotated papers: `counts`, in the order of CLASSES, of the `papers` it stands in."""

    surface: str
    name: str
    exact: bool
    counts: tuple[int, int, int, int, int]
    papers: int


@cache
def entries() -> tuple[Entry, ...]:
    """Every entity, those of the better kept files first; each (type, name) once.

    Raises ModelError, with file and line, where a row does not read.
    """
    found: dict[tuple[str, str], Entry] = {}
    for file in FILES:
        for entry in _annotated() if file == "annotated.tsv" else _listed(FOLDER / file):
            found.setdefault((entry.type, entry.name), entry)
    return tuple(found.values())


@cache
def listed() -> tuple[Entry, ...]:
    """The entities of the kept files, without those that only the annotated papers know; each (type, name) once."""
    found: dict[tuple[str, str], Entry] = {}
    for file in FILES:
        if file != "annotated.tsv":
            for entry in _listed(FOLDER / file):
                found.setdefault((entry.type, entry.name), entry)
    return tuple(found.values())


@cache
def surfaces() -> tuple[Surface, ...]:
    """The surface forms of the annotated papers, sorted."""
    path = FOLDER / "annotated.tsv"
    return tuple(_surface(path, line, cells) for line, cells in _rows(path, _SURFACE_COLUMNS))


@cache
def corpus() -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Forms seen in unlabelled papers: mean probability of each of CLASSES, in hundredths, and number of papers."""
    path = FOLDER / "corpus.tsv"
    rows = []
    for line, cells in _rows(path, _CORPUS_COLUMNS):
        try:
            rows.append((cells[0], tuple(int(c) for c in cells[1:])))
        except ValueError as e:
            raise ModelError("a number is no whole number", path=path, line=line) from e
    return tuple(rows)


def _surface(path: Path, line: int, cells: list[str]) -> Surface:
    try:
        dataset, named, technique, software, task, papers = (int(c) for c in cells[3:])
    except ValueError as e:
        raise ModelError("a count is no whole number", path=path, line=line) from e
    return Surface(cells[0], cells[1], cells[2] == "1", (dataset, named, technique, software, task), papers)


def _annotated() -> Iterator[Entry]:
    """Surface forms grouped into entities, kept where at least half of the papers with the form agree."""
    grouped: dict[tuple[int, str], list[Surface]] = {}
    for s in surfaces():
        best = max(range(len(CLASSES)), key=s.counts.__getitem__)
        if s.counts[best] * 2 >= s.papers:
            grouped.setdefault((best, s.name), []).append(s)
    for (best, name), forms in grouped.items():
        type_, kind = CLASSES[best]
        aliases = tuple(sorted({f.surface for f in forms} - {name}))
        yield Entry(name, type_, kind, aliases, None, None, all(f.exact for f in forms), "annotated")


def _listed(path: Path) -> Iterator[Entry]:
    types = {type_ for type_, _ in CLASSES}
    for line, (name, type_, kind, aliases, variant_of, url, exact) in _rows(path, _ENTRY_COLUMNS):
        if type_ not in types:
            raise ModelError(f"{type_!r} is no type of the lexicon", path=path, line=line, remedy=" or ".join(types))
        if not name:
            raise ModelError("a row without a name", path=path, line=line)
        other = tuple(a for a in aliases.split("|") if a)
        yield Entry(name, type_, kind or None, other, variant_of or None, url or None, exact == "1", path.stem)


def _rows(path: Path, columns: list[str]) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each row of a tab-separated file with a heading; empty lines and lines with # left out."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as e:
        raise ModelError(f"the lexicon cannot be read: {e}", path=path) from e
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
