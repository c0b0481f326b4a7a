"""What is in a graph, in figures."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import schema
from kg.errors import GraphError
from kg.store import Store
from kg.tables.connect import reader

if TYPE_CHECKING:
    import duckdb

__all__ = ["Stats", "most_linked", "stats"]


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
    """Count what is in a graph; the `top` entities of each type, ties by name. GraphError if a table is damaged."""
    known = schema.load()
    with _reading(store) as c:
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


def most_linked(store: Store, edge: str, node: str) -> str | None:
    """The name of the `node` that most edges of type `edge` go to, ties by name; None where there is none."""
    with _reading(store) as c:
        row = c.execute(
            f"SELECT name FROM {reader([store.file(edge)])} e JOIN {reader([store.file(node)])} n ON n.id = e.object"
            " WHERE object_type = ? GROUP BY name ORDER BY count(*) DESC, name LIMIT 1",
            [node],
        ).fetchone()
    return None if row is None else str(row[0])


@contextlib.contextmanager
def _reading(store: Store) -> Iterator[duckdb.DuckDBPyConnection]:
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    try:
        with duckdb.connect(config=config) as c:
            yield c
    except duckdb.Error as e:
        what = f"a table cannot be read: {str(e).splitlines()[0]}"
        raise GraphError(what, path=store.path, remedy="build the graph again") from e


def _count(c: duckdb.DuckDBPyConnection, store: Store, name: str) -> int:
    row = c.execute(f"SELECT count(*) FROM {reader([store.file(name)])}").fetchone()
    assert row is not None
    return int(row[0])
