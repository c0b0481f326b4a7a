"""An entity or a paper with its properties, its edges, and the sentences that prove them, the words marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kg import schema
from kg.errors import NameNotFound, QueryError
from kg.query.ladybug_engine import Ladybug
from kg.query.names import Found, Names
from kg.store import Store

__all__ = ["Quote", "Shown", "ShownEdge", "show"]

_PART_OF_TITLE = """
MATCH (p:Paper) WHERE toLower(p.title) CONTAINS $part RETURN p.id AS id, p.title AS title ORDER BY title, id LIMIT 6
"""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a paper; `marks` are the [start, end) places in `text` of the words that prove the edge."""

    paper: str
    field: str
    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class ShownEdge:
    """An edge at the thing shown: `out` is true where it begins there; `other` is what is at its other end."""

    type: str
    out: bool
    other: Found
    properties: Mapping[str, Any]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A node with its edges: those of each type first out, then in, by the name at the other end.

    `counts` holds how many edges there are of each (type, out), of which `edges` holds the first `limit`.
    """

    found: Found
    properties: Mapping[str, Any]
    edges: tuple[ShownEdge, ...]
    counts: Mapping[tuple[str, bool], int]


def show(store: Store, name: str, *, limit: int = 10) -> Shown:
    """The entity or paper of this name, id or identifier, or the one paper with these words in its title.

    At most `limit` edges of each type and direction. Raises NameNotFound with the nearest names, QueryError where
    several have the name.
    """
    engine = Ladybug.open(store)
    try:
        found = _find(store, engine, name)
        node = f"(n:{found.type} {{id: $id}})"
        properties = engine.ask(f"MATCH {node} RETURN n", {"id": found.id}, timeout=60).rows[0][0]
        edges: list[ShownEdge] = []
        counts: dict[tuple[str, bool], int] = {}
        for edge in schema.load().edges.values():
            for out in (True, False):
                if not any(pair[0 if out else 1] == found.type for pair in edge.pairs):
                    continue
                pattern = f"MATCH {node}-[e:{edge.name}]->(x)" if out else f"MATCH {node}<-[e:{edge.name}]-(x)"
                number = engine.ask(f"{pattern} RETURN count(e) AS n", {"id": found.id}, timeout=60).rows[0][0]
                if number:
                    counts[edge.name, out] = number
                    edges += _edges(engine, pattern, found, edge.name, out, limit)
    finally:
        engine.close()
    order = {p.name: i for i, p in enumerate(schema.load().nodes[found.type].properties)}
    listed = {k: properties[k] for k in sorted(properties.keys() & order.keys(), key=order.__getitem__)}
    return Shown(found, listed, tuple(_with_quotes(store, found, edges)), counts)


def _find(store: Store, engine: Ladybug, name: str) -> Found:
    types = tuple(schema.load().nodes)
    with Names.open(store) as names:
        try:
            return names.find(name, types)
        except NameNotFound as e:
            refused = e
    rows = engine.ask(_PART_OF_TITLE, {"part": name.strip().lower()}, timeout=60).rows if name.strip() else ()
    if not rows:
        raise NameNotFound(f"nothing is called {name!r}", suggestions=refused.suggestions) from None
    if len(rows) > 1:
        titles = ", ".join(f"{key} ({title})" for key, title in rows[:5])
        more = ", and others" if len(rows) > 5 else ""
        raise QueryError(
            f"several titles have {name!r} in them: {titles}{more}", remedy="give an id, or more of the title"
        )
    return Found(rows[0][0], "Paper", rows[0][1])


def _edges(engine: Ladybug, pattern: str, found: Found, type_name: str, out: bool, limit: int) -> Iterable[ShownEdge]:
    rows = engine.ask(
        f"{pattern} RETURN x, e, coalesce(x.title, x.name) AS name ORDER BY name, x.id LIMIT $limit",
        {"id": found.id, "limit": limit},
        timeout=60,
    ).rows
    for node, edge, name in rows:
        properties = {k: v for k, v in edge.items() if k not in ("type", "quotes")}
        yield ShownEdge(type_name, out, Found(node["id"], node["type"], name), properties, ())


def _with_quotes(store: Store, found: Found, edges: Iterable[ShownEdge]) -> Iterable[ShownEdge]:
    """The edges with their sentences, cut by the exact evidence that the Parquet files keep."""
    listed = list(edges)
    known = schema.load().edges
    proven = [e for e in listed if known[e.type].rests_on == "mentions"]
    papers = {found.id} if found.type == "Paper" else {e.other.id for e in proven}
    texts = {row["id"]: row for row in store.select("Paper", "id", papers, ["id", "title", "abstract"])}
    ends = {(e.type, *_ends(found, e)) for e in proven}
    quotes: dict[tuple[str, str, str], tuple[Quote, ...]] = {}
    for type_name in dict.fromkeys(e.type for e in proven):
        for row in store.select(type_name, "subject", papers, ["subject", "object", "evidence"]):
            key = (type_name, row["subject"], row["object"])
            if key in ends:
                quotes[key] = _quotes(texts[row["subject"]], row["evidence"])
    for e in listed:
        proof = quotes.get((e.type, *_ends(found, e)), ())
        yield ShownEdge(e.type, e.out, e.other, e.properties, proof)


def _ends(found: Found, edge: ShownEdge) -> tuple[str, str]:
    return (found.id, edge.other.id) if edge.out else (edge.other.id, found.id)


def _quotes(paper: Mapping[str, Any], evidence: Iterable[Mapping[str, Any]]) -> tuple[Quote, ...]:
    """One quote a sentence, in order of the text, title first, with all its marks."""
    marks: dict[tuple[bool, int, int], set[tuple[int, int]]] = {}
    for e in evidence:
        sentence = (e["field"] == "abstract", e["sentence_start"], e["sentence_end"])
        start = e["sentence_start"]
        marks.setdefault(sentence, set()).add((e["start"] - start, e["end"] - start))
    found = []
    for (in_abstract, start, end), places in sorted(marks.items()):
        field = "abstract" if in_abstract else "title"
        found.append(Quote(paper["id"], field, (paper[field] or "")[start:end], tuple(sorted(places))))
    return tuple(found)
