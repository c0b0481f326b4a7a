"""Mistakes in a query, in our words: where it is, what is nearest, what to write."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

from kg import schema
from kg.errors import NameNotFound, QueryError
from kg.query.lexer import Token, excerpt, tokens
from kg.query.patterns import clauses, patterns

__all__ = ["check_names", "check_parameters", "nearest", "translate"]

_HINTS = (
    (r"Implicit cast|Cannot compare types|Cast failed", "compare text with text and numbers with numbers"),
    (r"buffer pool is full", "it needs more memory than it may have; match the named thing first, or add bounds"),
    (r"ORDER BY must be followed by", "order the rows of RETURN, or add LIMIT after this ORDER BY"),
    (r"UNREACHABLE_CODE", "a parameter cannot stand inside any(... WHERE ...); name it before: WITH $x AS x MATCH ..."),
)


def nearest(name: str, known: Iterable[str], *, limit: int = 3) -> tuple[str, ...]:
    """The known names most like this one, whatever the case; best first.

    >>> nearest("papr", ["Paper", "Task"])
    ('Paper',)
    """
    folded = {k.casefold(): k for k in known}
    return tuple(folded[f] for f in get_close_matches(name.casefold(), folded, n=limit, cutoff=0.5))


def check_names(text: str, listed: tuple[Token, ...]) -> None:
    """Raise NameNotFound, with the place and the nearest name, for a label, type or property the schema lacks.

    Case counts: Neo4j would find nothing under another case, where LadybugDB finds it all the same.
    """
    known = schema.load()
    owned: dict[str, set[str]] = {}
    for pattern in patterns(listed):
        for node in pattern.nodes:
            _known(text, node.labels, known.nodes, "node type")
            owned.setdefault(node.key, set()).update(t.value for t in node.labels)
        for rel in pattern.rels:
            _known(text, rel.types, known.edges, "edge type")
            if rel.variable and rel.hops is None:
                owned.setdefault(rel.variable, set()).update(t.value for t in rel.types)
    # A name given by AS may be a map, whose keys are free.
    for clause in clauses(listed):
        for word, name in pairwise(clause.body):
            if word.upper == "AS":
                owned.pop(name.value, None)
    for variable, dot, name in zip(listed, listed[1:], listed[2:], strict=False):
        if dot.text == "." and name.kind in ("name", "quoted") and variable.value in owned:
            types = owned[variable.value] or {t.name for t in known.types}
            properties = dict.fromkeys(p.name for t in known.types if t.name in types for p in t.properties)
            _known(text, (name,), properties, "property")


def _known(text: str, used: tuple[Token, ...], known: Iterable[str], what: str) -> None:
    names = tuple(known)
    for token in used:
        if token.value not in names:
            raise NameNotFound(
                excerpt(text, token.start, token.end, f"no {what} {token.value!r}"),
                suggestions=nearest(token.value, names),
                remedy=None if nearest(token.value, names) else f"one of {', '.join(names)}",
            )


def check_parameters(text: str, listed: tuple[Token, ...], given: Mapping[str, Any]) -> None:
    """Raise NameNotFound for a parameter that is used but not given, or given but not used."""
    used = {t.value: t for t in listed if t.kind == "parameter"}
    for name, token in used.items():
        if name not in given:
            raise NameNotFound(
                excerpt(text, token.start, token.end, f"no value for the parameter {name!r}"),
                remedy=f"give it: -p {name}=...",
            )
    for name in given:
        if name not in used:
            raise NameNotFound(
                f"the query has no parameter ${name}",
                suggestions=[f"${n}" for n in nearest(name, used)],
                remedy=None if nearest(name, used) else "leave it out",
            )


def translate(text: str, message: str) -> QueryError:
    """The engine's complaint about a query, with its place where that can be told."""
    for pattern, explain in _COMPLAINTS:
        if found := re.search(pattern, message, re.DOTALL):
            return explain(text, found)
    remedy = next((hint for pattern, hint in _HINTS if re.search(pattern, message, re.DOTALL)), None)
    plain = re.sub(r"^[\w ]+ exception: ", "", message.split("\n")[0])
    if "Assertion" in message:
        plain = "LadybugDB cannot answer this"
    return QueryError(plain, remedy=remedy)


def _place(text: str, found: re.Match[str]) -> QueryError:
    """Where the parser gave up: the token that it names."""
    lines = text.split("\n")
    start = sum(len(before) + 1 for before in lines[: int(found[1]) - 1]) + int(found[2])
    if start >= len(text.rstrip()):
        return QueryError(excerpt(text, len(text.rstrip()), len(text), "the query ends too early"))
    token = next((t for t in tokens(text) if t.start <= start < t.end), None)
    ends = token.end if token else start + 1
    return QueryError(excerpt(text, token.start if token else start, ends, "Cypher does not go on like this"))


def _unordered(text: str, found: re.Match[str]) -> QueryError:
    problem = f"{found[1]} is a variable as well, and LadybugDB would order by that"
    return QueryError(_located(text, found[1], problem, after="AS"), remedy="write another name after AS")


def _no_property(text: str, found: re.Match[str]) -> QueryError:
    names = sorted({p.name for t in schema.load().types for p in t.properties})
    problem = f"no property {found[1]!r}"
    return NameNotFound(_located(text, found[1], problem), suggestions=nearest(found[1], names))


def _no_type(text: str, found: re.Match[str]) -> QueryError:
    names = [t.name for t in schema.load().types]
    return NameNotFound(_located(text, found[1], f"no type {found[1]!r}"), suggestions=nearest(found[1], names))


def _no_variable(text: str, found: re.Match[str]) -> QueryError:
    names = {n.key for p in patterns(tokens(text)) for n in p.nodes} - {found[1]}
    problem = f"no variable {found[1]} here"
    return NameNotFound(_located(text, found[1], problem), suggestions=nearest(found[1], sorted(names)))


def _no_function(text: str, found: re.Match[str]) -> QueryError:
    return QueryError(_located(text, found[1], f"LadybugDB has no function {found[1].lower()}"))


def _wrong_arguments(text: str, found: re.Match[str]) -> QueryError:
    return QueryError(_located(text, found[1], f"{found[1].lower()} does not take {found[2]}"))


def _no_sum(text: str, found: re.Match[str]) -> QueryError:
    return QueryError(
        f"{found[2].replace(',', ' and ')} cannot be joined by {found[1]}",
        remedy="text and numbers do not add up; return them side by side",
    )


def _located(text: str, name: str, problem: str, *, after: str | None = None) -> str:
    """The problem at the first token of this name, or at the first behind the word `after`."""
    listed = tokens(text)
    for i, token in enumerate(listed):
        before = listed[i - 1].upper if i else ""
        if token.value.upper() == name.upper() and (before == after if after else before != "AS"):
            return excerpt(text, token.start, token.end, problem)
    return problem


_COMPLAINTS: tuple[tuple[str, Callable[[str, re.Match[str]], QueryError]], ...] = (
    (r"Cannot order by (\w+)\. Order by (?:NODE|REL)", _unordered),
    (r"Cannot find property (\w+) for", _no_property),
    (r"Table (\S+) does not exist", _no_type),
    (r"Variable (\S+) is not in scope", _no_variable),
    (r"[Ff]unction (\w+) does not exist", _no_function),
    (r"Function (\w+) did not receive correct arguments.*Actual:\s+(\([^\n]*\))", _wrong_arguments),
    (r"built-in function for given function (\S+?)\(([^)]*)\)", _no_sum),
    (r"\(line: (\d+), offset: (\d+)\)", _place),
)
