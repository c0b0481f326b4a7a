"""What GraphML and GEXF have in common: flat attributes of nodes and edges with a type each, and XML's own limits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from kg import schema
from kg.schema import EdgeType, NodeType
from kg.store import Store
from kg.views import Ref, keys

__all__ = ["attributes", "edges", "nodes", "quoted", "text"]

# XML 1.0 has no way to write these at all, not even as a reference.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TYPES = {"string": "string", "strings": "string", "integer": "long", "number": "double"}
_ENDS = ("subject", "subject_type", "object", "object_type")


def attributes(types: Mapping[str, NodeType] | Mapping[str, EdgeType]) -> dict[str, str]:
    """The attributes of all node types, or of all edge types: name to string, long or double; `type` comes first."""
    found = {"type": "string"}
    for one in types.values():
        for p in one.properties:
            assert found.setdefault(p.name, _TYPES[p.type]) == _TYPES[p.type], f"{p.name} has two types"
    return found


def nodes(store: Store) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Each node's key, label and known attributes, as text that is not escaped yet."""
    apart = keys(store)
    for name in schema.load().nodes:
        for row in store.rows(name):
            label = row.get("name") or row.get("title") or row["id"]
            yield _key(apart, (name, row["id"])), label, {"type": name, **_flat(row)}


def edges(store: Store) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Each edge's two ends and its known attributes. The evidence is not among them; `quotes` has its sentences."""
    apart = keys(store)
    for name, edge_type in schema.load().edges.items():
        columns = [p.name for p in edge_type.properties]
        for row in store.rows(name, [*_ENDS, *columns]):
            subject, object_ = ((row[f"{end}_type"], row[end]) for end in ("subject", "object"))
            flat = _flat({column: row[column] for column in columns})
            yield _key(apart, subject), _key(apart, object_), {"type": name, **flat}


def _key(apart: Mapping[Ref, str], ref: Ref) -> str:
    return apart.get(ref, ref[1])


def _flat(row: Mapping[str, Any]) -> dict[str, str]:
    """Lists are joined, for neither format has lists that every reader knows; what is not known is left out."""
    return {
        name: " | ".join(value) if isinstance(value, list) else str(value)
        for name, value in row.items()
        if value is not None
    }


def text(value: str) -> str:
    """`value` as the text of an element, without the characters that XML forbids."""
    return escape(_FORBIDDEN.sub("", value), {"\r": "&#13;"})


def quoted(value: str) -> str:
    """`value` as an attribute in quotes, without the characters that XML forbids."""
    return quoteattr(_FORBIDDEN.sub("", value))
