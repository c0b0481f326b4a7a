"""Reads schema/kg.yaml, the one source of node types, edge types and properties, and refuses what it does not allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

from kg.errors import SchemaError
from kg.model import Edge, Node
from kg.resources import folder

__all__ = ["EdgeType", "NodeType", "Property", "PropertyType", "Schema", "load"]

PropertyType = Literal["string", "integer", "number", "strings"]
RestsOn = Literal["mentions", "papers", "names"]
_PYTHON: Mapping[str, tuple[type, ...]] = MappingProxyType(
    {"string": (str,), "integer": (int,), "number": (int, float), "strings": (tuple,)}
)


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a node or edge type; `rdf` is its name in RDF. An `address` is the address of something."""

    name: str
    type: PropertyType
    description: str
    required: bool = False
    rdf: str = ""
    address: bool = False


@dataclass(frozen=True, slots=True)
class NodeType:
    """A type of node; its first property is `id`. `rdf` is the public class it is a kind of, as prefix:name."""

    name: str
    description: str
    properties: tuple[Property, ...]
    rdf: str = ""


@dataclass(frozen=True, slots=True)
class EdgeType:
    """A type of edge and the (subject type, object type) `pairs` it may join.

    `rests_on` says what proves an edge: mentions in the text, papers (by id), or the names alone.
    """

    name: str
    description: str
    pairs: tuple[tuple[str, str], ...]
    rests_on: RestsOn
    properties: tuple[Property, ...]

    @property
    def rdf(self) -> str:
        """Its name in RDF: HAS_CODE is kg:hasCode."""
        return "kg:" + _camel(self.name.lower())


@dataclass(frozen=True, slots=True)
class Schema:
    """All types, in the order of the file."""

    version: int
    nodes: Mapping[str, NodeType]
    edges: Mapping[str, EdgeType]

    @property
    def entity_types(self) -> tuple[str, ...]:
        """The types an extractor names entities with: those that have aliases."""
        return tuple(n.name for n in self.nodes.values() if any(p.name == "aliases" for p in n.properties))

    @property
    def types(self) -> tuple[NodeType | EdgeType, ...]:
        """All types, of nodes, then of edges."""
        return (*self.nodes.values(), *self.edges.values())

    def check_node(self, node: Node) -> None:
        """Raise SchemaError, with the reason, if the schema does not allow this node."""
        kind = self.nodes.get(node.type)
        if kind is None:
            raise SchemaError(f"node {node.id!r}: no node type {node.type!r}", remedy="one of " + ", ".join(self.nodes))
        _check(f"{node.type} {node.id!r}", kind.properties, {"id": node.id, **node.properties})

    def check_edge(self, edge: Edge) -> None:
        """Raise SchemaError, with the reason, if the schema does not allow this edge."""
        what = f"edge {edge.subject!r} -{edge.type}-> {edge.object!r}"
        kind = self.edges.get(edge.type)
        if kind is None:
            raise SchemaError(f"{what}: no edge type {edge.type!r}", remedy="one of " + ", ".join(self.edges))
        if (edge.subject_type, edge.object_type) not in kind.pairs:
            allowed = ", ".join(f"{a} to {b}" for a, b in kind.pairs)
            raise SchemaError(
                f"{what}: {edge.type} does not go from {edge.subject_type} to {edge.object_type}",
                remedy=f"it goes {allowed}",
            )
        if kind.rests_on == "mentions" and not edge.evidence:
            raise SchemaError(f"{what}: no evidence", remedy="an edge from a paper rests on at least one mention")
        if kind.rests_on == "papers" and not edge.properties.get("papers"):
            raise SchemaError(f"{what}: no papers", remedy="name the papers it rests on")
        _check(what, kind.properties, edge.properties)


def _check(what: str, allowed: tuple[Property, ...], given: Mapping[str, object]) -> None:
    known = {p.name: p for p in allowed}
    for name, value in given.items():
        if name not in known:
            raise SchemaError(f"{what}: no property {name!r}", remedy="one of " + ", ".join(known))
        if value is None:
            continue
        right = isinstance(value, _PYTHON[known[name].type]) and not isinstance(value, bool)
        if isinstance(value, tuple):
            right = right and all(isinstance(v, str) for v in value)
        if not right:
            raise SchemaError(f"{what}: {name} is {value!r}", remedy=f"expected {known[name].type}")
    for p in allowed:
        if p.required and given.get(p.name) in (None, ""):
            raise SchemaError(f"{what}: {p.name} is missing")


@cache
def load() -> Schema:
    """The schema of this version of kg. Read once a process."""
    import yaml

    path = folder("schema") / "kg.yaml"
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    nodes = {
        name: NodeType(name, n["description"], _properties(n), n.get("rdf", "")) for name, n in raw["nodes"].items()
    }
    edges = {}
    for name, e in raw["edges"].items():
        pairs = tuple((a, b) for a in e["from"] for b in e["to"] if a == b or not e.get("same_type"))
        for type_name in {t for pair in pairs for t in pair} - nodes.keys():
            raise SchemaError(f"{name} joins {type_name!r}, which is no node type", path=path)
        edges[name] = EdgeType(name, e["description"], pairs, e["rests_on"], _properties(e))
    return Schema(raw["version"], MappingProxyType(nodes), MappingProxyType(edges))


def _properties(raw: Mapping[str, object]) -> tuple[Property, ...]:
    listed = raw["properties"]
    assert isinstance(listed, dict)
    return tuple(
        Property(
            name,
            p["type"],
            p.get("description", ""),
            bool(p.get("required")),
            p.get("rdf") or "kg:" + _camel(name),
            bool(p.get("address")),
        )
        for name, p in listed.items()
    )


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
