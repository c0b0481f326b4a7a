"""The graph in networkx, and what lies around a node: against plain Python over all nodes and edges."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest
from graphs import EDGES, NODES, example_graph
from hostile import hostile_graph

from kg import store, views
from kg.model import Edge, Evidence, Node
from kg.store import Store
from kg.views import Neighbourhood, Ref, keys, neighbourhood


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return example_graph(tmp_path_factory.mktemp("views") / "g")


def undirected() -> nx.Graph[Ref]:
    plain: nx.Graph[Ref] = nx.Graph()
    plain.add_nodes_from((n.type, n.id) for n in NODES)
    plain.add_edges_from(((e.subject_type, e.subject), (e.object_type, e.object)) for e in EDGES)
    return plain


def refs(found: Neighbourhood) -> list[Ref]:
    return [(n.type, n.id) for n in found.nodes]


def test_networkx_has_every_node_and_edge_with_what_is_known(graph: Store) -> None:
    whole = views.networkx(graph)
    assert dict(whole.nodes(data=True)) == {
        n.id: {"type": n.type, "id": n.id, **{k: v for k, v in n.properties.items() if v is not None}} for n in NODES
    }
    assert {(a, b, key): data for a, b, key, data in whole.edges(keys=True, data=True)} == {
        (e.subject, e.object, e.type): {"type": e.type, **e.properties} for e in EDGES
    }


def test_one_id_in_two_types_gives_two_nodes(tmp_path: Path) -> None:
    graph = hostile_graph(tmp_path / "g")
    assert keys(graph) == {
        ("Dataset", "dataset:cifar10"): "Dataset:dataset:cifar10",
        ("Paper", "dataset:cifar10"): "Paper:dataset:cifar10",
    }
    whole = views.networkx(graph)
    assert whole.number_of_nodes() == sum(1 for name in ("Paper", "Dataset", "Method") for _ in graph.nodes(name))
    assert list(whole["Paper:dataset:cifar10"]) == ["Dataset:dataset:cifar10"]


def test_a_key_that_is_taken_is_made_longer(tmp_path: Path) -> None:
    nodes = [
        Node("x", "Paper", {"title": "a"}),
        Node("x", "Task", {"name": "b"}),
        Node("Task:x", "Paper", {"title": "c"}),
    ]
    assert keys(store.write(tmp_path / "g", nodes, [])) == {("Paper", "x"): "Paper:x", ("Task", "x"): "Task:Task:x"}


@pytest.mark.parametrize("hops", range(5))
@pytest.mark.parametrize("centre", [("Dataset", "dataset:cifar10"), ("Paper", "arxiv:1706.03762"), ("Task", "nothing")])
def test_everything_within_reach_and_nothing_else(graph: Store, centre: Ref, hops: int) -> None:
    plain = undirected()
    reach = nx.single_source_shortest_path_length(plain, centre, cutoff=hops) if centre in plain else {}
    found = neighbourhood(graph, [centre], hops=hops, limit=1000)
    assert {(n.type, n.id): n for n in found.nodes} == {
        (n.type, n.id): n for n in graph_nodes(graph) if (n.type, n.id) in reach
    }
    assert sorted(found.edges, key=repr) == sorted(
        (e for e in graph_edges(graph) if {(e.subject_type, e.subject), (e.object_type, e.object)} <= reach.keys()),
        key=repr,
    )
    assert (found.left_out, found.complete) == (0, True)
    distances = [reach[ref] for ref in refs(found)]
    assert distances == sorted(distances)


def graph_nodes(graph: Store) -> list[Node]:
    return [n for name in {n.type for n in NODES} for n in graph.nodes(name)]


def graph_edges(graph: Store) -> list[Edge]:
    return [e for name in {e.type for e in EDGES} for e in graph.edges(name)]


def test_the_nearest_and_best_supported_come_first_and_the_rest_is_counted(tmp_path: Path) -> None:
    proof = (Evidence("title", 0, 1, "t", "a", 0.5, 0, 1),)

    def edge(kind: str, paper: str, score: float, method: str = "method:m") -> Edge:
        return Edge(kind, paper, "Paper", method, "Method", {"score": score}, proof)

    nodes = [Node(key, "Paper", {"title": "t"}) for key in "abcdef"]
    nodes += [Node(f"method:{key}", "Method", {"name": key}) for key in "mn"]
    edges = [
        edge("MENTIONS", "a", 1.0),
        edge("USES", "b", 0.5),
        edge("USES", "c", 0.9),
        edge("INTRODUCES", "d", 0.1),
        *(edge(kind, "e", 0.1) for kind in ("MENTIONS", "COMPARES")),
        edge("USES", "f", 0.9),
        edge("USES", "e", 0.9, "method:n"),
    ]
    graph = store.write(tmp_path / "g", nodes, edges)
    order = ["method:m", "e", "d", "c", "f", "b", "a", "method:n"]
    for limit in range(1, 9):
        found = neighbourhood(graph, [("Method", "method:m")], hops=2, limit=limit)
        assert [n.id for n in found.nodes] == order[:limit]
        # Up to 6 the second hop was not looked at; with 7 it was, and its one node did not fit.
        assert (found.left_out, found.complete) == ((7 - limit, False) if limit < 7 else (8 - limit, True))


def test_several_centres_come_first_in_the_order_given(graph: Store) -> None:
    centres = [("Task", "task:questionanswering"), ("Method", "method:sgd"), ("Dataset", "dataset:sgd")]
    assert refs(neighbourhood(graph, centres, hops=1))[:3] == centres
    cut = neighbourhood(graph, centres, hops=0, limit=2)
    assert (refs(cut), cut.left_out, cut.complete) == (centres[:2], 1, True)


@pytest.mark.parametrize(("hops", "limit"), [(-1, 1), (1, 0)])
def test_a_senseless_bound_is_refused(graph: Store, hops: int, limit: int) -> None:
    with pytest.raises(ValueError, match="expected"):
        neighbourhood(graph, [], hops=hops, limit=limit)
