"""GEXF 1.3, the format of Gephi. https://gexf.net"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TextIO

from kg import schema
from kg.export.attributes import attributes, edges, nodes, quoted
from kg.store import Store

__all__ = ["write"]

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd" version="1.3">
  <meta><creator>kg</creator><description>Papers, methods, datasets, tasks and repositories</description></meta>
  <graph mode="static" defaultedgetype="directed" idtype="string">
"""
# Gephi has columns of its own by the name of id: ours would be lost behind it.
_TITLES = {"id": "kg_id"}


def write(store: Store, out: TextIO) -> None:
    """Nodes with their names as labels, edges with their types as labels and kinds, properties as typed attributes."""
    known = schema.load()
    out.write(_HEAD)
    numbers = {}
    for kind, declared in (("node", attributes(known.nodes)), ("edge", attributes(known.edges))):
        numbers[kind] = {name: number for number, name in enumerate(declared)}
        out.write(f'    <attributes class="{kind}">\n')
        for number, (name, type_name) in enumerate(declared.items()):
            out.write(f'      <attribute id="{number}" title="{_TITLES.get(name, name)}" type="{type_name}"/>\n')
        out.write("    </attributes>\n")
    _list(out, "nodes", (_node(*node, numbers["node"]) for node in nodes(store)))
    _list(out, "edges", (_edge(number, *edge, numbers["edge"]) for number, edge in enumerate(edges(store))))
    out.write("  </graph>\n</gexf>\n")


def _list(out: TextIO, name: str, lines: Iterable[str]) -> None:
    out.write(f"    <{name}>\n")
    for line in lines:
        out.write(f"      {line}\n")
    out.write(f"    </{name}>\n")


def _node(key: str, label: str, given: Mapping[str, str], numbers: Mapping[str, int]) -> str:
    return f"<node id={quoted(key)} label={quoted(label)}>{_values(given, numbers)}</node>"


def _edge(number: int, subject: str, object_: str, given: Mapping[str, str], numbers: Mapping[str, int]) -> str:
    kind = given["type"]
    ends = f"source={quoted(subject)} target={quoted(object_)}"
    # The kind keeps apart the edges of several types that join the same two nodes.
    return f'<edge id="e{number}" {ends} label="{kind}" kind="{kind}">{_values(given, numbers)}</edge>'


def _values(given: Mapping[str, str], numbers: Mapping[str, int]) -> str:
    values = "".join(f'<attvalue for="{numbers[name]}" value={quoted(value)}/>' for name, value in given.items())
    return f"<attvalues>{values}</attvalues>"
