"""Rows of a graph that come from elsewhere, in any order: kept on disk, compared with a graph, written as tables."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kg import schema
from kg.errors import SchemaError
from kg.store import arrow_schema, table_file
from kg.tables.connect import connect, one, reader
from kg.tables.graph import write_table

__all__ = ["gone", "keys", "spool", "write_tables"]

_BATCH = 8192


def keys(name: str) -> tuple[str, ...]:
    """The columns that tell the rows of a type apart."""
    return ("id",) if name in schema.load().nodes else ("subject", "subject_type", "object", "object_type")


def spool(path: Path, name: str, rows: Iterable[Mapping[str, Any]], *, only_keys: bool = False) -> None:
    """Write rows of a type to a Parquet file as they come. Raises SchemaError for a value that a column cannot hold."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = arrow_schema(name)
    if only_keys:
        columns = pa.schema([columns.field(key) for key in keys(name)])
    left = iter(rows)
    with pq.ParquetWriter(path, columns, compression="zstd") as out:
        while batch := list(itertools.islice(left, _BATCH)):
            try:
                out.write_table(pa.Table.from_pylist(batch, columns))
            except (pa.ArrowException, OverflowError) as e:
                raise SchemaError(f"{name}: {e}") from e


def gone(found: Path, kept: Path, name: str, scratch: Path) -> Iterator[list[dict[str, str]]]:
    """The keys of a type that the Parquet file `found` has and `kept` has not, sorted, some at a time."""
    names = keys(name)
    listed = ", ".join(names)
    with connect(scratch) as c:
        rows = c.execute(
            f"SELECT DISTINCT {listed} FROM {reader([found])} AS found"
            f" ANTI JOIN {reader([kept])} AS kept USING ({listed}) ORDER BY ALL"
        )
        while batch := rows.fetchmany(1000):
            yield [dict(zip(names, row, strict=True)) for row in batch]


def write_tables(spooled: Mapping[str, Path], folder: Path, scratch: Path) -> dict[str, int]:
    """Write nodes/ and edges/ in `folder` from one spooled file for each type, the bytes that a build writes.

    Returns how many rows each has. Raises SchemaError where a node or edge is there twice.
    """
    known = schema.load()
    counts = {}
    with connect(scratch) as c:
        for name, path in spooled.items():
            view = f"{'node' if name in known.nodes else 'edge'}_{name}"
            c.execute(f"CREATE VIEW {view} AS SELECT * FROM {reader([path])}")
            listed = ", ".join(keys(name))
            twice = c.execute(f"SELECT {listed} FROM {view} GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1")
            if row := twice.fetchone():
                raise SchemaError(f"{name} {_shown(row)} is there twice")
            write_table(c, name, table_file(folder, name))
            counts[name] = one(c, f"SELECT count(*) FROM {reader([table_file(folder, name)])}")
    return counts


def _shown(key: Sequence[str]) -> str:
    return repr(key[0]) if len(key) == 1 else f"from {key[1]} {key[0]!r} to {key[3]} {key[2]!r}"
