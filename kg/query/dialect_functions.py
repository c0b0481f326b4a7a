"""Functions that LadybugDB lacks or computes otherwise than Neo4j, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from kg import schema
from kg.query.dialect_rule import Finding
from kg.query.lexer import Token, closing
from kg.query.patterns import split_at

__all__ = ["RULES"]

_TYPE = (
    "one branch for each type: MATCH (p)-[:USES]->(x) RETURN 'USES' AS type, ... UNION ALL MATCH (p)-[:COMPARES]->(x)"
    " RETURN 'COMPARES' AS type, ...; LadybugDB alone also knows label(r)"
)
_LABELS = (
    "MATCH (n:Method|Dataset) for either, or one branch for each: MATCH (n:Method) RETURN 'Method' AS type, ... UNION"
    " ALL ...; LadybugDB alone also knows label(n)"
)
_DATES = "dates are text here and compare as text: p.date >= '2020-01-31'; p.year is a number"
_SHORTEST = "MATCH q = (a)-[:USES|INTRODUCES*1..4]-(b) WHERE a.id <> b.id RETURN length(q) AS n ORDER BY n LIMIT 1"
# name: (what is wrong, what to write)
_FUNCTIONS: Mapping[str, tuple[str, str]] = {
    "head": ("LadybugDB has no head()", "list[-size(list)], where size(list) > 0"),
    "last": ("LadybugDB has no last()", "list[-1], where size(list) > 0"),
    "tail": ("LadybugDB has no tail()", "UNWIND the list"),
    "reduce": ("LadybugDB has no reduce()", "UNWIND list AS a WITH p, a RETURN p.id, sum(size(a))"),
    "tostring": ("LadybugDB has no toString()", "return the value as it is, next to the text"),
    "tointeger": ("LadybugDB has no toInteger()", "give numbers as numbers: -p n=12"),
    "tofloat": ("LadybugDB has no toFloat()", "1.0 * x"),
    "toboolean": ("LadybugDB has no toBoolean()", "compare the text: x = 'true'"),
    "split": ("LadybugDB has no split()", "CONTAINS, STARTS WITH, ENDS WITH or =~; or split in Python"),
    "substring": ("substring() counts from 0 in Neo4j and from 1 in LadybugDB", "left(s, n) or right(s, n)"),
    "labels": ("labels() is a list in Neo4j and a text in LadybugDB", _LABELS),
    "type": ("LadybugDB has no type()", _TYPE),
    "elementid": ("LadybugDB has no elementId()", "compare the nodes, a = b, or their ids, a.id = b.id"),
    "startnode": ("LadybugDB has no startNode()", "name the node in the pattern: (a)-[e]->(b), and use a"),
    "endnode": ("LadybugDB has no endNode()", "name the node in the pattern: (a)-[e]->(b), and use b"),
    "datetime": ("LadybugDB has no datetime()", _DATES),
    "localdatetime": ("LadybugDB has no localdatetime()", _DATES),
    "exists": ("LadybugDB has no exists()", "x.url IS NOT NULL, or EXISTS { MATCH (p)-[:HAS_CODE]->() }"),
    "shortestpath": ("LadybugDB has no shortestPath()", _SHORTEST),
    "allshortestpaths": ("LadybugDB has no allShortestPaths()", _SHORTEST),
    "log": ("log() is the natural logarithm in Neo4j and to base 10 in LadybugDB", "log10(x)"),
    "isempty": ("LadybugDB has no isEmpty()", "size(x) = 0"),
    "rand": ("LadybugDB has no rand()", "leave it out: an answer should be the same each time"),
    "char_length": ("LadybugDB has no char_length()", "size(text)"),
    "keys": (
        "keys() leaves out what a node does not have in Neo4j, and lists all in LadybugDB",
        "return the properties you want; kg stats lists them",
    ),
}


def _calls(listed: tuple[Token, ...]) -> Iterator[tuple[Token, tuple[Token, ...], int]]:
    """Each function call: its name, the tokens between its brackets, and the index of its name."""
    for i, (token, bracket) in enumerate(pairwise(listed)):
        before = listed[i - 1].text if i else ""
        if token.kind == "name" and bracket.text == "(" and before not in (".", ":", "|"):
            yield token, listed[i + 2 : closing(listed, i + 1)], i


def _known_functions(listed: tuple[Token, ...], _: Mapping[str, Any]) -> Iterator[Finding]:
    for token, arguments, _i in _calls(listed):
        name = token.text.lower()
        if name in _FUNCTIONS:
            yield Finding.at(token, *_FUNCTIONS[name])
        elif name == "properties" and len(split_at(arguments, ",")) == 1:
            yield Finding.at(
                token, "properties() leaves out in Neo4j what is null in LadybugDB", "return the properties you want"
            )
        elif name == "round" and len(split_at(arguments, ",")) == 1:
            yield Finding.at(token, "LadybugDB's round() wants the number of places", "round(x, 0)")


def _reverse(listed: tuple[Token, ...], parameters: Mapping[str, Any]) -> Iterator[Finding]:
    """Text turns round alike in both; of a list LadybugDB turns round the printed form."""
    for token, arguments, _i in _calls(listed):
        if token.text.lower() == "reverse" and not _is_text(arguments, parameters):
            yield Finding.at(
                token, "reverse() of a list turns round its printed text in LadybugDB", "reverse it in Python"
            )


def _is_text(value: tuple[Token, ...], parameters: Mapping[str, Any]) -> bool:
    if len(value) == 1:
        given = value[0].kind == "parameter" and isinstance(parameters.get(value[0].value), str)
        return value[0].kind == "string" or given
    return len(value) == 3 and value[1].text == "." and value[2].value in _text_properties()


def _text_properties() -> set[str]:
    known = schema.load()
    all_of = [p for kind in known.types for p in kind.properties]
    return {p.name for p in all_of if p.type == "string"} - {p.name for p in all_of if p.type != "string"}


def _id(listed: tuple[Token, ...], _: Mapping[str, Any]) -> Iterator[Finding]:
    """Only id(a) = id(b) is the same in both."""
    for token, _arguments, i in _calls(listed):
        if token.text.lower() != "id":
            continue
        end = closing(listed, i + 1)
        after = listed[end + 1 : end + 3]
        before = listed[max(0, i - 2) : i]
        compared_after = len(after) == 2 and after[0].text in ("=", "<>") and after[1].text.lower() == "id"
        compared_before = len(before) == 2 and before[1].text in ("=", "<>") and before[0].text == ")"
        if not compared_after and not compared_before:
            yield Finding.at(token, "id() is a number in Neo4j and something else in LadybugDB", "the property: n.id")


def _list_predicates(listed: tuple[Token, ...], _: Mapping[str, Any]) -> Iterator[Finding]:
    for token, arguments, _i in _calls(listed):
        if token.upper in ("ANY", "ALL", "NONE", "SINGLE"):
            condition = [t for part in split_at(arguments, "WHERE")[1:] for t in part]
            for inner in (t for t in condition if t.kind == "parameter"):
                yield Finding.at(
                    inner,
                    "LadybugDB takes no parameter inside a list predicate",
                    f"name it before: WITH {inner.text} AS needle MATCH ... WHERE {token.text}(a IN x.aliases WHERE"
                    " a = needle)",
                )


RULES = (_known_functions, _reverse, _id, _list_predicates)
