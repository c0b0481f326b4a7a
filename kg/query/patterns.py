"""What a query says, as far as its rules need it: its clauses, the patterns of its MATCHes, and its comparisons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.query.lexer import Token, closing

__all__ = [
    "CLAUSES",
    "Clause",
    "Pattern",
    "PatternNode",
    "PatternRel",
    "clauses",
    "parse",
    "patterns",
    "split_at",
    "starts_clause",
]

# fmt: off
CLAUSES = frozenset({
    "MATCH", "OPTIONAL", "WHERE", "WITH", "RETURN", "UNWIND", "UNION", "ORDER", "SKIP", "LIMIT", "CALL", "CREATE",
    "MERGE", "SET", "DELETE", "DETACH", "REMOVE",
})
# After one of these a word is a name, not the start of a clause.
_WANTS_OPERAND = frozenset({
    "AS", "BY", "RETURN", "WITH", "DISTINCT", "WHERE", "AND", "OR", "XOR", "NOT", "IN", "CASE", "WHEN", "THEN", "ELSE",
    "UNWIND", "CONTAINS", "IS", "LIMIT", "SKIP",
})
# fmt: on
_CLOSES = frozenset(")]}*")


@dataclass(frozen=True, slots=True)
class PatternNode:
    """``(var:Label {...})``. `key` is the variable, or a name of its own where there is none."""

    key: str
    labels: tuple[Token, ...]
    label_marks: str
    literals: tuple[tuple[str, str], ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PatternRel:
    """``-[var:TYPE*1..2]->`` between nodes `left` and `right`; `ahead` and `back` are its arrow heads.

    `hops` is None for a single edge, else (lowest, highest or None).
    """

    variable: str | None
    types: tuple[Token, ...]
    hops: tuple[int, int | None] | None
    native: bool
    back: bool
    ahead: bool
    left: PatternNode
    right: PatternNode
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """The nodes and edges of one MATCH, or of one pattern elsewhere."""

    nodes: tuple[PatternNode, ...]
    rels: tuple[PatternRel, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: its word, the tokens after the word, and how deep in brackets it stands."""

    word: str
    first: Token
    body: tuple[Token, ...]
    depth: int


def starts_clause(listed: tuple[Token, ...], i: int) -> bool:
    """Whether the word at index `i` stands where a clause can begin: not where a name is due."""
    if listed[i].kind != "name":
        return False
    following = listed[i + 1].text if i + 1 < len(listed) else ""
    if i == 0:
        return True
    before = listed[i - 1]
    if before.text in "{;":
        return following != ":"
    if before.kind == "mark":
        return before.text in _CLOSES
    if before.kind == "name" and i >= 2 and listed[i - 2].text == ".":
        return True  # the name of a property ends an expression, whatever it is
    return before.upper not in _WANTS_OPERAND


def clauses(listed: tuple[Token, ...]) -> list[Clause]:
    """All clauses in the order of their words; those inside ``EXISTS { }`` come with a greater depth."""
    found: list[Clause] = []
    depth = 0
    depths = []
    for token in listed:
        if token.text in "([{" and token.kind == "mark":
            depth += 1
        depths.append(depth)
        if token.text in ")]}" and token.kind == "mark":
            depth -= 1
    heads = [i for i, t in enumerate(listed) if t.upper in CLAUSES and starts_clause(listed, i)]
    heads = [i for i in heads if not _is_operator(listed, i)]
    for i in heads:
        end = i + 1
        while end < len(listed) and depths[end] >= depths[i] and not (end in heads and depths[end] == depths[i]):
            if listed[end].text in ")]}" and listed[end].kind == "mark" and depths[end] == depths[i]:
                break
            end += 1
        found.append(Clause(listed[i].upper, listed[i], listed[i + 1 : end], depths[i]))
    return found


def _is_operator(listed: tuple[Token, ...], i: int) -> bool:
    return listed[i].upper == "WITH" and i > 0 and listed[i - 1].upper in ("STARTS", "ENDS")


