"""Lets through only what reads the graph: no writing, no schema, no files, no extensions, one statement at a time."""

from __future__ import annotations

from kg.errors import QueryError
from kg.query.lexer import Token, excerpt
from kg.query.patterns import starts_clause

__all__ = ["check"]

_BEGINNINGS = ("MATCH", "OPTIONAL", "WITH", "UNWIND", "RETURN")
# fmt: off
_WRITES = frozenset({
    "CREATE", "MERGE", "SET", "DELETE", "DETACH", "REMOVE", "DROP", "ALTER", "UPDATE", "FOREACH", "TRUNCATE", "INSERT",
})
_REACHES_OUT = frozenset({
    "COPY", "LOAD", "EXPORT", "IMPORT", "ATTACH", "INSTALL", "UNINSTALL", "CALL", "USE", "BEGIN", "COMMIT", "ROLLBACK",
    "CHECKPOINT", "COMMENT", "FORCE", "ANALYZE",
})
# fmt: on
_REACHES_INTO_SERVER = frozenset({"LOAD", "TERMINATE", "CALL"})
_WRITE_REMEDY = "a graph folder is only read; build it again from other input: kg build"
_SERVER_REMEDY = "questions only read; kg export --to neo4j brings a server up to date"
_OUT_REMEDY = "ask with MATCH ... RETURN; kg stats lists types and properties, kg export writes files"


def check(text: str, listed: tuple[Token, ...], *, server: bool = False) -> None:
    """Raise QueryError, with the place, for whatever is no single reading statement.

    A `server` refuses to write by itself, in a session that reads: there procedures are let through, but for those that
    act on the server, and so is what begins otherwise (SHOW, USE).
    """
    if not listed:
        raise QueryError("the query is empty", remedy="for example: MATCH (p:Paper) RETURN p.title AS title LIMIT 5")
    for i, token in enumerate(listed):
        if token.text == ";" and i + 1 < len(listed):
            rest = listed[i + 1]
            raise QueryError(
                excerpt(text, rest.start, rest.end, "a second statement"), remedy="ask one statement at a time"
            )
        if not token.upper or not starts_clause(listed, i):
            continue
        if token.upper in _WRITES:
            remedy = _SERVER_REMEDY if server else _WRITE_REMEDY
            raise QueryError(excerpt(text, token.start, token.end, f"{token.upper} changes the graph"), remedy=remedy)
        called = listed[i + 1] if token.upper == "CALL" and i + 1 < len(listed) else None
        harmless = called is not None and (called.text in "{(" or (server and called.text.lower() != "dbms"))
        if token.upper in (_REACHES_INTO_SERVER if server else _REACHES_OUT) and not harmless:
            raise QueryError(
                excerpt(text, token.start, token.end, f"{token.upper} is not allowed here"), remedy=_OUT_REMEDY
            )
    first = listed[0]
    if not server and first.upper not in _BEGINNINGS and first.upper not in ("EXPLAIN", "PROFILE"):
        raise QueryError(
            excerpt(text, first.start, first.end, "a query begins with " + ", ".join(_BEGINNINGS)),
            remedy="for example: MATCH (p:Paper) RETURN p.title AS title LIMIT 5",
        )
