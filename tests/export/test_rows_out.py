"""JSON Lines and CSV: every row of every table, and back."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from graphs import example_graph
from hostile import hostile_graph

from kg import schema, store
from kg.export import export
from kg.model import Edge, Evidence, Node
from kg.store import Store


@pytest.fixture(params=[example_graph, hostile_graph])
def graph(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    made: Store = request.param(tmp_path / "g")
    return made


def frozen(properties: dict[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in properties.items()}


def test_jsonl_can_be_made_into_the_same_graph(graph: Store, tmp_path: Path) -> None:
    nodes, edges = [], []
    for line in export(graph, "jsonl", tmp_path / "g.jsonl").read_text(encoding="utf-8").split("\n")[:-1]:
        row = json.loads(line)
        properties = frozen(row.pop("properties"))
        if "node" in row:
            nodes.append(Node(row["id"], row["node"], properties))
        else:
            proof = tuple(Evidence(**e) for e in row.pop("evidence", ()))
            edges.append(Edge(row.pop("edge"), **row, properties=properties, evidence=proof))
    assert store.write(tmp_path / "again", nodes, edges).digest == graph.digest


def test_csv_has_every_cell(graph: Store, tmp_path: Path) -> None:
    folder = export(graph, "csv", tmp_path / "csv")
    for kind, types in (("nodes", schema.load().nodes), ("edges", schema.load().edges)):
        for name in types:
            with (folder / f"{kind}-{name}.csv").open(encoding="utf-8", newline="") as file:
                read = list(csv.DictReader(file))
            rows = list(graph.rows(name))
            assert read == [{column: cell(value) for column, value in row.items()} for row in rows], name
    assert len(list(folder.iterdir())) == len(schema.load().nodes) + len(schema.load().edges)


def cell(value: Any) -> str:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)


def test_csv_tells_empty_text_from_not_known(tmp_path: Path) -> None:
    graph = store.write(
        tmp_path / "g",
        [Node("x", "Method", {"name": 'a "b", c', "aliases": (), "papers": 0, "kind": ""})],
        [],
    )
    folder = export(graph, "csv", tmp_path / "csv")
    assert (folder / "nodes-Method.csv").read_text() == (
        'id,name,aliases,papers,url,kind\n"x","a ""b"", c","[]",0,,""\n'
    )