def split_at(listed: tuple[Token, ...], *words: str) -> list[tuple[Token, ...]]:
    """The tokens cut at these marks or words, where they stand outside all brackets."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in listed:
        if token.kind == "mark":
            depth += (token.text in "([{") - (token.text in ")]}")
        if depth == 0 and (token.upper or token.text) in words and token.kind in ("mark", "name"):
            parts.append([])
        else:
            parts[-1].append(token)
    return [tuple(part) for part in parts]


def patterns(listed: tuple[Token, ...]) -> Iterator[Pattern]:
    """The pattern of every MATCH, and every pattern used as a condition."""
    inside: set[int] = set()
    for clause in clauses(listed):
        if clause.word == "MATCH":
            inside |= {t.start for t in clause.body}
            yield parse(clause.body)
    i = 0
    while i < len(listed):
        if listed[i].text == "(" and listed[i].start not in inside and not _is_call(listed, i):
            end = _pattern_end(listed, i)
            if end > closing(listed, i):
                yield parse(listed[i : end + 1])
                i = end
        i += 1


def _is_call(listed: tuple[Token, ...], i: int) -> bool:
    return i > 0 and listed[i - 1].kind in ("name", "quoted") and listed[i - 1].upper not in _WANTS_OPERAND


def _pattern_end(listed: tuple[Token, ...], i: int) -> int:
    """The index of the last token of a chain of nodes and edges that begins with the node at `i`."""
    end = closing(listed, i)
    while True:
        j = end + 1
        while j < len(listed) and listed[j].text in ("<", "-", ">", "["):
            j = closing(listed, j) + 1 if listed[j].text == "[" else j + 1
        if j < end + 3 or j >= len(listed) or listed[j].text != "(" or listed[end + 1].text == ">":
            return end
        if not any(t.text == "-" for t in (listed[end + 1], listed[end + 2])):
            return end
        end = closing(listed, j)


def parse(body: tuple[Token, ...]) -> Pattern:
    """The nodes and edges of pattern text; what is not understood is passed over (the engine will say so)."""
    nodes: list[PatternNode] = []
    rels: list[PatternRel] = []
    i = 0
    last: PatternNode | None = None
    rel_from: int | None = None
    while i < len(body):
        token = body[i]
        if token.text == "(" and token.kind == "mark":
            end = closing(body, i)
            node = _node(body[i + 1 : end], token.start, body[end].end)
            nodes.append(node)
            if last is not None and rel_from is not None:
                rels.append(_rel(body[rel_from:i], last, node))
            last, rel_from = node, None
            i = end
        elif token.text == "[" and rel_from is not None:
            i = closing(body, i)
        elif token.text in ("-", "<") and last is not None and rel_from is None:
            rel_from = i
        elif token.text == ",":
            last, rel_from = None, None
        i += 1
    return Pattern(tuple(nodes), tuple(rels))


def _node(inner: tuple[Token, ...], start: int, end: int) -> PatternNode:
    key, rest = f"({start})", inner
    if inner and inner[0].kind in ("name", "quoted"):
        key, rest = inner[0].value, inner[1:]
    labels, marks, i = [], "", 0
    while i + 1 < len(rest) and rest[i].text in (":", "|", "&") and rest[i].kind == "mark":
        marks += rest[i].text
        i += 1
        if rest[i].text == ":":
            i += 1
        if i < len(rest) and rest[i].kind in ("name", "quoted"):
            labels.append(rest[i])
        i += 1
    return PatternNode(key, tuple(labels), marks, _literals(rest[i:]), start, end)


def _literals(rest: tuple[Token, ...]) -> tuple[tuple[str, str], ...]:
    """The (property, literal) pairs of ``{id: 'x'}``."""
    if not rest or rest[0].text != "{":
        return ()
    return tuple(
        (part[0].value, part[2].text)
        for part in split_at(rest[1 : closing(rest, 0)], ",")
        if len(part) == 3 and part[1].text == ":" and part[2].kind in ("string", "number", "parameter")
    )


def _rel(between: tuple[Token, ...], left: PatternNode, right: PatternNode) -> PatternRel:
    back, ahead = between[0].text == "<", between[-1].text == ">"
    inner: tuple[Token, ...] = ()
    for i, token in enumerate(between):
        if token.text == "[":
            inner = between[i + 1 : closing(between, i)]
            break
    variable = inner[0].value if inner and inner[0].kind in ("name", "quoted") else None
    types, hops, native, i = [], None, False, 1 if variable else 0
    while i < len(inner):
        token = inner[i]
        if token.text == "{":
            break
        if token.text == "*":
            hops, native = _hops(inner[i + 1 :])
            break
        if token.kind in ("name", "quoted"):
            types.append(token)
        i += 1
    start, end = between[0].start, between[-1].end
    return PatternRel(variable, tuple(types), hops, native, back, ahead, left, right, start, end)


def _hops(after: tuple[Token, ...]) -> tuple[tuple[int, int | None], bool]:
    """The bounds behind the star, and whether they are written with a word that only LadybugDB knows."""
    native = any(t.kind == "name" for t in after[:2])
    marks = [t for t in after if t.kind == "number" or t.text == ".."][:3]
    numbers = [int(t.text) for t in marks if t.kind == "number" and t.text.isdigit()]
    if not marks:
        return (1, None), native
    if marks[0].text == "..":
        return (1, numbers[0] if numbers else None), native
    if len(marks) > 1 and marks[1].text == "..":
        return (numbers[0], numbers[1] if len(numbers) > 1 else None), native
    return (numbers[0], numbers[0]), native
