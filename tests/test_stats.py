"""What is in a graph, in figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import GraphError
from kg.model import Edge, Evidence, Node
from kg.store import Store, write
from kg.tables import Stats, most_linked, stats

PROOF = (Evidence("title", 0, 1, "T", "test", 1.0, 0, 1),)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    years = [None, 2019, 2020, 2020]
    codes = ["none", "released", "none", "promised"]
    papers = [
        Node(f"p{i}", "Paper", {"title": "T", "year": year, "code": code})
        for i, (year, code) in enumerate(zip(years, codes, strict=True))
    ]
    used = {"b": 2, "a": 2, "c": 3, "unused": 0}
    data = [Node(f"dataset:{name}", "Dataset", {"name": name, "papers": n}) for name, n in used.items()]
    edges = [Edge("USES", "p0", "Paper", f"dataset:{name}", "Dataset", {}, PROOF) for name in "abc"]
    return write(tmp_path / "graph", [*papers, *data], edges)


def test_figures_of_a_graph(store: Store) -> None:
    none = dict.fromkeys(("INTRODUCES", "COMPARES", "MENTIONS", "ADDRESSES", "HAS_CODE"), 0)
    late = dict.fromkeys(("VARIANT_OF", "EVALUATED_ON", "IMPLEMENTS"), 0)
    assert stats(store, top=2) == Stats(
        nodes={"Paper": 4, "Method": 0, "Dataset": 4, "Task": 0, "Repository": 0},
        edges={**none, "USES": 3, **late},
        years={None: 1, 2019: 1, 2020: 2},
        code={"released": 1, "promised": 1, "none": 2},
        top={"Method": [], "Dataset": [("c", 3), ("a", 2)], "Task": []},
    )


def test_the_node_that_most_edges_go_to(store: Store) -> None:
    assert most_linked(store, "USES", "Dataset") == "a"
    assert most_linked(store, "USES", "Method") is None


def test_a_table_that_is_no_parquet_is_an_error_with_the_folder(store: Store) -> None:
    store.file("Paper").write_bytes(b"spoilt")
    with pytest.raises(GraphError, match=r"Paper\.parquet") as caught:
        stats(store)
    assert caught.value.path == str(store.path)
