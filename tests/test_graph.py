"""kg from Python, as the README shows it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import kg
from kg.resources import folder


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> kg.Graph:
    return kg.build([folder("examples")], tmp_path_factory.mktemp("graph") / "g", workers=0)


def test_papers_using_cifar_10_with_code(graph: kg.Graph) -> None:
    rows = {row["title"]: row["repository"] for row in graph.query("papers-with-code", dataset="CIFAR-10")}
    assert rows["Wide Residual Networks"] == "https://github.com/szagoruyko/wide-residual-networks"
    # These two use CIFAR-10 as well, but link to no code.
    assert not rows.keys() & {"Adam: A Method for Stochastic Optimization", "The Lottery Ticket Hypothesis"}


def test_the_same_by_another_spelling_and_in_cypher(graph: kg.Graph) -> None:
    text = (
        "MATCH (p:Paper)-[:USES]->(d:Dataset {name: $name}), (p)-[:HAS_CODE]->(r:Repository) "
        "RETURN p.title AS title, r.url AS repository ORDER BY title, repository"
    )
    asked = graph.query("papers-with-code", dataset="cifar 10")
    told = [(row["title"], row["repository"]) for row in graph.cypher(text, {"name": "CIFAR-10"})]
    assert sorted((row["title"], row["repository"]) for row in asked) == told


def test_the_networkx_view_has_every_node_and_edge(graph: kg.Graph) -> None:
    view = graph.networkx()
    edges = (
        "INTRODUCES",
        "USES",
        "COMPARES",
        "MENTIONS",
        "ADDRESSES",
        "HAS_CODE",
        "VARIANT_OF",
        "EVALUATED_ON",
        "IMPLEMENTS",
    )
    assert view.number_of_edges() == sum(graph.counts[name] for name in edges)
    assert view.number_of_nodes() == sum(n for name, n in graph.counts.items() if name not in edges)


def test_draw_and_export_give_the_path_they_wrote(graph: kg.Graph, tmp_path: Path) -> None:
    page, table = tmp_path / "page.html", tmp_path / "graph.nt"
    assert (graph.draw("CIFAR-10", page), graph.export("ntriples", table)) == (page, table)
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert " .\n" in table.read_text(encoding="utf-8")


def test_opening_what_was_built_gives_the_same_graph(graph: kg.Graph) -> None:
    assert kg.open(graph.path).store.digest == graph.store.digest


def test_without_a_path_the_graph_goes_away_with_python() -> None:
    code = (
        "import kg, sys; g = kg.build([sys.argv[1]], workers=0); "
        "print(len(g.query('papers-with-code', dataset='CIFAR-10')) > 0, g.path)"
    )
    command = [sys.executable, "-c", code, str(folder("examples"))]
    found, path = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert (found, Path(path).exists()) == ("True", False)
