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
_WRITE_REMEDY = "a graph folder is only read; build it again from other input: kg build"
_OUT_REMEDY = "ask with MATCH ... RETURN; kg stats lists types and properties, kg export writes files"


def check(text: str, listed: tuple[Token, ...]) -> None:
    """Raise QueryError, with the place, for whatever is no single reading statement."""
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
            raise QueryError(
                excerpt(text, token.start, token.end, f"{token.upper} changes the graph"), remedy=_WRITE_REMEDY
            )
        sub_query = token.upper == "CALL" and i + 1 < len(listed) and listed[i + 1].text in "{("
        if token.upper in _REACHES_OUT and not sub_query:
            raise QueryError(
                excerpt(text, token.start, token.end, f"{token.upper} is not allowed here"), remedy=_OUT_REMEDY
            )
    first = listed[0]
    if first.upper not in _BEGINNINGS and first.upper not in ("EXPLAIN", "PROFILE"):
        raise QueryError(
            excerpt(text, first.start, first.end, "a query begins with " + ", ".join(_BEGINNINGS)),
            remedy="for example: MATCH (p:Paper) RETURN p.title AS title LIMIT 5",
        )
