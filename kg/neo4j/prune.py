"""Removes from a server what a graph no longer has: our edges between our nodes, then our nodes; nothing of others."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kg import schema
from kg.neo4j.layout import BASE, TYPE, quoted
from kg.store import Store
from kg.tables.spool import gone, spool

if TYPE_CHECKING:
    import neo4j

__all__ = ["remove_gone"]

_B, _T = quoted(BASE), quoted(TYPE)


def remove_gone(session: neo4j.Session, store: Store, tell: Callable[[str, int, int | None], None]) -> tuple[int, int]:
    """Remove our nodes and edges that `store` has not; return how many of each.

    A node on which a relationship of someone else hangs stays, with its properties and without our labels: it is theirs
    from then on. The keys in the database are compared on disk, so that memory does not grow with them.
    """
    known = schema.load()
    nodes = edges = 0
    with tempfile.TemporaryDirectory(prefix="kg-") as folder:
        for name in known.edges:
            for batch in _gone(session, store, name, Path(folder)):
                edges += session.execute_write(_run, (_remove_edges(name),), batch)
                tell("prune", nodes + edges, None)
        for name in known.nodes:
            for batch in _gone(session, store, name, Path(folder)):
                nodes += session.execute_write(_run, _remove_nodes(name), batch)
                tell("prune", nodes + edges, None)
    return nodes, edges


def _gone(session: neo4j.Session, store: Store, name: str, folder: Path) -> Iterator[list[dict[str, str]]]:
    """The keys of a type that the database has and the graph has not."""
    if name in schema.load().nodes:
        query = f"MATCH (n:{_B} {{{_T}: $name}}) RETURN n.`id` AS id"
    else:
        ends = f"a.`id` AS subject, a.{_T} AS subject_type, b.`id` AS object, b.{_T} AS object_type"
        query = f"MATCH (a:{_B})-[:{quoted(name)}]->(b:{_B}) RETURN {ends}"
    found = folder / "found.parquet"
    result = session.run(query, name=name)
    spool(found, name, (record.data() for record in result), only_keys=True)
    yield from gone(found, store.file(name), name, folder)


def _remove_edges(name: str) -> str:
    ends = (
        f"({side}:{_B} {{{_T}: row.{end}_type, `id`: row.{end}}})" for side, end in (("a", "subject"), ("b", "object"))
    )
    a, b = ends
    return f"UNWIND $rows AS row MATCH {a}-[e:{quoted(name)}]->{b} DELETE e RETURN count(e)"


def _remove_nodes(name: str) -> tuple[str, ...]:
    """First those that nothing hangs on; of the rest our labels."""
    match = f"UNWIND $rows AS row MATCH (n:{_B} {{{_T}: '{name}', `id`: row.id}})"
    return (
        f"{match} WHERE NOT EXISTS {{ MATCH (n)--() }} DELETE n RETURN count(n)",
        f"{match} REMOVE n:{_B}:{quoted(name)} RETURN count(n)",
    )


def _run(tx: neo4j.ManagedTransaction, statements: tuple[str, ...], rows: list[dict[str, str]]) -> int:
    return sum(int(tx.run(s, rows=rows).single(strict=True)[0]) for s in statements)
