"""How a graph lies in Neo4j: properties there and back, and the generated statements."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphs import example_graph

from kg import schema
from kg.neo4j import layout
from kg.resources import folder


@pytest.mark.parametrize("name", layout.generated())
def test_generated_is_made_anew_and_compared(name: str) -> None:
    text = (folder("schema") / "generated" / name).read_text(encoding="utf-8")
    assert text == layout.generated()[name], "run: python -m kg.neo4j.layout"


def test_every_row_comes_back_whole(tmp_path: Path) -> None:
    store = example_graph(tmp_path / "g")
    for kind in schema.load().types:
        rows = [{k: v for k, v in row.items() if k not in layout.ENDS} for row in store.rows(kind.name)]
        known = [{k: v for k, v in row.items() if v is not None} for row in rows]
        assert [layout.columns(kind.name, layout.properties(kind.name, row)) for row in rows] == known


def test_no_property_of_the_schema_has_the_name_of_the_key() -> None:
    assert layout.TYPE not in {p.name for node in schema.load().nodes.values() for p in node.properties}
