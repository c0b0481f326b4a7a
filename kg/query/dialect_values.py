"""Comparisons that LadybugDB makes true by turning text into numbers, where Neo4j says they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Literal

from kg import schema
from kg.query.dialect_rule import Finding
from kg.query.lexer import Token, closing
from kg.query.patterns import patterns, split_at

__all__ = ["RULES"]

ValueKind = Literal["text", "number", "truth", "list", "date"]
_OPERATORS = frozenset({"=", "<>", "<", ">", "<=", ">="})
_KINDS: Mapping[str, ValueKind] = {"string": "text", "integer": "number", "number": "number", "strings": "list"}
# After these functions the kind is known; after _FIRST it is that of the first argument.
_RESULTS: Mapping[str, ValueKind] = {
    **dict.fromkeys(("COUNT", "SIZE", "LENGTH", "SUM", "AVG", "ABS", "ROUND", "FLOOR", "CEIL", "SQRT"), "number"),
    **dict.fromkeys(("TOLOWER", "TOUPPER", "LOWER", "UPPER", "LEFT", "RIGHT", "TRIM", "REPLACE", "REVERSE"), "text"),
    **dict.fromkeys(("COLLECT", "NODES", "RELATIONSHIPS", "RANGE"), "list"),
    "DATE": "date",
}
_WRITE = "write 5 for a number and '5' for text"
_WRITE_DATE = "dates are text here and compare as text: p.date >= '2020-01-31'; p.year is a number"
_FIRST = frozenset({"MIN", "MAX", "COALESCE"})
# Text and numbers do not add up in LadybugDB, so the last term of a sum tells the kind of the whole.
_BESIDE = frozenset("()[]{},;+-*/%^")
# fmt: off
_WORDS_BESIDE = frozenset({
    "WHERE", "AND", "OR", "XOR", "NOT", "RETURN", "WITH", "WHEN", "THEN", "ELSE", "END", "AS", "ORDER", "LIMIT", "SKIP",
    "MATCH", "OPTIONAL", "UNION", "UNWIND", "CASE", "DISTINCT",
})
# fmt: on


def _property_kinds() -> dict[str, ValueKind]:
    """The kind of every property that has the same kind wherever it stands."""
    known = schema.load()
    kinds: dict[str, set[ValueKind]] = {}
    for kind in known.types:
        for p in kind.properties:
            kinds.setdefault(p.name, set()).add(_KINDS[p.type])
    return {name: next(iter(found)) for name, found in kinds.items() if len(found) == 1}


def _python_kind(value: object) -> ValueKind | None:
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "text"
    return "list" if isinstance(value, (list, tuple)) else None


class _Kinds:
    """Tells the kind of an operand: a literal, a parameter, a property, a call, or a name given to one by AS."""

    def __init__(self, listed: tuple[Token, ...], parameters: Mapping[str, Any]) -> None:
        self._properties = _property_kinds()
        self._parameters = parameters
        found = list(patterns(listed))
        self._variables = {n.key for p in found for n in p.nodes} | {r.variable or "" for p in found for r in p.rels}
        self._names: dict[str, ValueKind] = {}
        for i, token in enumerate(listed):
            if token.upper == "AS" and i + 1 < len(listed):
                kind = self.ending(listed, i - 1)
                if kind is not None:
                    self._names[listed[i + 1].value] = kind

    def ending(self, listed: tuple[Token, ...], i: int) -> ValueKind | None:
        """The kind of the operand that ends with token `i`; None where it is not known."""
        if i < 0:
            return None
        start = i - 2 if i >= 2 and listed[i - 1].text == "." else i
        if listed[i].text == ")":
            depth = 0
            for start in range(i, -1, -1):
                depth += (listed[start].text == ")") - (listed[start].text == "(")
                if depth == 0:
                    break
            start -= 1
        if start > 0 and not _beside(listed[start - 1]):
            return None
        return self.of(listed[max(0, start) : i + 1])

    def beginning(self, listed: tuple[Token, ...], i: int) -> ValueKind | None:
        """The kind of the operand that begins with token `i`; None where it is not known."""
        following = listed[i + 1].text if i + 1 < len(listed) else ""
        end = i + 2 if following == "." and i + 2 < len(listed) else i
        if following == "(" and listed[i].kind == "name":
            end = closing(listed, i + 1)
        if end + 1 < len(listed) and not _beside(listed[end + 1]):
            return None
        return self.of(listed[i : end + 1])

    def of(self, operand: tuple[Token, ...]) -> ValueKind | None:
        """The kind of these tokens, taken as one operand."""
        token = operand[0]
        if len(operand) > 2 and operand[1].text == "(":
            if token.upper in _FIRST:
                return self.beginning(operand, 2)
            return _RESULTS.get(token.upper)
        if len(operand) == 3 and operand[1].text == ".":
            return self._properties.get(operand[2].value) if token.value in self._variables else None
        if token.kind in ("string", "number"):
            return "text" if token.kind == "string" else "number"
        if token.kind == "parameter":
            return _python_kind(self._parameters.get(token.value))
        if token.upper in ("TRUE", "FALSE"):
            return "truth"
        return self._names.get(token.value) if token.kind in ("name", "quoted") else None


def _beside(token: Token) -> bool:
    return (token.kind == "mark" and token.text in _BESIDE) or token.upper in _WORDS_BESIDE


def _mixed(listed: tuple[Token, ...], parameters: Mapping[str, Any]) -> Iterator[Finding]:
    kinds = _Kinds(listed, parameters)
    for i, token in enumerate(listed):
        if token.kind != "mark" or token.text not in _OPERATORS or not 0 < i < len(listed) - 1:
            continue
        left, right = kinds.ending(listed, i - 1), kinds.beginning(listed, i + 1)
        if left and right and left != right:
            yield Finding(
                listed[i - 1].start,
                listed[i + 1].end,
                f"{left} compared with {right}: never equal in Neo4j, turned into one kind by LadybugDB",
                _WRITE_DATE if "date" in (left, right) else f"{_WRITE}; -p n=5 is a number, -p 'n=\"5\"' is text",
            )


def _mixed_maps(listed: tuple[Token, ...], parameters: Mapping[str, Any]) -> Iterator[Finding]:
    """The same for (p:Paper {year: '2016'})."""
    known = _property_kinds()
    for node in (n for p in patterns(listed) for n in p.nodes):
        for name, value in node.literals:
            left = known.get(name)
            right: ValueKind | None = "text" if value[0] in "'\"" else "number"
            if value.startswith("$"):
                right = _python_kind(parameters.get(value[1:].strip("`")))
            if left and right and left != right:
                yield Finding(
                    node.start,
                    node.end,
                    f"{left} compared with {right}: never equal in Neo4j, turned into one kind by LadybugDB",
                    _WRITE,
                )


def _text_operators(listed: tuple[Token, ...], parameters: Mapping[str, Any]) -> Iterator[Finding]:
    kinds = _Kinds(listed, parameters)
    for i, token in enumerate(listed):
        word = token.upper in ("CONTAINS", "STARTS", "ENDS") or token.text == "=~"
        left = kinds.ending(listed, i - 1) if word else None
        right = i + (2 if token.upper in ("STARTS", "ENDS") else 1)
        if word and right < len(listed) and left in (None, "text") and listed[right].kind in ("number", "parameter"):
            left = kinds.beginning(listed, right)
        if left not in (None, "text"):
            yield Finding.at(
                token,
                f"a {left} is no text: never true in Neo4j, turned into text by LadybugDB",
                "compare numbers with <, = and >; for a list write 'x' IN p.authors",
            )


def _mixed_in(listed: tuple[Token, ...], parameters: Mapping[str, Any]) -> Iterator[Finding]:
    """The same for x IN list, and null in a list: x IN [null] is null in Neo4j and false in LadybugDB."""
    kinds = _Kinds(listed, parameters)
    for i, token in enumerate(listed):
        if token.upper != "IN" or not 0 < i < len(listed) - 1:
            continue
        after = listed[i + 1]
        items: list[ValueKind | None] = []
        if after.kind == "parameter" and isinstance(parameters.get(after.value), (list, tuple)):
            items = [_python_kind(v) for v in parameters[after.value]]
            has_null = None in parameters[after.value]
        elif after.text == "[":
            parts = split_at(listed[i + 2 : closing(listed, i + 1)], ",")
            items = [kinds.of(p) for p in parts if len(p) == 1]
            has_null = any(len(p) == 1 and p[0].upper == "NULL" for p in parts)
        else:
            continue
        if has_null:
            yield Finding.at(
                after, "null in a list: x IN [null] is null in Neo4j and false in LadybugDB", "leave null out"
            )
        left = kinds.ending(listed, i - 1)
        if left and any(kind and kind != left for kind in items):
            yield Finding.at(
                after, f"{left} looked for among other kinds", "write 5 for a number and '5' for text in the list"
            )


def _empty_text(listed: tuple[Token, ...], parameters: Mapping[str, Any]) -> Iterator[Finding]:
    for word, value in pairwise(listed):
        if word.upper == "CONTAINS":
            empty = value.text in ("''", '""') or (value.kind == "parameter" and parameters.get(value.value) == "")
            if empty:
                yield Finding.at(value, "every text contains '' in Neo4j, and none does in LadybugDB", "leave it out")


def _null_parameter(listed: tuple[Token, ...], parameters: Mapping[str, Any]) -> Iterator[Finding]:
    for value, word in pairwise(listed):
        if value.kind == "parameter" and word.upper == "IS" and parameters.get(value.value) is None:
            yield Finding.at(
                value,
                "LadybugDB cannot ask whether a parameter is null",
                f"a list that may be empty: size({value.text}) = 0 OR p.year IN {value.text}",
            )


RULES = (_mixed, _mixed_maps, _text_operators, _mixed_in, _empty_text, _null_parameter)
