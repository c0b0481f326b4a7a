"""Tables as text: the first row names the columns. Comma, semicolon or tab, whichever the first row shows."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator

from kg.model import Paper, Reject
from kg.read.inputs import Source
from kg.read.lines import lines
from kg.read.record import FIELDS, Columns, paper_of

__all__ = ["delimiter_of", "read"]

# In characters. The library's own 131,072 is less than some supplementary columns hold.
_LONGEST_FIELD = 1 << 20
# How much is read twice, over a whole file, after quotes that are not closed: bounds the work on a broken file.
_REREAD = 16 << 20


def delimiter_of(header: str) -> str | None:
    """What parts the columns, where this line names a column for the title; None where it does not.

    >>> delimiter_of("id,title,abstract"), delimiter_of("Title;Year"), delimiter_of("We study commas, and titles.")
    (',', ';', None)
    """
    for delimiter in ("\t", ",", ";"):
        names = {name.strip(' "\r\n').casefold().replace(" ", "_") for name in header.split(delimiter)}
        if len(names) > 1 and names & set(FIELDS["title"]):
            return delimiter
    return None


class _Lines:
    """The lines of a row, kept until the row is whole, so that reading can go back to the row's second line."""

    def __init__(self, source: Source) -> None:
        self.rejects: list[Reject] = []
        self.row: list[tuple[int, str]] = []
        self._again: deque[tuple[int, str]] = deque()
        self._lines = lines(source)
        self._reread = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        while True:
            line = self._again.popleft() if self._again else next(self._lines)
            if isinstance(line, Reject):
                self.rejects.append(line)
                continue
            self.row.append(line)
            return line[1]

    def back(self) -> None:
        rest = self.row[1:]
        self._reread += sum(len(text) for _, text in rest)
        if self._reread < _REREAD:
            self._again.extendleft(reversed(rest))


def read(source: Source, columns: Columns, *, delimiter: str = ",") -> Iterator[Paper | Reject]:
    """The papers of a table with a header row. `delimiter` holds where the header shows none."""
    csv.field_size_limit(_LONGEST_FIELD)
    text = _Lines(source)
    header = next(text, "")
    delimiter = delimiter_of(header) or delimiter
    names = next(csv.reader([header], delimiter=delimiter), [])
    yield from text.rejects
    text.rejects.clear()
    if not _has_title(names, columns):
        shown = ", ".join(names)[:200]
        wanted = columns.get("title", "title")
        yield Reject(source.name, 1, f"no column {wanted!r} among: {shown}; name it with --map title=COLUMN")
        return
    rows = csv.reader(text, delimiter=delimiter, strict=True)
    while True:
        text.row.clear()
        try:
            row: list[str] | str = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            row = _unquoted(text, names, delimiter) or f"not a row: {error}"
            text.back()
        number = text.row[0][0] if text.row else 0
        if row:
            yield _paper(row, names, columns, source.name, number)
        yield from text.rejects
        text.rejects.clear()
    yield from text.rejects


def _paper(row: list[str] | str, names: list[str], columns: Columns, path: str, number: int) -> Paper | Reject:
    if isinstance(row, str):
        return Reject(path, number, row)
    if any(cell.strip() for cell in row[len(names) :]):
        return Reject(path, number, f"{len(row)} columns where the first row names {len(names)}")
    paper = paper_of(dict(zip(names, row, strict=False)), f"{path}:{number}", columns)
    return Reject(path, number, paper) if isinstance(paper, str) else paper


def _unquoted(text: _Lines, names: list[str], delimiter: str) -> list[str] | None:
    """The row's first line read without quotes, where tabs alone give it the right number of columns.

    Many tools write tabs without quoting, and titles do begin with a quotation mark.
    """
    cells = text.row[0][1].rstrip("\r\n").split("\t") if text.row and delimiter == "\t" else []
    return cells if len(cells) == len(names) else None


def _has_title(names: list[str], columns: Columns) -> bool:
    if "title" in columns:
        return columns["title"].casefold() in {name.strip().casefold() for name in names}
    return bool({name.strip().casefold().replace(" ", "_") for name in names} & set(FIELDS["title"]))
