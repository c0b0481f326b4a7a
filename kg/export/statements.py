"""A graph as RDF, whatever it is then written in: one resource after another, never the whole in memory."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kg import schema
from kg.export.iri import THINGS, node_iri, web_iri
from kg.ids import digest
from kg.model import Edge, Evidence, Node
from kg.schema import EdgeType, Property
from kg.store import Store

__all__ = ["Resource", "Value", "resources"]

# What is written with a predicate: ("iri", address), ("name", prefix:name), ("", text) or (datatype, text).
Value = tuple[str, str]
_PLACES = {
    "arxiv": "https://arxiv.org/abs/",
    "doi": "https://doi.org/",
    "acl": "https://aclanthology.org/",
}


@dataclass(frozen=True, slots=True)
class Resource:
    """Some triples of one subject: its classes, then its predicates in order, each as often as it has values."""

    iri: str
    classes: tuple[str, ...]
    values: tuple[tuple[str, Value], ...]


def resources(store: Store) -> Iterator[Resource]:
    """Every node, then every edge: the plain triple, and a statement with what it rests on.

    Sorted as the tables are, so that the same graph gives the same resources in the same order. All strings are as in
    the graph; an address that cannot be an IRI is kept as kg:linkText.
    """
    known = schema.load()
    for name, node_type in known.nodes.items():
        classes = tuple(filter(None, (f"kg:{name}", node_type.rdf)))
        for node in store.nodes(name):
            yield from _node(node, classes, node_type.properties)
    for name, edge_type in known.edges.items():
        proven = edge_type.rests_on == "mentions"
        for edge, paper in _with_papers(store, name) if proven else ((e, {}) for e in store.edges(name)):
            yield from _edge(edge, edge_type, paper)


def _node(node: Node, classes: tuple[str, ...], properties: Iterable[Property]) -> Iterator[Resource]:
    values: list[tuple[str, Value]] = [("kg:id", ("", node.id))]
    for p in properties:
        if p.name not in ("id", "link_kinds"):
            values += _values(p, node.properties.get(p.name))
    for identifier in _strings(node.properties.get("identifiers")):
        scheme, _, rest = identifier.partition(":")
        same = web_iri(_PLACES[scheme] + rest) if scheme in _PLACES else None
        values += [("schema:sameAs", ("iri", same))] if same else []
    yield Resource(node_iri(node.type, node.id), classes, tuple(dict.fromkeys(values)))
    links, kinds = (_strings(node.properties.get(name)) for name in ("links", "link_kinds"))
    for link, kind in dict.fromkeys(zip(links, kinds, strict=False)):
        if iri := web_iri(link):
            yield Resource(iri, (), (("kg:linkKind", ("", kind)),))


def _strings(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _values(p: Property, value: object) -> list[tuple[str, Value]]:
    if value is None:
        return []
    if p.type == "integer":
        return [(p.rdf, ("xsd:integer", str(value)))]
    if p.type == "number":
        return [(p.rdf, ("xsd:double", repr(value)))]
    texts = _strings(value) if p.type == "strings" else (str(value),)
    if p.address:
        tried = [(text, web_iri(text)) for text in texts]
        return [(p.rdf, ("iri", iri)) if iri else ("kg:linkText", ("", text)) for text, iri in tried]
    return [(p.rdf, (_date_type(text) if p.rdf == "schema:datePublished" else "", text)) for text in texts]


def _date_type(text: str) -> str:
    """The datatype of a date, or none where it is no date."""
    for pattern, datatype, rest in (
        (r"\d{4}-\d\d-\d\d", "xsd:date", ""),
        (r"\d{4}-\d\d", "xsd:gYearMonth", "-01"),
        (r"\d{4}", "xsd:gYear", "-01-01"),
    ):
        if re.fullmatch(pattern, text, re.ASCII):
            try:
                datetime.date.fromisoformat(text + rest)
            except ValueError:
                return ""
            return datatype
    return ""


def _edge(edge: Edge, edge_type: EdgeType, paper: Mapping[str, Any]) -> Iterator[Resource]:
    subject, object_ = node_iri(edge.subject_type, edge.subject), node_iri(edge.object_type, edge.object)
    yield Resource(subject, (), ((edge_type.rdf, ("iri", object_)),))
    ends = [edge.type, edge.subject_type, edge.subject, edge.object_type, edge.object]
    statement = THINGS + "statement/" + digest(json.dumps(ends), size=12)
    values: list[tuple[str, Value]] = [
        ("rdf:subject", ("iri", subject)),
        ("rdf:predicate", ("name", edge_type.rdf)),
        ("rdf:object", ("iri", object_)),
    ]
    for p in edge_type.properties:
        if p.rdf == "kg:restsOn":
            values += [(p.rdf, ("iri", node_iri("Paper", key))) for key in _strings(edge.properties.get(p.name))]
        elif p.name == "score" or not edge.evidence:  # the rest is said of each piece of evidence
            values += _values(p, edge.properties.get(p.name))
    pieces = [(f"{statement}/{i}", e) for i, e in enumerate(edge.evidence, start=1)]
    values += [("kg:evidence", ("iri", iri)) for iri, _ in pieces]
    yield Resource(statement, ("kg:Statement", "rdf:Statement"), tuple(dict.fromkeys(values)))
    for iri, e in pieces:
        yield Resource(iri, ("kg:Evidence",), tuple(_evidence(e, paper)))


def _evidence(e: Evidence, paper: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    yield "kg:inField", ("", e.field)
    yield "kg:start", ("xsd:integer", str(e.start))
    yield "kg:end", ("xsd:integer", str(e.end))
    yield "kg:text", ("", e.text)
    yield "kg:quote", ("", (paper.get(e.field) or "")[e.sentence_start : e.sentence_end])
    yield "kg:foundBy", ("", e.source)
    yield "kg:score", ("xsd:double", repr(e.score))


def _with_papers(store: Store, edge_type: str) -> Iterator[tuple[Edge, Mapping[str, Any]]]:
    """The edges of a type, each with the text of its paper: both tables are sorted by the paper, so neither is kept."""
    papers = store.rows("Paper", ["id", "title", "abstract"])
    paper: Mapping[str, Any] = {}
    for edge in store.edges(edge_type):
        while paper.get("id") != edge.subject:
            paper = next(papers)
        yield edge, paper
