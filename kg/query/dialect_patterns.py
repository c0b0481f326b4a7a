"""Patterns that the two engines match otherwise: labels, one edge matched twice, walks instead of trails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from kg import schema
from kg.query.dialect_rule import Finding
from kg.query.lexer import Token, closing
from kg.query.patterns import Clause, Pattern, PatternNode, PatternRel, clauses, parse, patterns, split_at

__all__ = ["RULES"]

_CONDITION_BEFORE = frozenset({"WHERE", "AND", "OR", "XOR", "NOT", "WHEN", "RETURN", "THEN", "ELSE", "CASE"})
_UNEQUAL = frozenset({"<>", "<", ">"})
_PREDICATE = "put the label into the pattern: MATCH (n:Method), MATCH (n:Method|Task); or EXISTS { MATCH (n:Method) }"


def _labels(listed: tuple[Token, ...], _: Mapping[str, Any]) -> Iterator[Finding]:
    for pattern in patterns(listed):
        for node in pattern.nodes:
            if len(node.labels) > 1 and "|" not in node.label_marks:
                names = "|".join(t.text for t in node.labels)
                yield Finding(
                    node.start,
                    node.end,
                    "(n:A:B) means both labels in Neo4j and either of them in LadybugDB",
                    f"(n:{names}) for either; no node has two",
                )


def _label_predicates(listed: tuple[Token, ...], _: Mapping[str, Any]) -> Iterator[Finding]:
    opened: list[int] = []
    for i, token in enumerate(listed):
        if token.kind == "mark" and token.text in "([{":
            opened.append(i)
        elif token.kind == "mark" and token.text in ")]}" and opened:
            opened.pop()
        if token.text != ":" or not 0 < i < len(listed) - 1 or listed[i - 1].kind not in ("name", "quoted"):
            continue
        before = listed[i - 2] if i >= 2 else None
        within = listed[opened[-1]].text if opened else ""
        bracketed = (
            within == "("
            and opened[-1] == i - 2
            and opened[-1] > 0
            and listed[opened[-1] - 1].upper in _CONDITION_BEFORE
            and not _goes_on(listed, closing(listed, opened[-1]))
        )
        plain = before is not None and (
            before.upper in _CONDITION_BEFORE or (before.text == "," and within not in ("{", "["))
        )
        if bracketed or (plain and within != "["):
            yield Finding(
                listed[i - 1].start, listed[i + 1].end, "LadybugDB has no label test outside a pattern", _PREDICATE
            )


def _goes_on(listed: tuple[Token, ...], i: int) -> bool:
    return i + 1 < len(listed) and listed[i + 1].text in ("-", "<")


def _newer_paths(listed: tuple[Token, ...], _: Mapping[str, Any]) -> Iterator[Finding]:
    for clause in (c for c in clauses(listed) if c.word == "MATCH"):
        body = clause.body
        for i, token in enumerate(body):
            before = body[i - 1].text if i else "="
            if token.upper in ("SHORTEST", "ANY") and before in ("=", ","):
                yield Finding.at(
                    token,
                    "LadybugDB has no SHORTEST",
                    "q = (a)-[:USES|INTRODUCES*1..4]-(b) WHERE a.id <> b.id RETURN length(q) AS n ORDER BY n LIMIT 1",
                )
            if (token.text == "{" and before in ("-", ">", ")")) or (token.text == "+" and before in ("-", ">")):
                yield Finding.at(token, "LadybugDB has no quantified path", "the star: -[:VARIANT_OF*1..2]->")


def _many_hops(listed: tuple[Token, ...], _: Mapping[str, Any]) -> Iterator[Finding]:
    named = {r.variable for p in patterns(listed) for r in p.rels if r.hops and r.variable}
    for function, _open, inner in zip(listed, listed[1:], listed[2:], strict=False):
        if function.upper == "SIZE" and inner.value in named:
            yield Finding.at(
                function, "LadybugDB does not count the edges of a path this way", "q = (a)-[...]->(b), then length(q)"
            )
    for first, dot, second, dot_2, third in zip(listed, listed[1:], listed[2:], listed[3:], listed[4:], strict=False):
        if dot.text == dot_2.text == "." and first.kind == second.kind == third.kind == "name":
            yield Finding(
                first.start,
                third.end,
                "a property here has no parts of its own",
                "dates are text, YYYY-MM-DD; the year of a paper is p.year",
            )


def _matches(listed: tuple[Token, ...]) -> Iterator[tuple[Pattern, tuple[Token, ...], tuple[Clause, ...]]]:
    """Each MATCH: its pattern, the tokens of its own WHERE, and the clauses after it."""
    found = clauses(listed)
    for i, clause in enumerate(found):
        if clause.word == "MATCH":
            later = tuple(c for c in found[i + 1 :] if c.depth == clause.depth)
            where = later[0].body if later and later[0].word == "WHERE" else ()
            yield parse(clause.body), where, later


def _walks(listed: tuple[Token, ...], _: Mapping[str, Any]) -> Iterator[Finding]:
    """Undirected and of several lengths: Neo4j gives trails, LadybugDB walks, which turn back and come again.

    What both reach is the same where the shortest way may be one step, the ends differ, and nothing is counted.
    """
    for pattern, where, later in _matches(listed):
        for rel in pattern.rels:
            if rel.hops is None or rel.back != rel.ahead or rel.native:
                continue
            lowest, highest = rel.hops
            apart = _are_apart(rel.left, rel.right, _unequal(where))
            if lowest > 1 or highest is None or not apart or not _counts_nothing(later):
                yield Finding(
                    rel.start,
                    rel.end,
                    "an undirected path of several lengths goes back and forth in LadybugDB, and not in Neo4j",
                    "begin at *1.. or *0.., give an upper bound, add WHERE a.id <> b.id for its two ends, and RETURN"
                    " DISTINCT, min(length(q)), or ORDER BY length LIMIT 1",
                )


def _counts_nothing(later: tuple[Clause, ...]) -> bool:
    """Whether what follows is the same however often a row comes."""
    output = next((c for c in later if c.word in ("WITH", "RETURN")), None)
    if output is None:
        return False
    words = [t.text.upper() for t in output.body]
    counts = [i for i, w in enumerate(words) if w in ("COUNT", "COLLECT", "SUM", "AVG")]
    counted = any(words[i + 1 : i + 3] != ["(", "DISTINCT"] for i in counts)
    if words[:1] == ["DISTINCT"] or counts or ("MIN" in words):
        return not counted
    rest = list(later[later.index(output) + 1 :])
    shortest = [c.word for c in rest[:2]] == ["ORDER", "LIMIT"] and [t.text for t in rest[1].body[:1]] == ["1"]
    return shortest and "LENGTH" in words


def _unequal(where: tuple[Token, ...]) -> set[frozenset[str]]:
    """The pairs of variables that a WHERE keeps apart: a <> b, a.id <> b.id, a.id < b.id, joined by AND alone."""
    if len(split_at(where, "OR", "XOR")) > 1:
        return set()
    found = set()
    for part in split_at(where, "AND"):
        while part and part[0].text == "(" and closing(part, 0) == len(part) - 1:
            part = part[1:-1]
        texts = [t.text for t in part]
        if len(part) == 3 and texts[1] == "<>":
            found.add(frozenset((part[0].value, part[2].value)))
        if len(part) == 7 and texts[1] == texts[5] == "." and texts[3] in _UNEQUAL and texts[2] == texts[6]:
            found.add(frozenset((part[0].value, part[4].value)))
    return found


def _are_apart(a: PatternNode, b: PatternNode, unequal: set[frozenset[str]]) -> bool:
    """Whether two nodes of a pattern can never be the same one."""
    if a.key != b.key and frozenset((a.key, b.key)) in unequal:
        return True
    literals = dict(b.literals)
    return any(k in literals and literals[k] != v and "$" not in v + literals[k] for k, v in a.literals)


def _same_edge(listed: tuple[Token, ...], _: Mapping[str, Any]) -> Iterator[Finding]:
    """Two edges of one MATCH that one edge of the graph could serve as: LadybugDB lets it, Neo4j does not."""
    labels: dict[str, frozenset[str]] = {}
    for pattern in patterns(listed):
        for node in pattern.nodes:
            if node.labels:
                labels[node.key] = frozenset(t.value for t in node.labels)
    for pattern, where, _later in _matches(listed):
        unequal = _unequal(where)
        for first, second in combinations(pattern.rels, 2):
            if _may_be_one(first, second, labels, unequal):
                ends = [n.key for n in (first.left, first.right, second.left, second.right)]
                a, b = _to_keep_apart(ends)
                yield Finding(
                    second.start,
                    second.end,
                    "one edge could be matched twice here: LadybugDB lets it, Neo4j does not",
                    f"add WHERE {a}.id <> {b}.id, or write two MATCH clauses if one edge may serve twice",
                )


def _to_keep_apart(ends: list[str]) -> tuple[str, str]:
    """The two outer nodes, by the names they have or should get."""
    once = [e for e in ends if ends.count(e) == 1]
    names = [e if not e.startswith("(") else "" for e in (once[0], once[-1])] if len(once) > 1 else ["a", "b"]
    return names[0] or "a", names[1] or "b"


def _may_be_one(
    first: PatternRel, second: PatternRel, labels: Mapping[str, frozenset[str]], unequal: set[frozenset[str]]
) -> bool:
    if not _pairs(first, labels) & _pairs(second, labels):
        return False
    if first.hops is not None or second.hops is not None:
        return True
    for ends_1 in _ends(first):
        for ends_2 in _ends(second):
            if not any(_are_apart(a, b, unequal) or _exclude(a, b, labels) for a, b in _made_equal(ends_1, ends_2)):
                return True
    return False


def _made_equal(
    ends_1: tuple[PatternNode, PatternNode], ends_2: tuple[PatternNode, PatternNode]
) -> list[tuple[PatternNode, PatternNode]]:
    """The pairs of nodes that must be the same if two edges are: subjects, objects, and what follows from that."""
    matched = list(zip(ends_1, ends_2, strict=True))
    (a, b), (c, d) = matched
    if {a.key, b.key} & {c.key, d.key}:
        return list(combinations((a, b, c, d), 2))
    return matched


def _ends(rel: PatternRel) -> list[tuple[PatternNode, PatternNode]]:
    """(subject, object), both ways round where there is no arrow."""
    ways = [(rel.left, rel.right), (rel.right, rel.left)]
    return ways if rel.back == rel.ahead else ways[1:] if rel.back else ways[:1]


def _exclude(a: PatternNode, b: PatternNode, labels: Mapping[str, frozenset[str]]) -> bool:
    one, other = labels.get(a.key), labels.get(b.key)
    return one is not None and other is not None and not one & other


def _pairs(rel: PatternRel, labels: Mapping[str, frozenset[str]]) -> set[tuple[str, str, str]]:
    """The (type, subject type, object type) that this edge can have by the schema."""
    known = schema.load().edges
    types = [t.value for t in rel.types] or list(known)
    found = set()
    for name in types:
        for a, b in known[name].pairs if name in known else ():
            for subject, object_ in _ends(rel):
                fits = a in labels.get(subject.key, {a}) and b in labels.get(object_.key, {b})
                if fits or rel.hops is not None:
                    found.add((name, a, b))
    return found


RULES = (_labels, _label_predicates, _newer_paths, _many_hops, _walks, _same_edge)
