"""What a model has learned of surface forms: the part of the lexicon that belongs to the model. Standard library only.

``annotated.tsv`` holds what the annotated papers say of a form: in how many papers it stands for a dataset, a named
method, a technique, software or a task, and in how many it stands at all; ``corpus.tsv`` what the trained scorer makes
of forms in papers that nobody annotated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kg.errors import ModelError
from kg.extract.lexicon import CLASSES, Entry, rows

__all__ = ["ANNOTATED", "CORPUS", "Learned", "Surface", "best_class"]

ANNOTATED, CORPUS = "annotated.tsv", "corpus.tsv"
_COUNTS = ["dataset", "named", "technique", "software", "task", "papers"]
_FILES = {
    ANNOTATED: ("# What annotated papers say of forms. Made by kg train.", ["surface", "name", "exact", *_COUNTS]),
    CORPUS: (
        "# What the scorer makes of forms in unlabelled papers. Made by kg train.",
        ["surface", *_COUNTS],
    ),
}
# Rows of numbers with a line ending in a carriage return are as good.
_LINE = re.compile(r"\r?\n")


class Surface(NamedTuple):
    """One surface form in the annotated papers: `counts`, in the order of CLASSES, of the `papers` it stands in."""

    surface: str
    name: str
    exact: bool
    counts: tuple[int, ...]
    papers: int


class Learned(NamedTuple):
    """`surfaces` of the annotated papers, sorted; `corpus`: forms seen in unlabelled papers, each with the mean
    probability of each of CLASSES, in hundredths, and the number of papers."""

    surfaces: tuple[Surface, ...] = ()
    corpus: tuple[tuple[str, tuple[int, ...]], ...] = ()

    @classmethod
    def of(cls, files: Mapping[str, bytes], folder: Path | None) -> Learned:
        """From the two files; one that is not there is empty. Raises ModelError with file and line."""
        surfaces = tuple(
            Surface(cells[0], cells[1], cells[2] == "1", numbers[:-1], numbers[-1])
            for cells, numbers in _numbered(files, ANNOTATED, folder)
        )
        return cls(surfaces, tuple((cells[0], numbers) for cells, numbers in _numbered(files, CORPUS, folder)))

    @classmethod
    def read(cls, folder: Path) -> Learned:
        """From the two files in `folder`."""
        try:
            files = {n: (folder / n).read_bytes() for n in (ANNOTATED, CORPUS) if (folder / n).is_file()}
        except OSError as e:
            raise ModelError(f"the lexicon cannot be read: {e.strerror or e}", path=folder) from e
        return cls.of(files, folder)

    def files(self) -> dict[str, bytes]:
        """The two files."""
        annotated = [[s.surface, s.name, str(int(s.exact)), *map(str, s.counts), str(s.papers)] for s in self.surfaces]
        corpus = [[form, *map(str, numbers)] for form, numbers in self.corpus]
        return {ANNOTATED: _written(ANNOTATED, annotated), CORPUS: _written(CORPUS, corpus)}

    def entries(self) -> Iterator[Entry]:
        """Surface forms grouped into entities, kept where at least half of the papers with the form agree."""
        grouped: dict[tuple[int, str], list[Surface]] = {}
        for s in self.surfaces:
            best = best_class(s.counts)
            if s.counts[best] * 2 >= s.papers:
                grouped.setdefault((best, s.name), []).append(s)
        for (best, name), forms in grouped.items():
            type_, kind = CLASSES[best]
            aliases = tuple(sorted({f.surface for f in forms} - {name}))
            yield Entry(name, type_, kind, aliases, None, None, all(f.exact for f in forms), "annotated")


def best_class(counts: Sequence[int]) -> int:
    """The most frequent class, the first of several."""
    return max(range(len(CLASSES)), key=counts.__getitem__)


def _numbered(
    files: Mapping[str, bytes], name: str, folder: Path | None
) -> Iterator[tuple[list[str], tuple[int, ...]]]:
    if name not in files:
        return
    path = None if folder is None else folder / name
    _, columns = _FILES[name]
    texts = len(columns) - len(_COUNTS)
    try:
        lines = _LINE.split(files[name].decode())
    except UnicodeDecodeError as e:
        raise ModelError(f"the lexicon cannot be read: {e}", path=path) from e
    for line, cells in rows(lines, columns, path):
        try:
            yield cells, tuple([int(c) for c in cells[texts:]])
        except ValueError as e:
            raise ModelError("a number is no whole number", path=path, line=line) from e


def _written(name: str, table: list[list[str]]) -> bytes:
    head, columns = _FILES[name]
    return ("\n".join([head, "\t".join(columns), *map("\t".join, table)]) + "\n").encode()
