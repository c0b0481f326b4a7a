"""A graph back from a Neo4j server: the tables of a graph folder, the same bytes as those that were exported."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import __version__, schema
from kg.errors import SchemaError, ServerError
from kg.model import Edge, Evidence, Node
from kg.neo4j import layout
from kg.neo4j.layout import BASE, ENDS, TYPE, quoted
from kg.neo4j.server import Server
from kg.store import Store, check_target, finish, replacing
from kg.tables.spool import spool, write_tables

if TYPE_CHECKING:
    import neo4j

__all__ = ["pull"]

_B, _T = quoted(BASE), quoted(TYPE)
_EVERY = 1000


def pull(server: Server, path: str | Path, *, progress: Callable[[str, int, int | None], None] | None = None) -> Store:
    """Make the graph folder at `path` from our nodes in a server's database and our edges between them, and open it.

    What was exported comes back with the same content digest. What lacks the base label, and what relationships of
    other types there are, is left out. Memory does not grow with the graph. `progress` is told the stage, how much is
    done and of how much. Raises SchemaError for a node or edge of ours that is not as the schema says, ServerError
    where there is none of ours or the server is gone, GraphError where `path` is something other than a graph; a graph
    that was there stays until the new one is whole.
    """
    check_target(Path(path))
    reading = _Reading(progress or (lambda stage, done, total: None))
    known = schema.load()
    with server.session() as session, replacing(path) as new:
        reading.total = _checked(session, server)
        scratch = new / "scratch"
        scratch.mkdir()
        spooled = {name: scratch / f"{name}.parquet" for name in (*known.nodes, *known.edges)}
        for name in known.nodes:
            spool(spooled[name], name, reading.told("nodes", _nodes(session, name)))
        reading.done, reading.total = 0, None
        for name in known.edges:
            spool(spooled[name], name, reading.told("edges", _edges(session, name)))
        counts = write_tables(spooled, new, scratch)
        shutil.rmtree(scratch)
        source = {"path": server.uri, "sha256": None, "papers": counts["Paper"]}
        finish(new, {"tool": f"kg {__version__}", "inputs": [source], "counts": counts, "rejects": 0})
    return Store.open(path)


class _Reading:
    """Counts the rows that go by and tells how far it is."""

    def __init__(self, tell: Callable[[str, int, int | None], None]) -> None:
        self.tell = tell
        self.done = 0
        self.total: int | None = None

    def told(self, stage: str, rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The same rows, told of as they go by."""
        for row in rows:
            self.done += 1
            if self.done % _EVERY == 0 or self.done == self.total:
                self.tell(stage, self.done, self.total)
            yield row


def _checked(session: neo4j.Session, server: Server) -> int:
    """How many nodes of ours there are, each of one type of the schema."""
    types = list(schema.load().nodes)
    count = int(session.run(f"MATCH (n:{_B}) RETURN count(n)").single(strict=True)[0])
    if not count:
        raise ServerError(
            f"{server.uri}: no graph of kg in the database: no node has the label {BASE}",
            remedy="kg export GRAPH --to neo4j puts one there; --database names another",
        )
    wrong = session.run(
        f"MATCH (n:{_B}) WITH n, [l IN labels(n) WHERE l IN $types] AS found"
        f" WHERE size(found) <> 1 OR n.{_T} IS NULL OR n.{_T} <> found[0]"
        f" RETURN labels(n), n.{_T}, n.`id` LIMIT 1",
        types=types,
    ).values()
    for labels, type_name, key in wrong:
        raise SchemaError(
            f"{server.uri}: node {key!r} has labels {', '.join(sorted(labels))} and type {type_name!r}",
            remedy=f"a node labelled {BASE} has one of {', '.join(types)} as a label and as its type",
        )
    return count


def _nodes(session: neo4j.Session, name: str) -> Iterator[dict[str, Any]]:
    known = schema.load()
    for (found,) in session.run(f"MATCH (n:{_B}:{quoted(name)}) RETURN properties(n)"):
        row = layout.columns(name, found)
        rest = _frozen({k: v for k, v in row.items() if k != "id"})
        known.check_node(Node(row.get("id"), name, rest))  # type: ignore[arg-type]  # this is what is checked
        yield row


def _edges(session: neo4j.Session, name: str) -> Iterator[dict[str, Any]]:
    known = schema.load()
    ends = f"a.`id`, a.{_T}, b.`id`, b.{_T}"
    query = f"MATCH (a:{_B})-[e:{quoted(name)}]->(b:{_B}) RETURN {ends}, properties(e)"
    for *found, properties in session.run(query):
        where = dict(zip(ENDS, found, strict=True))
        what = f"edge {where['subject']!r} -{name}-> {where['object']!r}"
        try:
            row = layout.columns(name, properties)
            evidence = tuple(Evidence(**piece) for piece in row.get("evidence") or ())
        except (TypeError, ValueError) as e:
            raise SchemaError(f"{what}: evidence that is none of kg's: {e}") from e
        rest = _frozen({k: v for k, v in row.items() if k != "evidence"})
        known.check_edge(Edge(name, **where, properties=rest, evidence=evidence))
        yield {**where, **row}


def _frozen(row: Mapping[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
