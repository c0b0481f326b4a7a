"""A graph into a real Neo4j server over Bolt: whole, the same when it comes again, and nothing of others touched."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import neo4j_server
import pytest
from graphs import EDGES, NODES, example_graph
from hostile import hostile_graph

from kg import schema, store
from kg.errors import ServerError
from kg.model import Edge, Evidence, Node
from kg.neo4j import layout
from kg.neo4j.export import Exported, export
from kg.neo4j.server import Server
from kg.store import Store

pytestmark = pytest.mark.neo4j


@pytest.fixture
def graph(tmp_path: Path) -> Store:
    return example_graph(tmp_path / "g")


def expected(graph: Store) -> tuple[list[Any], list[Any]]:
    """What neo4j_server.content finds where the database holds this graph and nothing else."""
    known = schema.load()
    nodes = [
        [sorted(["KG", name]), dict(sorted(layout.properties(name, row).items()))]
        for name in known.nodes
        for row in graph.rows(name)
    ]
    edges = [
        [
            sorted(["KG", row["subject_type"]]),
            row["subject"],
            name,
            dict(sorted(layout.properties(name, row).items())),
            sorted(["KG", row["object_type"]]),
            row["object"],
        ]
        for name in known.edges
        for row in graph.rows(name)
    ]
    return sorted(nodes, key=repr), sorted(edges, key=repr)


def ask(server: Server, query: str, **parameters: Any) -> list[list[Any]]:
    with server.session(write=True) as session:
        return session.run(query, parameters).values()  # type: ignore[arg-type]


@pytest.mark.parametrize("make", [example_graph, hostile_graph])
def test_everything_arrives_as_it_is_and_a_second_time_changes_nothing(
    make: Callable[[Path], Store], server: Server, tmp_path: Path
) -> None:
    graph = make(tmp_path / "g")
    counts = graph.manifest["counts"]
    size = Exported(*(sum(counts[name] for name in names) for names in (schema.load().nodes, schema.load().edges)))
    assert export(graph, server) == size
    assert neo4j_server.content(server) == expected(graph)
    assert export(graph, server, prune=True) == size
    assert neo4j_server.content(server) == expected(graph)


def test_key_and_indexes_are_there_first_and_ready(server: Server, graph: Store) -> None:
    neo4j_server.bare(server)

    def stop(stage: str, done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(graph, server, progress=stop)
    found = ask(server, "SHOW INDEXES YIELD name, type, state WHERE type <> 'LOOKUP' RETURN name, type, state")
    kinds = {"CREATE FULLTEXT": "FULLTEXT"}
    wanted = [
        [statement.partition(" IF NOT")[0].split()[-1], kinds.get(" ".join(statement.split()[:2]), "RANGE"), "ONLINE"]
        for statement in layout.statements()
    ]
    assert sorted(found) == sorted(wanted)


@pytest.mark.parametrize(
    ("words", "id"),
    [("Warm Restarts", "arxiv:1608.03983"), ("ILSVRC", "dataset:imagenet"), ("DenseNet", "method:densenet")],
)
def test_full_text_finds_titles_aliases_and_names(words: str, id: str, server: Server, graph: Store) -> None:
    export(graph, server)
    query = "CALL db.index.fulltext.queryNodes('kg_names', $words) YIELD node RETURN node.id LIMIT 1"
    assert ask(server, query, words=words) == [[id]]


def test_a_newer_graph_replaces_all_properties_and_prune_removes_what_is_gone(
    server: Server, graph: Store, tmp_path: Path
) -> None:
    export(graph, server)
    gone = "arxiv:1706.03762"
    nodes = [
        replace(n, properties={**n.properties, "url": None, "papers": 7}) if n.id == "task:qa" else n for n in NODES
    ]
    nodes = [n for n in nodes if n.id != gone]
    edges = [e for e in EDGES if gone not in (e.subject, e.object) and e.type != "COMPARES"]
    edges[0] = replace(edges[0], properties={**edges[0].properties, "score": None})
    edges = [e for e in edges if e.type != "EVALUATED_ON" or gone not in (e.properties["papers"] or ())]  # type: ignore[operator]
    newer = store.write(tmp_path / "newer", nodes, edges)
    export(newer, server)
    found = neo4j_server.content(server)
    assert (len(found[0]), len(found[1])) == (len(NODES), len(EDGES))
    assert all(row in found[0] for row in expected(newer)[0])
    assert all(row in found[1] for row in expected(newer)[1])
    removed = len(EDGES) - len(edges)
    assert export(newer, server, prune=True) == Exported(len(nodes), len(edges), 1, removed)
    assert neo4j_server.content(server) == expected(newer)


def test_prune_leaves_everything_of_others(server: Server, graph: Store, tmp_path: Path) -> None:
    theirs = """
        CREATE (u:User {id: 'u'})-[:READ {on: 1}]->(p:Paper {id: 'p', type: 'Paper'}), (p)-[:USES]->(:Dataset {id: 'd'})
        WITH u
        MATCH (gone:KG {id: 'arxiv:1706.03762'}), (kept:KG {id: 'arxiv:1608.03983'})
        CREATE (u)-[:READ]->(gone), (u)-[:READ]->(kept), (kept)-[:LIKES]->(:KG {id: 'x', type: 'Thing'})
    """
    nodes = [n for n in NODES if n.id != "arxiv:1706.03762"]
    edges = [
        e
        for e in EDGES
        if "arxiv:1706.03762" not in (e.subject, e.object, *(e.properties.get("papers") or ()))  # type: ignore[misc]
    ]
    smaller = store.write(tmp_path / "smaller", nodes, edges)
    export(graph, server)
    ask(server, theirs)
    before = ask(server, "MATCH (gone:KG {id: 'arxiv:1706.03762'}) RETURN properties(gone)")
    assert export(smaller, server, prune=True).removed_nodes == 1
    assert ask(server, "MATCH (:User)-[e:READ]->(n) RETURN labels(n), n.id, e.on ORDER BY n.id") == [
        [["KG", "Paper"], "arxiv:1608.03983", None],
        [[], "arxiv:1706.03762", None],
        [["Paper"], "p", 1],
    ]
    assert ask(server, "MATCH (n {id: 'arxiv:1706.03762'}) RETURN properties(n)") == before
    assert ask(server, "MATCH (:Paper)-[:USES]->(d:Dataset) WHERE NOT d:KG RETURN d.id") == [["d"]]
    assert ask(server, "MATCH (:KG)-[:LIKES]->(n:KG) RETURN n.id") == [["x"]]


def test_a_paper_named_like_a_query_is_only_a_name(server: Server, tmp_path: Path) -> None:
    title = "x'}) DETACH DELETE n //"
    data = Node('dataset:"}`) DETACH DELETE n //', "Dataset", {"name": "`]->() DETACH DELETE n //"})
    proof = Evidence("title", 0, 1, "x", "test", 1.0, 0, 1)
    edge = Edge("USES", title, "Paper", data.id, "Dataset", {"quotes": (title,)}, (proof,))
    graph = store.write(tmp_path / "g", [Node(title, "Paper", {"title": title}), data], [edge])
    export(graph, server)
    export(graph, server, prune=True)
    query = "MATCH (p:Paper {title: $title})-[e:USES]->(d) RETURN p.id, e.quotes, d.name"
    assert ask(server, query, title=title) == [[title, [title], data.properties["name"]]]


def test_stopped_anywhere_the_same_call_again_completes_it(server: Server, graph: Store) -> None:
    for at in (0, 4, 12):  # a batch for each of the five types of nodes and nine of edges
        neo4j_server.empty(server)
        left = iter(range(at))

        def stop(stage: str, done: int, total: int | None, left: Any = left) -> None:
            if next(left, None) is None:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            export(graph, server, progress=stop)
        assert neo4j_server.content(server) != expected(graph)
        export(graph, server)
        assert neo4j_server.content(server) == expected(graph)


def test_a_server_that_dies_in_the_middle_is_one_line_and_a_repeat_mends_it(
    server: Server, graph: Store, tmp_path: Path, local: neo4j_server.Local | None
) -> None:
    if local is None:
        pytest.skip("NEO4J_URI names a server that is not ours to kill")
    older = hostile_graph(tmp_path / "older")
    export(older, server)

    def kill(stage: str, done: int, total: int | None) -> None:
        if stage == "edges":
            local.kill()

    with pytest.raises(ServerError) as died:
        export(graph, dataclasses.replace(server, patience=0.5), progress=kill)
    assert str(died.value).startswith(f"{server.uri}: no Neo4j server answers: ")
    assert "\n" not in str(died.value)
    local.start()
    nodes, edges = neo4j_server.content(server)
    assert all(row in edges for row in expected(older)[1])
    assert all(row in nodes for row in expected(graph)[0])
    assert len(edges) < len(EDGES)
    export(graph, server, prune=True)
    assert neo4j_server.content(server) == expected(graph)


def test_nodes_that_go_away_meanwhile_are_told_of(server: Server, graph: Store) -> None:
    def remove(stage: str, done: int, total: int | None) -> None:
        if done == total and stage == "nodes":
            ask(server, "MATCH (n:Dataset {id: 'dataset:cifar10'}) DETACH DELETE n")

    with pytest.raises(ServerError) as refused:
        export(graph, server, progress=remove)
    lost = sum(e.type == "USES" and e.object == "dataset:cifar10" for e in EDGES)
    assert str(refused.value) == (
        f"{server.uri}: {lost} USES edges have lost an end: nodes were removed meanwhile (run the same command again)"
    )
