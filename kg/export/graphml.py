"""GraphML, for yEd, Cytoscape, igraph, networkx and others. http://graphml.graphdrawing.org/specification.html"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO

from kg import schema
from kg.export.attributes import attributes, edges, nodes, quoted, text
from kg.store import Store

__all__ = ["write"]

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


def write(store: Store, out: TextIO) -> None:
    """Nodes by id, edges numbered, every property with its type. Lists are joined with " | "."""
    known = schema.load()
    out.write(_HEAD)
    declared = {"node": {"label": "string", **attributes(known.nodes)}, "edge": attributes(known.edges)}
    for kind, names in declared.items():
        for name, type_name in names.items():
            out.write(f'  <key id="{kind}-{name}" for="{kind}" attr.name="{name}" attr.type="{type_name}"/>\n')
    out.write('  <graph id="kg" edgedefault="directed">\n')
    for key, label, given in nodes(store):
        out.write(f"    <node id={quoted(key)}>{_data('node', {'label': label, **given})}</node>\n")
    for number, (subject, object_, given) in enumerate(edges(store)):
        ends = f"source={quoted(subject)} target={quoted(object_)}"
        out.write(f'    <edge id="e{number}" {ends}>{_data("edge", given)}</edge>\n')
    out.write("  </graph>\n</graphml>\n")


def _data(kind: str, given: Mapping[str, str]) -> str:
    return "".join(f'<data key="{kind}-{name}">{text(value)}</data>' for name, value in given.items())
