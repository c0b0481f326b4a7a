"""kg query and kg cypher --engine neo4j, as a person types them; and what is wrong usage."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import neo4j_server
import pytest
from graphs import example_graph

from kg.neo4j.export import export
from kg.neo4j.server import Server
from kg.store import Store


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return example_graph(tmp_path_factory.mktemp("asking") / "graph")


@pytest.fixture(scope="module")
def server(graph: Store, any_server: Server) -> Server:
    """A server that holds the example graph."""
    neo4j_server.empty(any_server)
    export(graph, any_server)
    return any_server


def kg(*words: str | Path, server: Server | None = None, stdin: str = "") -> tuple[int, str, str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NEO4J_")}
    if server:
        environment |= {"NEO4J_URI": server.uri, "NEO4J_USER": server.user, "NEO4J_PASSWORD": server.password}
    command = [sys.executable, "-m", "kg", *map(str, words)]
    done = subprocess.run(
        command, input=stdin, capture_output=True, text=True, timeout=120, check=False, env=environment
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.neo4j
def test_a_named_query_prints_what_the_graph_folder_prints(graph: Store, server: Server) -> None:
    words = ("papers-with-code", "-p", "dataset=cifar", "--limit", "3", "--format", "csv")
    there = kg("query", "--engine", "neo4j", *words, server=server)
    here = kg("query", graph.path, *words)
    assert there == (0, here[1], "")
    assert len(here[1].splitlines()) == 4


@pytest.mark.neo4j
def test_the_address_may_be_an_option(server: Server) -> None:
    words = ("cypher", "--engine", "neo4j", "--uri", server.uri, "--database", "neo4j", "RETURN $x AS x", "-p", "x=[1]")
    alone = Server("bolt://127.0.0.1:9", server.user, server.password)
    assert kg(*words, "--format", "json", server=alone)[:2] == (0, '[\n{"x": [1]}\n]\n')


@pytest.mark.neo4j
def test_cypher_speaks_the_whole_language_and_the_common_one_if_told(server: Server) -> None:
    words = ("cypher", "--engine", "neo4j", "-")
    text = "MATCH (m:Method {id: 'method:gcn'})\nRETURN m.aliases[0] AS first // and http://x"
    assert json.loads(kg(*words, "--format", "json", server=server, stdin=text)[1]) == [{"first": "GCNs"}]
    code, out, said = kg(*words, "--dialect", "common", server=server, stdin=text)
    assert (code, out, "count from 0" in said) == (1, "", True)


@pytest.mark.neo4j
def test_what_is_wrong_at_the_server_is_one_line(server: Server) -> None:
    wrong = Server(server.uri, server.user, "not-" + server.password)
    for at, message in (
        (wrong, "user or password is wrong"),
        (Server("bolt://127.0.0.1:9"), "no Neo4j server answers"),
    ):
        code, out, said = kg("query", "--engine", "neo4j", "promised-code", server=at)
        assert (code, out, said.count("\n"), message in said) == (1, "", 1, True), said
        assert wrong.password not in said


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("query", "--engine", "neo4j"), 2, "NAME is needed"),
        (("cypher", "--engine", "neo4j"), 2, "CYPHER is needed"),
        (("cypher", "graph"), 2, "GRAPH and CYPHER are needed"),
        (("query", "--engine", "neo4j", "graph", "promised-code"), 2, "leave GRAPH out"),
        (("query", "graph", "promised-code", "--uri", "bolt://x"), 2, "are for --engine neo4j"),
        (("cypher", "--engine", "neo4j", "--dialect", "ladybug", "RETURN 1"), 2, "neo4j does not speak ladybug"),
        (("cypher", "--dialect", "neo4j", "graph", "RETURN 1"), 2, "ladybug does not speak neo4j"),
        (("query", "--engine", "neo4j", "promised-cod"), 1, "did you mean promised-code"),
        (("query", "--engine", "neo4j", "promised-code"), 1, "set NEO4J_URI"),
        (("cypher", "--engine", "neo4j", "MATCH (n) DELETE n"), 1, "DELETE changes the graph"),
    ],
)
def test_wrong_usage_is_said_before_a_server_is_asked(words: tuple[str, ...], code: int, message: str) -> None:
    found = kg(*words)
    assert (found[0], found[1], "Traceback" in found[2]) == (code, "", False)
    assert message in " ".join(found[2].replace("│", " ").split())
