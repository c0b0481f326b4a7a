"""A graph back from a real Neo4j server: the same bytes, nothing of others, and one clear error where it is damaged."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from graphs import example_graph
from hostile import hostile_graph
from standin import EXTRACTOR

import kg
from kg import pipeline, schema
from kg.errors import GraphError, KgError, SchemaError, ServerError
from kg.neo4j.export import export
from kg.neo4j.pull import pull
from kg.neo4j.server import Server
from kg.resources import folder
from kg.store import Store

pytestmark = pytest.mark.neo4j


def change(server: Server, statement: str) -> None:
    with server.session(write=True) as session:
        session.run(statement).consume()  # type: ignore[arg-type]


def tables(store: Store) -> dict[str, list[dict[str, object]]]:
    return {kind.name: list(store.rows(kind.name)) for kind in schema.load().types}


def test_a_built_graph_comes_back_with_the_same_digest(server: Server, tmp_path: Path) -> None:
    graph = pipeline.build([folder("examples")], tmp_path / "g", workers=0, extractor=EXTRACTOR)
    export(graph, server)
    back = pull(server, tmp_path / "back")
    papers = graph.manifest["counts"]["Paper"]
    assert dict(back.manifest) == {
        "content": graph.digest,
        "counts": graph.manifest["counts"],
        "format": graph.manifest["format"],
        "inputs": [{"path": server.uri, "sha256": None, "papers": papers}],
        "rejects": 0,
        "schema": graph.manifest["schema"],
        "tool": f"kg {kg.__version__}",
    }
    kinds = schema.load().types
    assert [back.file(k.name).read_bytes() for k in kinds] == [graph.file(k.name).read_bytes() for k in kinds]
    assert sorted(p.name for p in back.path.iterdir()) == ["edges", "manifest.json", "nodes"]


@pytest.mark.parametrize("make", [example_graph, hostile_graph])
def test_every_value_comes_back(make: Callable[[Path], Store], server: Server, tmp_path: Path) -> None:
    graph = make(tmp_path / "g")
    export(graph, server)
    assert tables(pull(server, tmp_path / "back")) == tables(graph)


def test_what_others_have_in_the_database_stays_out(server: Server, tmp_path: Path) -> None:
    graph = example_graph(tmp_path / "g")
    export(graph, server)
    change(
        server,
        "MATCH (p:KG:Paper), (d:KG:Dataset) WITH p, d LIMIT 1 CREATE (p)-[:READ_BY]->(:User {id: 'u'}),"
        " (p)-[:LIKE]->(d), (p)-[:USES {x: 1}]->(:Dataset {id: 'theirs'}), (:Paper {title: 'theirs'})-[:USES]->(d)",
    )
    assert tables(pull(server, tmp_path / "back")) == tables(graph)


TASK = "MATCH (n:Task {id: 'task:questionanswering'}) "
USE = "MATCH (p:Paper {id: 'arxiv:1609.02907'})-[e:USES]->(d:Dataset {id: 'dataset:cora'}) "
EDGE = "edge 'arxiv:1609.02907' -USES-> 'dataset:cora': "
ONE = "(a node labelled KG has one of Paper, Method, Dataset, Task, Repository as a label and as its type)"
# What is done to the database, and what is said of it; * is what Python or its JSON says.
DAMAGE = [
    (
        TASK + "SET n.stars = 5",
        "Task 'task:questionanswering': no property 'stars' (one of id, name, aliases, papers, url)",
    ),
    (
        TASK + "SET n.papers = 'many'",
        "Task 'task:questionanswering': papers is 'many' (expected integer)",
    ),
    (
        TASK + "REMOVE n.name",
        "Task 'task:questionanswering': name is missing",
    ),
    (
        TASK + "REMOVE n.id",
        "Task None: id is missing",
    ),
    (
        TASK + "SET n.aliases = [1, 2]",
        "Task 'task:questionanswering': aliases is (1, 2) (expected strings)",
    ),
    (
        TASK + "REMOVE n:Task",
        "{uri}: node 'task:questionanswering' has labels KG and type 'Task' " + ONE,
    ),
    (
        TASK + "SET n:Method",
        "{uri}: node 'task:questionanswering' has labels KG, Method, Task and type 'Task' " + ONE,
    ),
    (
        "MATCH (n:Task {id: 'task:questionanswering'}), (d:Dataset {id: 'dataset:cora'}) CREATE (d)-[:USES]->(n)",
        "edge 'dataset:cora' -USES-> 'task:questionanswering': USES does not go from Dataset to Task"
        " (it goes Paper to Method, Paper to Dataset)",
    ),
    (
        USE + "REMOVE e.evidence",
        EDGE + "no evidence (an edge from a paper rests on at least one mention)",
    ),
    (
        USE + "SET e.evidence = ['{}']",
        EDGE + "evidence that is none of kg's: *",
    ),
    (
        USE + "SET e.evidence = ['x']",
        EDGE + "evidence that is none of kg's: *",
    ),
    (
        USE + "CREATE (p)-[f:USES]->(d) SET f = properties(e)",
        "USES from Paper 'arxiv:1609.02907' to Dataset 'dataset:cora' is there twice",
    ),
]


def test_what_breaks_the_schema_is_one_error_that_names_it_and_the_old_graph_stays(
    server: Server, tmp_path: Path
) -> None:
    graph = example_graph(tmp_path / "g")
    old = tables(pull_after(server, graph, tmp_path / "back"))
    for statement, said in DAMAGE:
        change(server, "MATCH (n) DETACH DELETE n")
        export(graph, server)
        change(server, statement)
        with pytest.raises(SchemaError) as refused:
            pull(server, tmp_path / "back")
        found = str(refused.value)
        assert "\n" not in found
        whole = re.escape(said.replace("{uri}", server.uri)).replace(r"\*", ".+")
        assert re.fullmatch(whole, found), found
        assert tables(Store.open(tmp_path / "back")) == old
        assert sorted(p.name for p in tmp_path.iterdir()) == ["back", "g"]


def pull_after(server: Server, graph: Store, path: Path) -> Store:
    export(graph, server)
    return pull(server, path)


def test_a_database_without_a_graph_of_ours(server: Server, tmp_path: Path) -> None:
    change(server, "CREATE (:Paper {id: 'theirs', type: 'Paper'})")
    with pytest.raises(ServerError) as refused:
        pull(server, tmp_path / "back")
    assert str(refused.value) == (
        f"{server.uri}: no graph of kg in the database: no node has the label KG"
        " (kg export GRAPH --to neo4j puts one there; --database names another)"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_graph_is_left_alone(server: Server, tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine")
    with pytest.raises(GraphError):
        pull(server, tmp_path)
    assert (tmp_path / "notes").read_text() == "mine"


def test_from_python_there_and_back(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", server.uri)
    monkeypatch.setenv("NEO4J_USER", server.user)
    monkeypatch.setenv("NEO4J_PASSWORD", server.password)
    graph = kg.Graph(example_graph(tmp_path / "g"))
    done = graph.export_neo4j(prune=True)
    assert (done.nodes + done.edges, done.removed_nodes, done.removed_edges) == (sum(graph.counts.values()), 0, 0)
    assert tables(kg.pull(tmp_path / "back").store) == tables(graph.store)
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    with pytest.raises(KgError):
        kg.pull(tmp_path / "again")
