"""From the papers and parts of all shards to the tables of the graph folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg import schema
from kg.resolve import Entry
from kg.store import table_file
from kg.tables.connect import connect, copy, one, reader
from kg.tables.edges import entity_edges, mention_edges, variant_edges
from kg.tables.merge import merge
from kg.tables.names import name_entities
from kg.tables.nodes import node_views

if TYPE_CHECKING:
    import duckdb

__all__ = ["Aside", "Built", "build_tables", "write_table"]

# Shards whose mentions are gathered into edges at a time.
_CHUNK = 50
_SQL = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "strings": "VARCHAR[]"}


@dataclass(frozen=True, slots=True)
class Aside:
    """A paper that was set aside, where it was read, and why."""

    id: str
    source: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Built:
    """How many rows each table has, and the papers set aside, in input order."""

    counts: dict[str, int]
    aside: tuple[Aside, ...]


def build_tables(
    shards: Sequence[tuple[Path, Path]],
    folder: Path,
    *,
    lexicon: Iterable[Entry],
    scratch: Path,
    memory: str = "1GB",
    threads: int | None = None,
    step: Callable[[int, int], None] = lambda done, total: None,
) -> Built:
    """Write nodes/ and edges/ in `folder` from `shards`, the files of papers and of what was found in them, in order.

    Works and spills in `scratch`. `step` is told of steps done and of all. Raises StorageError, BuildError.
    """
    chunks = [shards[i : i + _CHUNK] for i in range(0, len(shards), _CHUNK)]
    known = schema.load()
    names = [*known.nodes, *known.edges]
    total, done = 3 + len(chunks) + len(names), 0

    def stepped() -> None:
        nonlocal done
        done += 1
        step(done, total)

    with connect(scratch, memory=memory, threads=threads) as c:
        _open(c, shards)
        stepped()
        name_entities(c, lexicon)
        stepped()
        mention_edges(c, [reader(part for _, part in chunk) for chunk in chunks], stepped)
        variant_edges(c)
        entity_edges(c)
        node_views(c)
        stepped()
        counts = {}
        for name in names:
            write_table(c, name, table_file(folder, name))
            counts[name] = one(c, f"SELECT count(*) FROM {reader([table_file(folder, name)])}")
            stepped()
        return Built(counts, _aside(c))


def _open(c: duckdb.DuckDBPyConnection, shards: Sequence[tuple[Path, Path]]) -> None:
    merge(c, reader(papers for papers, _ in shards))
    c.execute(f"CREATE VIEW part AS SELECT * FROM {reader(part for _, part in shards)}")
    # Of several copies of a paper only the mentions of the one whose text it has.
    c.execute("CREATE TABLE best AS SELECT text_place AS place, id AS paper FROM paper")


def write_table(c: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    """Write the view node_NAME or edge_NAME with the columns of the schema, in its order."""
    known = schema.load()
    if name in known.nodes:
        columns = [f'CAST("{p.name}" AS {_SQL[p.type]}) AS "{p.name}"' for p in known.nodes[name].properties]
        copy(c, f"SELECT {', '.join(columns)} FROM node_{name} ORDER BY id", path)
        return
    edge = known.edges[name]
    columns = ["subject", "subject_type", "object", "object_type"]
    columns += [f'CAST("{p.name}" AS {_SQL[p.type]}) AS "{p.name}"' for p in edge.properties]
    columns += ["evidence"] if edge.rests_on == "mentions" else []
    order = "subject, object, subject_type, object_type"
    copy(c, f"SELECT {', '.join(columns)} FROM edge_{name} ORDER BY {order}", path)


def _aside(c: duckdb.DuckDBPyConnection) -> tuple[Aside, ...]:
    rows = c.execute(
        """SELECT copy.id, sources[1], reason FROM part JOIN copy USING (place)
           WHERE reason IS NOT NULL ORDER BY place"""
    )
    return tuple(Aside(*row) for row in rows.fetchall())
