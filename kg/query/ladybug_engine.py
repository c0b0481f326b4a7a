"""Cypher with nothing to install: LadybugDB, embedded, fed from the Parquet files.

Its database is a cache: its format changes between versions (the version is pinned and part of the index's name).
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import threading
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

from kg import schema
from kg.errors import GraphError, QueryError, QueryTimeout
from kg.query import index
from kg.query.answer import Answer
from kg.query.mistakes import translate
from kg.query.names import Names
from kg.store import Store

__all__ = ["Ladybug", "load"]

_TYPES = {"string": "STRING", "integer": "INT64", "number": "DOUBLE", "strings": "STRING[]"}
# Only address space is set aside, not memory; without a limit it asks for 8 TB, which small machines refuse.
_ADDRESS_SPACE = 1 << 36
_SMALL_POOL = 64 << 20
_LARGE_POOL = 1 << 30
# The engine looks at its clock between batches only; past this much more (seconds) we go without its answer.
_GRACE = 0.5


class Ladybug:
    """An opened LadybugDB. It only reads: the file is opened read-only, so any number of processes may."""

    def __init__(self, path: Path, *, pool: int = _SMALL_POOL) -> None:
        self._path = path
        self._connect(pool)

    def _connect(self, pool: int) -> None:
        import ladybug

        path, self._pool = self._path, pool
        try:
            self._database = ladybug.Database(
                path, read_only=True, buffer_pool_size=pool, max_db_size=_address_space(path)
            )
            self._connection = ladybug.Connection(self._database)
        except RuntimeError as e:
            raise GraphError(
                f"the index cannot be opened: {e}", path=path, remedy="delete this folder's index/; it is made anew"
            ) from e
        self._closed = False

    @classmethod
    def open(cls, store: Store) -> Self:
        """Open the database of a graph, making it first where it is missing or stale."""
        return cls(index.find(store) / index.GRAPH)

    def names(self) -> Names:
        """The look-up of names, which stands beside the database."""
        return Names(self._path.with_name(index.NAMES))

    def ask(self, text: str, parameters: Mapping[str, Any], *, timeout: float) -> Answer:
        """The rows of one statement. Raises QueryError, QueryTimeout; after a timeout the engine is closed."""
        try:
            return self._run(text, parameters, timeout)
        except RuntimeError as e:
            if "buffer pool is full" in str(e) and self._pool < _LARGE_POOL:
                self.close()
                self._connect(_LARGE_POOL)
                return self.ask(text, parameters, timeout=timeout)
            if str(e).startswith("Interrupted"):
                raise QueryTimeout.after(timeout) from e
            raise translate(text, str(e)) from e

    def _run(self, text: str, parameters: Mapping[str, Any], timeout: float) -> Answer:
        """In a thread, because some work (a constant folded while planning) never looks at the clock."""
        outcome: list[Answer | BaseException] = []

        def work() -> None:
            try:
                self._connection.set_query_timeout(max(1, round(timeout * 1000)))
                outcome.append(_answer(self._connection.execute(text, dict(parameters))))
            except BaseException as e:  # handed to the caller's thread
                outcome.append(e)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        try:
            thread.join(timeout + _GRACE)
        except KeyboardInterrupt:
            self._connection.interrupt()
            raise
        if thread.is_alive():
            self._connection.interrupt()
            thread.join(_GRACE)
        if not outcome:
            self._closed = True  # The thread still holds it; closing would wait for the thread.
            raise QueryTimeout.after(timeout)
        if isinstance(outcome[0], BaseException):
            raise outcome[0]
        return outcome[0]

    def close(self) -> None:
        """Close the database. Closing twice does nothing."""
        if not self._closed:
            self._closed = True
            self._connection.close()
            self._database.close()


def _answer(result: Any) -> Answer:
    if isinstance(result, list):
        raise QueryError("several statements in one query", remedy="ask them one by one")
    columns = tuple(result.get_column_names())
    return Answer(columns, tuple(tuple(map(_value, row)) for row in result.get_all()))


def _value(value: Any) -> Any:
    """A cell in plain Python: whole numbers as int, lists as tuples, nodes and edges as dicts of what they have."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return tuple(map(_value, value))
    if isinstance(value, dict):
        if "_NODES" in value:
            return {"nodes": _value(value["_NODES"]), "edges": _value(value["_RELS"])}
        if "_LABEL" in value:
            kept = {k: _value(v) for k, v in value.items() if v is not None and not k.startswith("_")}
            return {"type": value["_LABEL"], **kept}
        return {k: _value(v) for k, v in value.items()}
    return value


def load(store: Store, path: Path) -> None:
    """Make the database of a graph at `path`, which must not exist, by COPY from the Parquet files.

    Raises GraphError where a file cannot be read, OSError where the disk is full.
    """
    import ladybug

    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    pool = max(_SMALL_POOL, min(2 * _LARGE_POOL, memory // 4))
    try:
        with (
            _plain_path(store.path) as folder,
            ladybug.Database(path, buffer_pool_size=pool, max_db_size=_address_space(path)) as database,
            ladybug.Connection(database) as connection,
        ):
            for statement in _statements(Store(folder, store.manifest)):
                connection.execute(statement)
    except RuntimeError as e:
        if "No space left" in str(e):
            import errno

            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from e
        raise GraphError(f"the index cannot be made: {e}", path=store.path, remedy="build the graph again") from e


@contextlib.contextmanager
def _plain_path(path: Path) -> Iterator[Path]:
    """A way to a folder whose name COPY does not take for a pattern: it has no way to quote * ? [ { and the like."""
    if not re.search(r"[^\w./ -]", str(path.resolve())):
        yield path.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="kg-") as folder:
        link = Path(folder) / "graph"
        link.symlink_to(path.resolve(), target_is_directory=True)
        yield link


def _statements(store: Store) -> list[str]:
    known = schema.load()
    made = []
    for node in known.nodes.values():
        columns = ", ".join(f"`{p.name}` {_TYPES[p.type]}" for p in node.properties)
        made.append(f"CREATE NODE TABLE {node.name} ({columns}, PRIMARY KEY (id))")
        made.append(f"COPY {node.name} FROM '{store.file(node.name)}'")
    for edge in known.edges.values():
        ends = ", ".join(f"FROM {a} TO {b}" for a, b in edge.pairs)
        columns = "".join(f", `{p.name}` {_TYPES[p.type]}" for p in edge.properties)
        made.append(f"CREATE REL TABLE {edge.name} ({ends}{columns})")
        names = ", ".join(["subject", "object", *(f"`{p.name}`" for p in edge.properties)])
        for a, b in edge.pairs:
            rows = f"LOAD FROM '{store.file(edge.name)}' WHERE subject_type = '{a}' AND object_type = '{b}'"
            made.append(f"COPY {edge.name} FROM ({rows} RETURN {names}) (from='{a}', to='{b}')")
    return made


def _address_space(path: Path) -> int:
    """A power of two, at least 16 times the file, since it grows while it is written."""
    size = path.stat().st_size if path.exists() else 0
    return max(_ADDRESS_SPACE, 1 << (16 * size).bit_length())
