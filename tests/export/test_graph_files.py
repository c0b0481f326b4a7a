"""GraphML and GEXF, read back by networkx and compared with the graph itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest
from graphs import example_graph
from hostile import hostile_graph

from kg import store, views
from kg.export import export
from kg.model import Node
from kg.store import Store

MAKERS = {"example": example_graph, "hostile": hostile_graph, "empty": lambda path: store.write(path, [], [])}


@pytest.fixture(params=MAKERS)
def graph(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    make: Callable[[Path], Store] = MAKERS[request.param]
    return make(tmp_path / "g")


def plain(attributes: dict[str, Any]) -> dict[str, Any]:
    """As a format without lists and without XML's forbidden characters can have it; empty text comes back as None."""
    flat = {}
    for name, value in attributes.items():
        text = " | ".join(value) if isinstance(value, tuple) else value
        flat[name] = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text) if isinstance(text, str) else text
    return {name: value for name, value in flat.items() if value not in (None, "")}


def wanted(graph: Store) -> tuple[dict[str, Any], list[Any]]:
    whole = views.networkx(graph)
    nodes = {plain({"key": key})["key"]: plain(data) for key, data in whole.nodes(data=True)}
    ends = [(plain({"a": a, "b": b}), plain(data)) for a, b, data in whole.edges(data=True)]
    return nodes, sorted(([e["a"], e["b"], data] for e, data in ends), key=repr)


def label_of(data: dict[str, Any]) -> str:
    return str(data.get("name") or data.get("title"))


def test_graphml_is_the_graph(graph: Store, tmp_path: Path) -> None:
    read = nx.read_graphml(export(graph, "graphml", tmp_path / "g.graphml"), force_multigraph=True)
    nodes = {key: plain(data) for key, data in read.nodes(data=True)}
    assert {key: data.pop("label") for key, data in nodes.items()} == {k: label_of(d) for k, d in nodes.items()}
    edges = [[a, b, {k: v for k, v in plain(data).items() if k != "id"}] for a, b, data in read.edges(data=True)]
    assert (nodes, sorted(edges, key=repr)) == wanted(graph)


def test_gexf_is_the_graph(graph: Store, tmp_path: Path) -> None:
    read = nx.read_gexf(export(graph, "gexf", tmp_path / "g.gexf"))
    nodes = {key: plain({**data, "id": data["kg_id"]}) for key, data in read.nodes(data=True)}
    for data in nodes.values():
        del data["kg_id"]
    labels = {key: data.pop("label") for key, data in nodes.items()}
    assert labels == {key: label_of(data) for key, data in nodes.items()}
    own = {"id", "label", "kind"}
    edges = [[a, b, {k: v for k, v in plain(data).items() if k not in own}] for a, b, data in read.edges(data=True)]
    assert (nodes, sorted(edges, key=repr)) == wanted(graph)


@pytest.mark.parametrize("target", ["graphml", "gexf"])
def test_ids_and_edge_ids_are_unique(graph: Store, target: str, tmp_path: Path) -> None:
    root = ElementTree.parse(export(graph, target, tmp_path / "g.xml")).getroot()
    ids = [e.get("id") for e in root.iter() if e.tag.endswith(("}node", "}edge"))]
    assert len(ids) == len(set(ids)) == graph_size(graph)


def graph_size(graph: Store) -> int:
    size: int = sum(graph.manifest["counts"].values())
    return size


def test_what_is_not_known_is_left_out_and_numbers_stay_numbers(tmp_path: Path) -> None:
    graph = store.write(tmp_path / "g", [Node("x", "Paper", {"title": "T", "year": 0})], [])
    read = nx.read_graphml(export(graph, "graphml", tmp_path / "g.graphml"))
    assert dict(read.nodes(data=True)) == {"x": {"label": "T", "type": "Paper", "id": "x", "title": "T", "year": 0}}
