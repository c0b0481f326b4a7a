"""Every query that docs/neo4j.md shows runs on a server that holds the example graph, and finds something."""

from __future__ import annotations

import re
from pathlib import Path

import neo4j_server
import pytest
from graphs import example_graph

from kg.neo4j.export import export
from kg.neo4j.server import Server

PAGE = Path(__file__).parents[2] / "docs" / "neo4j.md"
QUERIES = re.findall(r"^```cypher\n(.+?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.neo4j


@pytest.fixture(scope="module")
def loaded(any_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Server:
    neo4j_server.empty(any_server)
    export(example_graph(tmp_path_factory.mktemp("docs") / "graph"), any_server)
    with any_server.session() as session:
        session.run("CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()").consume()
    return any_server


def test_there_is_a_query_for_each_question_of_the_readme() -> None:
    assert len(QUERIES) >= 7


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.split("\n")[0])
def test_a_query_of_the_page_has_rows(query: str, loaded: Server) -> None:
    with loaded.session() as session:
        assert session.run(query).values()
