"""Papers as Arrow tables: the columns of Paper, the place in the input, and the keys they are merged by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from kg.ids import digest, title_key
from kg.model import Paper

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["FIELDS", "paper_of", "papers_of", "to_arrow"]

FIELDS = tuple(f.name for f in fields(Paper))
_LISTS = ("authors", "identifiers", "categories", "sources")


def _type(name: str) -> pa.DataType:
    import pyarrow as pa

    if name in _LISTS:
        return pa.list_(pa.string())
    return pa.int64() if name in ("year", "author_count") else pa.string()


def to_arrow(papers: Sequence[Paper], first: int) -> pa.Table:
    """One row a paper: its fields, and

    - `place`: its number in the whole input, from `first` on;
    - `title_key`: the form under which titles are compared; the title itself where it has no letter or digit;
    - `mark`: tells it from another paper of the same id.
    """
    import pyarrow as pa

    keys = [title_key(p.title) or p.title.strip() for p in papers]
    marks = [digest("\0".join((k, *p.identifiers))) for k, p in zip(keys, papers, strict=True)]
    return pa.table(
        {
            "place": pa.array(range(first, first + len(papers)), pa.int64()),
            "title_key": pa.array(keys, pa.string()),
            "mark": pa.array(marks, pa.string()),
            **{name: pa.array([getattr(p, name) for p in papers], _type(name)) for name in FIELDS},
        }
    )


def paper_of(row: Mapping[str, Any]) -> Paper:
    """The paper in a row, columns that are no field aside."""
    known: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if k in FIELDS}
    return Paper(**known)


def papers_of(table: pa.Table | pa.RecordBatch) -> Iterator[Paper]:
    """The papers of a table, in order; fields without a column take their default."""
    for row in table.to_pylist():
        yield paper_of(row)
