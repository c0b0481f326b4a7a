"""Refuses Cypher that LadybugDB lacks, or would silently answer otherwise than Neo4j, and says what to write instead.

Better no answer than a wrong one. Each rule was tried on Neo4j 5.26 and LadybugDB 0.22; tests/query/test_dialect.py
has a case for each, with the form that gives the same rows on both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from kg.errors import DialectError
from kg.query import dialect_functions, dialect_patterns, dialect_values
from kg.query.dialect_rule import Finding
from kg.query.lexer import Token, closing, excerpt
from kg.query.patterns import Clause, clauses, split_at

__all__ = ["check"]

Rule = Callable[[tuple[Token, ...], Mapping[str, Any]], Iterator[Finding]]
_FEW = 1000
_AGGREGATES = frozenset({"COUNT", "SUM", "AVG", "MIN", "MAX", "COLLECT", "PERCENTILECONT", "PERCENTILEDISC"})
_COMPARISONS = frozenset({"=", "<>", "<", ">", "<=", ">=", "=~"})
# fmt: off
_NOT_OPERANDS = frozenset({
    "AND", "OR", "XOR", "NOT", "WHERE", "RETURN", "WITH", "CASE", "WHEN", "THEN", "ELSE", "END", "AS", "MATCH", "UNION",
    "ORDER", "BY", "LIMIT", "SKIP", "UNWIND", "OPTIONAL", "DISTINCT", "IN", "ALL", "DESC", "ASC", "ON", "CONTAINS",
    "IS", "ENDS", "STARTS",
})
# fmt: on


def check(text: str, listed: tuple[Token, ...], parameters: Mapping[str, Any]) -> None:
    """Raise DialectError, with the place and the form to write, for the first thing found; see the module."""
    found = [f for rule in _RULES for f in rule(listed, parameters)]
    if found:
        first = min(found, key=lambda f: f.start)
        raise DialectError(excerpt(text, first.start, first.end, first.problem), remedy=first.write)


def _is_arrow(listed: tuple[Token, ...], i: int) -> bool:
    """Whether this < or > is the head of an edge, not a comparison."""
    following = [t.text for t in listed[i + 1 : i + 3]]
    before = [t.text for t in listed[max(0, i - 2) : i]]
    if listed[i].text == "<":
        return before[-1:] == [")"] and following[:1] == ["-"] and following[1:2] in (["["], ["-"], ["("])
    return listed[i].text == ">" and before[-1:] == ["-"] and before[:1] in (["]"], ["-"], [")"])


def _chained(listed: tuple[Token, ...], _: Mapping[str, Any]) -> Iterator[Finding]:
    stack = [0]
    for i, token in enumerate(listed):
        if token.kind == "mark" and token.text in "([{":
            stack.append(0)
        elif token.kind == "mark" and token.text in ")]}":
            stack = stack[:-1] or [0]
        elif token.text in (",", "|", ";") or token.upper in _NOT_OPERANDS:
            stack[-1] = 0
        elif token.text in _COMPARISONS and token.kind == "mark" and not _is_arrow(listed, i):
            stack[-1] += 1
            if listed[i - 1].text == "=" == token.text and listed[i - 1].end == token.start:
                yield Finding.at(token, "Cypher has no ==", "write =")
            elif stack[-1] == 2:
                yield Finding.at(token, "LadybugDB has no chained comparison", "write a < x AND x < b")


def _brackets(listed: tuple[Token, ...], _: Mapping[str, Any]) -> Iterator[Finding]:
    """Square brackets: comprehensions, indexes, slices. Those of an edge are left alone."""
    for i, token in enumerate(listed):
        if token.text != "[" or token.kind != "mark":
            continue
        before = listed[i - 1] if i else None
        inner = listed[i + 1 : closing(listed, i)]
        if before is not None and before.text == "-":
            continue
        if before is not None and _ends_value(before):
            if not _same_index(inner):
                yield Finding(
                    token.start,
                    inner[-1].end + 1 if inner else token.end,
                    "a list's items count from 0 in Neo4j and from 1 in LadybugDB",
                    "list[..k] is the first k in both, list[-1] the last, list[-size(list)] the first where size(list)"
                    " > 0; or UNWIND the list",
                )
        elif len(inner) > 2 and inner[0].kind in ("name", "quoted") and inner[1].upper == "IN":
            yield _comprehension(token, inner)
        elif inner and _is_pattern(inner) and len(split_at(inner, "|")) > 1:
            yield Finding.at(
                token,
                "LadybugDB has no pattern comprehension",
                "write OPTIONAL MATCH (p)-[:USES]->(d) ... collect(d.id)",
            )


def _is_pattern(inner: tuple[Token, ...]) -> bool:
    return inner[0].text == "(" or [t.text for t in inner[1:3]] == ["=", "("]


def _comprehension(token: Token, inner: tuple[Token, ...]) -> Finding:
    if inner[2].upper in ("NODES", "RELATIONSHIPS"):
        return Finding.at(
            token,
            "LadybugDB has no list comprehension",
            "name the nodes of a pattern of fixed length, (a)-[]->(x)-[]->(b), and return x.id; LadybugDB alone also"
            " knows properties(nodes(q), 'id')",
        )
    return Finding.at(
        token,
        "LadybugDB has no list comprehension",
        "UNWIND list AS a WITH p, a WHERE ... RETURN p.id, collect(a) (drops papers with an empty list)",
    )


def _ends_value(token: Token) -> bool:
    if token.kind == "mark":
        return token.text in ")]}"
    return token.upper not in _NOT_OPERANDS if token.kind == "name" else True


def _same_index(inner: tuple[Token, ...]) -> bool:
    """Whether both engines read this index or slice alike."""
    written = [t.text for t in inner]
    if len(inner) == 1:
        return inner[0].kind == "string"
    if ".." not in written:
        return written[0:1] == ["-"] and (written[1:] == ["1"] or inner[1].upper == "SIZE")
    cut = written.index("..")
    low, high = written[:cut], written[cut + 1 :]
    if low in ([], ["0"]):
        return bool(high) and high[0] != "-"
    return low[0] == "-" and len(low) == 2 and low[1].isdigit() and not high


def _subqueries(listed: tuple[Token, ...], _: Mapping[str, Any]) -> Iterator[Finding]:
    for token, brace, inside in zip(listed, listed[1:], listed[2:], strict=False):
        if brace.text != "{" or token.kind != "name":
            continue
        if token.upper in ("EXISTS", "COUNT") and inside.text == "(":
            yield Finding.at(
                token,
                f"LadybugDB wants the word MATCH in {token.upper} {{ }}",
                f"write {token.upper} {{ MATCH (p)-[:HAS_CODE]->() }}",
            )
        elif token.upper == "COLLECT":
            yield Finding.at(
                token, "LadybugDB has no COLLECT { }", "write OPTIONAL MATCH (p)-[:USES]->(d) ... collect(d.id)"
            )
        elif token.upper == "CALL":
            yield Finding.at(
                token,
                "LadybugDB has no CALL { } subquery",
                "write OPTIONAL MATCH ... WITH p, count(d) AS n, or COUNT { MATCH ... }",
            )
        elif inside.text == ".":
            yield Finding(
                token.start,
                inside.end,
                "LadybugDB has no map projection",
                f"return the properties one by one: {token.text}.id AS id",
            )
    for token, bracket in pairwise(listed):
        if token.upper == "CALL" and bracket.text == "(":
            yield Finding.at(token, "LadybugDB has no CALL ( ) subquery", "write OPTIONAL MATCH ... WITH p, count(d)")


def _order_within(listed: tuple[Token, ...], _: Mapping[str, Any]) -> Iterator[Finding]:
    """LadybugDB drops an ORDER BY, and with it the meaning of its LIMIT, before max() and the like without a group.

    MATCH (p:Paper) WITH p ORDER BY p.id DESC LIMIT 5 RETURN max(p.id): the plan has no ORDER BY, so these are any five.
    With a group (RETURN 1 AS one, max(p.id)) it is there. Rows come in batches of 2,048 on several threads, so that
    collect() keeps their order only where they are few.
    """
    found = [c for c in clauses(listed) if c.depth == 0]
    for i, clause in enumerate(found):
        if clause.word != "WITH" or [c.word for c in found[i + 1 : i + 2]] != ["ORDER"]:
            continue
        rest = found[i + 2 :]
        if not rest or rest[0].word not in ("SKIP", "LIMIT"):
            yield Finding.at(
                found[i + 1].first,
                "LadybugDB wants a LIMIT after an ORDER BY within the query",
                f"order the rows of RETURN instead, or add LIMIT {_FEW} and a group: RETURN 1 AS one, collect(x)",
            )
        for later in (c for c in rest if c.word in ("WITH", "RETURN")):
            items = [_aggregates(item) for item in split_at(later.body, ",")]
            if all(items):
                yield Finding.at(
                    later.first,
                    "LadybugDB drops the ORDER BY before an aggregate without a group: these would be other rows",
                    "add a group: RETURN 1 AS one, " + "".join(t.text for t in later.body[:8]) + " ...",
                )
            elif any("COLLECT" in item for item in items) and not _is_few(rest):
                yield Finding.at(
                    later.first,
                    "LadybugDB may collect more than a thousand rows in another order",
                    f"order the rows of RETURN, without collect(); or LIMIT {_FEW} at most before collect()",
                )


def _is_few(rest: list[Clause]) -> bool:
    body = rest[0].body if rest and rest[0].word == "LIMIT" else ()
    return len(body) == 1 and body[0].text.isdigit() and int(body[0].text) <= _FEW


def _aggregates(item: tuple[Token, ...]) -> set[str]:
    return {a.upper for a, b in pairwise(item) if a.upper in _AGGREGATES and b.text == "("}


def _same_columns(listed: tuple[Token, ...], _: Mapping[str, Any]) -> Iterator[Finding]:
    for clause in (c for c in clauses(listed) if c.word in ("RETURN", "WITH")):
        seen = set()
        for item in split_at(clause.body, ","):
            name = item[-1].value if len(item) > 1 and item[-2].upper == "AS" else "".join(t.text for t in item)
            if name in seen:
                yield Finding.at(item[-1], f"two columns are called {name}: Neo4j refuses that", "name one another way")
            seen.add(name)


def _union_columns(listed: tuple[Token, ...], _: Mapping[str, Any]) -> Iterator[Finding]:
    returns = [c for c in clauses(listed) if c.word == "RETURN" and c.depth == 0]
    columns = [
        tuple("".join(t.text for t in (i[-1:] if len(i) > 1 and i[-2].upper == "AS" else i)) for i in items)
        for items in (split_at(c.body, ",") for c in returns)
    ]
    if any(c.word == "UNION" for c in clauses(listed)):
        for clause, names in zip(returns, columns, strict=True):
            if names != columns[0]:
                yield Finding.at(
                    clause.first,
                    "the branches of a UNION have other columns, which Neo4j refuses",
                    "give every branch the same names in the same order: RETURN ... AS " + ", ... AS ".join(columns[0]),
                )


_RULES: tuple[Rule, ...] = (
    _chained,
    _brackets,
    _subqueries,
    _order_within,
    _same_columns,
    _union_columns,
    *dialect_functions.RULES,
    *dialect_patterns.RULES,
    *dialect_values.RULES,
)
