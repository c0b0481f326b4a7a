"""Cypher over a graph folder, only what Neo4j would answer with the same rows, or on a Neo4j server; only reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from kg.errors import QueryError
from kg.query import dialect, mistakes, readonly
from kg.query.answer import Answer
from kg.query.engine import Engine
from kg.query.lexer import Token, tokens
from kg.query.patterns import clauses, split_at
from kg.store import Store

__all__ = ["Dialect", "ask", "check"]

Dialect = Literal["common", "ladybug", "neo4j"]


def ask(
    source: Store | Engine,
    text: str,
    parameters: Mapping[str, Any],
    *,
    timeout: float = 30.0,
    language: Dialect = "common",
) -> Answer:
    """The rows of one reading query, from a graph folder or an opened engine; `timeout` in seconds.

    `language` is "common" for what Neo4j and LadybugDB answer alike, "ladybug" or "neo4j" for all that the one or the
    other knows. Raises QueryError with the place of a mistake, NameNotFound with the nearest label, type, property or
    parameter, DialectError with the form to write instead, QueryTimeout.
    """
    from kg.query.ladybug_engine import Ladybug

    if not timeout > 0:
        raise QueryError(f"a time limit of {timeout:g} s", remedy="give more than 0 seconds")
    listed = check(text, parameters, language=language)
    if not isinstance(source, Store):
        return source.ask(text, parameters, timeout=timeout)
    engine = Ladybug.open(source)
    try:
        answer = engine.ask(text, parameters, timeout=timeout)
    finally:
        engine.close()
    return Answer(_columns(text, listed, answer.columns), answer.rows)


def check(text: str, parameters: Mapping[str, Any], *, language: Dialect = "common") -> tuple[Token, ...]:
    """Raise for whatever `ask` would refuse before it asks the engine; return the tokens."""
    listed = tokens(text)
    while listed and listed[-1].text == ";":
        listed = listed[:-1]
    readonly.check(text, listed, server=language == "neo4j")
    mistakes.check_parameters(text, listed, parameters)
    if language == "common":
        dialect.check(text, listed, parameters)
        mistakes.check_names(text, listed)
    return listed


def _columns(text: str, listed: tuple[Token, ...], given: tuple[str, ...]) -> tuple[str, ...]:
    """Columns without AS are named by their expression as written, as Neo4j does; LadybugDB has names of its own."""
    returns = [c for c in clauses(listed) if c.word == "RETURN" and c.depth == 0]
    if not returns or listed[0].upper in ("EXPLAIN", "PROFILE"):
        return given
    body = returns[0].body
    items = split_at(body[1:] if body and body[0].upper == "DISTINCT" else body, ",")
    names = tuple(
        item[-1].value if len(item) > 1 and item[-2].upper == "AS" else text[item[0].start : item[-1].end]
        for item in items
        if item
    )
    return names if len(names) == len(given) and "*" not in names else given
