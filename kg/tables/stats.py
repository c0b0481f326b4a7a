"""What is in a graph, in figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import schema
from kg.store import Store
from kg.tables.connect import reader, translated

if TYPE_CHECKING:
    import duckdb

__all__ = ["Stats", "stats"]


@dataclass(frozen=True, slots=True)
class Stats:
    """`nodes` and `edges` by type; papers by `years` (None: not known) and by what they say of their `code`;

    and for each entity type the entities that most papers have an edge to, as (name, papers).
    """

    nodes: dict[str, int]
    edges: dict[str, int]
    years: dict[int | None, int]
    code: dict[str, int]
    top: dict[str, list[tuple[str, int]]]


def stats(store: Store, *, top: int = 10) -> Stats:
    """Count what is in a graph; the `top` entities of each type, ties by name. Raises GraphError, StorageError."""
    import duckdb

    known = schema.load()
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with translated(store.path), duckdb.connect(config=config) as c:
        papers = reader([store.file("Paper")])
        years = c.execute(f"SELECT year, count(*) FROM {papers} GROUP BY year ORDER BY year NULLS FIRST").fetchall()
        code = dict(c.execute(f"SELECT code, count(*) FROM {papers} GROUP BY code").fetchall())
        return Stats(
            nodes={name: _count(c, store, name) for name in known.nodes},
            edges={name: _count(c, store, name) for name in known.edges},
            years=dict(years),
            code={word: code.get(word, 0) for word in ("released", "promised", "none")},
            top={
                name: c.execute(
                    f"SELECT name, papers FROM {reader([store.file(name)])} WHERE papers > 0"
                    " ORDER BY papers DESC, name, id LIMIT ?",
                    [top],
                ).fetchall()
                for name in known.entity_types
            },
        )


def _count(c: duckdb.DuckDBPyConnection, store: Store, name: str) -> int:
    row = c.execute(f"SELECT count(*) FROM {reader([store.file(name)])}").fetchone()
    assert row is not None
    return int(row[0])
