"""A DuckDB connection as all of kg uses it: bounded memory, nothing downloaded, errors in our words."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import BuildError, StorageError

if TYPE_CHECKING:
    import duckdb

__all__ = ["checked_memory", "connect", "copy", "in_buckets", "one", "quoted", "reader", "translated"]

# What may sit in one aggregation that holds lists, which DuckDB cannot spill.
_BUCKET = 1_000_000
_MEMORY = re.compile(r"\d+(?:\.\d+)?\s*(?:[KMGT]i?B)$", re.IGNORECASE)


def checked_memory(text: str) -> str:
    """`text` if it is a size that DuckDB takes ("500MB", "2 GB"); BuildError if it is not."""
    if not _MEMORY.match(text.strip()):
        raise BuildError(f"memory {text!r} is no size", remedy="write it like 500MB or 2GB")
    return text.strip()


@contextlib.contextmanager
def connect(folder: Path, *, memory: str = "1GB", threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a database file of its own in `folder`, where it also spills; both go when the block ends."""
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": checked_memory(memory),
        "temp_directory": str(folder / "spill"),
        "preserve_insertion_order": False,
        # Else a path with a scheme makes it download an extension.
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if threads:
        config["threads"] = threads
    file = folder / "tables.duckdb"
    with translated(folder):
        _remove(file)
        try:
            with duckdb.connect(file, config=config) as c:
                c.execute("SET enable_progress_bar = false")
                yield c
        finally:
            _remove(file)


def _remove(file: Path) -> None:
    for path in (file, file.with_name(file.name + ".wal")):
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def translated(folder: Path) -> Iterator[None]:
    """DuckDB's errors as BuildError, or StorageError where the disk is at fault; its IOException is no OSError."""
    import duckdb

    try:
        yield
    except duckdb.Error as e:
        first = str(e).splitlines()[0]
        if re.search(r"no space left|file too large|disk quota|max_temp_directory_size", str(e), re.IGNORECASE):
            raise StorageError(
                f"no space left: {first}", path=folder, remedy="free some, then run the same command again"
            ) from e
        if isinstance(e, duckdb.OutOfMemoryException):
            raise BuildError(f"memory limit: {first}", remedy="allow more, for example --memory 2GB") from e
        if isinstance(e, duckdb.IOException):
            raise StorageError(f"cannot be read or written: {first}", path=folder) from e
        raise BuildError(f"the tables cannot be made: {first}", path=folder) from e


def quoted(text: str | Path) -> str:
    """A string literal of SQL; for paths, where no parameter may stand."""
    return "'" + str(text).replace("'", "''") + "'"


def reader(paths: Iterable[Path]) -> str:
    """A read_parquet() over `paths`."""
    return "read_parquet([" + ", ".join(map(quoted, paths)) + "])"


def copy(c: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write the rows of `query`, which must order them, as Parquet: the same bytes wherever the rows come from."""
    # A column that the planner knows to have no nulls becomes REQUIRED, and what it knows depends on the source.
    c.execute("SET disabled_optimizers = 'statistics_propagation'")
    try:
        c.execute(f"COPY ({query}) TO {quoted(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)")
    finally:
        c.execute("RESET disabled_optimizers")


def one(c: duckdb.DuckDBPyConnection, query: str) -> int:
    """The single number that `query` gives."""
    row = c.execute(query).fetchone()
    assert row is not None
    return int(row[0] or 0)


def in_buckets(c: duckdb.DuckDBPyConnection, table: str, source: str, key: str, query: str) -> None:
    """Make `table` from `query`, which groups the rows of `source` by `key` and gathers lists, some rows at a time.

    `query` names its input {source}: the rows of one bucket of keys. Its result must not depend on other keys.
    """
    buckets = one(c, f"SELECT count(*) FROM {source}") // _BUCKET + 1
    for i in range(buckets):
        rows = f"(SELECT * FROM {source} WHERE hash({key}) % {buckets} = {i})" if buckets > 1 else source
        head = f"CREATE TABLE {table} AS" if i == 0 else f"INSERT INTO {table}"
        c.execute(f"{head} {query.format(source=rows)}")
