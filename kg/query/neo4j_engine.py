"""Questions to a Neo4j server, in a session that only reads; parameters go beside the text, never into it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Self

from kg import schema
from kg.errors import QueryError, QueryTimeout
from kg.ids import entity_id, spelling_key
from kg.neo4j.layout import BASE, TYPE, quoted
from kg.neo4j.server import Server
from kg.query.answer import Answer
from kg.query.lexer import excerpt
from kg.query.names import Found, Names

__all__ = ["Neo4j"]

# Of the server's codes, those that lie with the query and not with the server.
_OURS = ("Neo.ClientError.Statement.", "Neo.ClientError.Procedure.", "Neo.ClientError.General.")
_WRITES = "Neo.ClientError.Statement.AccessMode"
_ONLY_READS = "questions only read; kg export --to neo4j brings a server up to date"
_PLACE = re.compile(r" *\(line (\d+), column \d+ \(offset: (\d+)\)\)")
_NODE = f"(n:{quoted(BASE)})"
_BY_IDS = f"UNWIND $keys AS key MATCH {_NODE} WHERE n.{quoted(TYPE)} = key.type AND n.`id` = key.id RETURN n"
_VARIANTS = (
    f"MATCH (x:{quoted(BASE)}) WHERE x.{quoted(TYPE)} IN $types AND x.`id` = $id"
    f" MATCH (v:{quoted(BASE)})-[:VARIANT_OF*0..]->(x) RETURN DISTINCT v.`id` AS id ORDER BY id"
)
_PATIENCE = 300.0  # seconds for a look-up of names, which may read all names of a type


class Neo4j:
    """A session with a server whose graph is laid out as kg.neo4j.layout has it."""

    def __init__(self, server: Server) -> None:
        self._uri = server.uri
        self._stack = contextlib.ExitStack()
        self._session = self._stack.enter_context(server.session())

    @classmethod
    def open(cls, server: Server) -> Self:
        """Connect. Raises ServerError."""
        return cls(server)

    @contextlib.contextmanager
    def names(self) -> Iterator[_ServerNames]:
        """The look-up of names on the server."""
        yield _ServerNames(self)

    def ask(self, text: str, parameters: Mapping[str, Any], *, timeout: float) -> Answer:
        """The rows of one statement. Raises QueryError, QueryTimeout, and ServerError, after which it is closed."""
        columns, rows = self.records(text, parameters, timeout=timeout)
        return Answer(columns, tuple(tuple(map(_value, row)) for row in rows))

    def records(
        self, text: str, parameters: Mapping[str, Any], *, timeout: float
    ) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """Columns and rows as the driver gives them."""
        try:
            with self._session.begin_transaction(timeout=timeout) as tx:
                result = tx.run(text.strip().rstrip(";"), dict(parameters))
                return tuple(result.keys()), [tuple(record.values()) for record in result]
        except Exception as e:
            if error := _translated(text, e, timeout):
                raise error from e
            with self._stack:  # which closes the session, and puts it in the words of the server's room
                raise

    def close(self) -> None:
        """End the session. Closing twice does nothing."""
        self._stack.close()


def _translated(text: str, e: Exception, timeout: float) -> QueryError | None:
    """What is wrong with the query, with its place; None for what lies with the server."""
    code = str(getattr(e, "code", None) or "")
    if "TransactionTimedOut" in code:
        return QueryTimeout.after(timeout)
    if code == _WRITES:
        return QueryError("this changes the graph, or the server", remedy=_ONLY_READS)
    if not code.startswith(_OURS):
        return None
    said = str(getattr(e, "message", None) or e)
    what = _PLACE.sub("", said.split("\n")[0])
    if (place := _PLACE.search(said)) and place[1] != "0":
        start = int(place[2])
        return QueryError(excerpt(text, start, start + 1, what))
    return QueryError(what)


def _value(value: Any) -> Any:
    """A cell in plain Python, as kg.query.ladybug_engine has them: nodes and edges as dicts of what they have."""
    if isinstance(value, (list, tuple)):
        return tuple(map(_value, value))
    if hasattr(value, "labels"):
        return {TYPE: "|".join(sorted(set(value.labels) - {BASE})), **_properties(value)}
    if hasattr(value, "nodes") and hasattr(value, "relationships") and not hasattr(value, "type"):
        return {"nodes": _value(value.nodes), "edges": _value(value.relationships)}
    if hasattr(value, "start_node"):
        return {TYPE: value.type, **_properties(value)}
    if isinstance(value, dict):
        return {k: _value(v) for k, v in value.items()}
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def _properties(value: Any) -> dict[str, Any]:
    """What a node or an edge has, in order of the names: the server's order is not fixed."""
    return {k: _value(v) for k, v in sorted(value.items())}


class _ServerNames:
    """Names as kg.query.names finds them, on a server that knows no spelling keys.

    An id, and the main name of an entity, whose id follows from it, is looked up at once; for anything else all names
    of the types in question are read.
    """

    def __init__(self, engine: Neo4j) -> None:
        self._engine = engine

    def find(self, name: str, types: Collection[str]) -> Found:
        """The one node of these types with this name; see kg.query.names.Names.find."""
        found = self._with_ids({t: name.strip() for t in types})
        if not found and set(types) <= set(schema.load().entity_types) and spelling_key(name):
            found = self._with_ids({t: entity_id(t, name) for t in types})
        if len(found) == 1:
            return found[0]
        with Names.of(self._rows, types) as names:
            return names.find(name, types)

    def variants(self, id: str) -> tuple[str, ...]:
        """This entity and all that are VARIANT_OF it, at any remove, sorted."""
        given = {"id": id, "types": list(schema.load().nodes)}
        _, rows = self._engine.records(_VARIANTS, given, timeout=_PATIENCE)
        return tuple(row[0] for row in rows) or (id,)

    def _with_ids(self, ids: Mapping[str, str]) -> list[Found]:
        keys = [{"type": t, "id": i} for t, i in ids.items()]
        _, rows = self._engine.records(_BY_IDS, {"keys": keys}, timeout=_PATIENCE)
        return [Found(n["id"], n[TYPE], n.get("name") or n["title"]) for (n,) in rows]

    def _rows(self, type_name: str, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
        listed = ", ".join(f"n.{quoted(c)}" for c in columns)
        text = f"MATCH (n:{quoted(BASE)}:{quoted(type_name)}) RETURN {listed}"
        _, rows = self._engine.records(text, {}, timeout=_PATIENCE)
        return (dict(zip(columns, row, strict=True)) for row in rows)
