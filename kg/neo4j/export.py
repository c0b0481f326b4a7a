"""A graph into a Neo4j server over Bolt: what is new is made, what is there is brought up to date, in batches."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg import schema
from kg.errors import ServerError
from kg.neo4j import layout
from kg.neo4j.layout import BASE, TYPE, quoted
from kg.neo4j.prune import remove_gone
from kg.neo4j.server import Server
from kg.store import Store

if TYPE_CHECKING:
    import neo4j

__all__ = ["Exported", "Progress", "export"]

Progress = Callable[[str, int, int | None], None]
# Rows in a transaction: abstracts are long, edges short. More is no faster, and takes memory on both sides.
_NODES, _EDGES = 1_000, 2_000
_INDEXES = 300  # seconds at most until indexes are there; they are made on an empty database, or were there before


@dataclass(frozen=True, slots=True)
class Exported:
    """How many nodes and edges were sent, and how many that the graph no longer has were removed."""

    nodes: int
    edges: int
    removed_nodes: int = 0
    removed_edges: int = 0


def export(store: Store, server: Server, *, prune: bool = False, progress: Progress | None = None) -> Exported:
    """Make the graph in a server's database what `store` holds, as kg.neo4j.layout lays it out.

    Loading the same graph again changes nothing; a newer one replaces all properties of the nodes and edges it has.
    With `prune` those of ours that it has not are removed; nothing else in the database is touched. Each batch is one
    transaction, retried for the server's `patience`: stopped anywhere, the same call again completes it. Memory does
    not grow with the graph. `progress` is told the stage, how much is done and of how much. Raises ServerError.
    """
    tell = progress or (lambda stage, done, total: None)
    with server.session(write=True) as session:
        for statement in layout.statements():
            session.execute_write(_run, statement, {})
        session.execute_write(_run, "CALL db.awaitIndexes($seconds)", {"seconds": _INDEXES})
        nodes = _send(session, server, store, schema.load().nodes, _NODES, "nodes", tell)
        edges = _send(session, server, store, schema.load().edges, _EDGES, "edges", tell)
        if not prune:
            return Exported(nodes, edges)
        return Exported(nodes, edges, *remove_gone(session, store, tell))


def _send(
    session: neo4j.Session, server: Server, store: Store, types: Iterable[str], size: int, stage: str, tell: Progress
) -> int:
    """Send all rows of these types; return how many."""
    names = list(types)
    total, done = sum(store.manifest["counts"][name] for name in names), 0
    for name in names:
        statement, rows = _nodes(store, name) if name in schema.load().nodes else _edges(store, name)
        for batch in _ahead(rows, size):
            found = session.execute_write(_run, statement, {"rows": batch})
            if found < len(batch):
                raise ServerError(
                    f"{server.uri}: {len(batch) - found} {name} edges have lost an end: nodes were removed meanwhile",
                    remedy="run the same command again",
                )
            done += len(batch)
            tell(stage, done, total)
    return done


def _ahead(rows: Iterator[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    """Batches of rows, the next one read while the server works on this one."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(list, itertools.islice(rows, size))
        while batch := coming.result():
            coming = reader.submit(list, itertools.islice(rows, size))
            yield batch


def _nodes(store: Store, name: str) -> tuple[str, Iterator[dict[str, Any]]]:
    statement = (
        f"UNWIND $rows AS row MERGE (n:{quoted(BASE)} {{{quoted(TYPE)}: row.{quoted(TYPE)}, `id`: row.`id`}})"
        f" SET n = row, n:{quoted(name)} RETURN count(n)"
    )
    return statement, (layout.properties(name, row) for row in store.rows(name))


def _edges(store: Store, name: str) -> tuple[str, Iterator[dict[str, Any]]]:
    ends = (
        f"({side}:{quoted(BASE)} {{{quoted(TYPE)}: row.{end}_type, `id`: row.{end}}})"
        for side, end in (("a", "subject"), ("b", "object"))
    )
    statement = (
        f"UNWIND $rows AS row MATCH {', '.join(ends)} MERGE (a)-[e:{quoted(name)}]->(b)"
        " SET e = row.properties RETURN count(e)"
    )
    rows = (
        {**{end: row[end] for end in layout.ENDS}, "properties": layout.properties(name, row)}
        for row in store.rows(name)
    )
    return statement, rows


def _run(tx: neo4j.ManagedTransaction, statement: str, parameters: Mapping[str, Any]) -> int:
    """Run a statement that returns one count, or nothing."""
    record = tx.run(statement, parameters).single()  # type: ignore[arg-type]  # from the schema alone
    return 0 if record is None else int(record[0])
