"""The files for neo4j-admin, read by the real import tool, are the graph value by value."""

from __future__ import annotations

from pathlib import Path

import neo4j_server
import neo4j_tools
import pytest
from neo4j_tools import INJECTION, hard_graph

from kg import store
from kg.errors import ExportError
from kg.export import export
from kg.export.neo4j_admin import EMPTY
from kg.model import Node
from kg.neo4j.server import Server
from kg.store import Store


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return hard_graph(tmp_path_factory.mktemp("graph") / "g")


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> neo4j_server.Local:
    """A server of our own that never ran."""
    neo4j_server.require()
    return neo4j_server.Local(tmp_path_factory.mktemp("neo4j") / "home")


@pytest.mark.neo4j
def test_the_import_tool_makes_the_graph_value_by_value(
    graph: Store, stopped: neo4j_server.Local, tmp_path: Path
) -> None:
    folder = export(graph, "neo4j-admin", tmp_path / "admin files")
    command = [folder / "import.sh", "neo4j", "--threads=2"]
    code, said = neo4j_tools.run(command, tmp_path, home=stopped.home)
    assert code == 0, said
    stopped.start()
    try:
        server = Server(stopped.uri, *stopped.auth)
        for _ in range(2):  # again, since whoever is not sure does it again
            finish = ["cypher-shell", "-d", "neo4j", "-f", folder / "finish.cypher"]
            assert neo4j_tools.run(finish, tmp_path, server=server) == (0, "")
        assert neo4j_server.content(server) == neo4j_tools.expected(graph)
        with server.session() as session:
            titles = session.run("MATCH (p:Paper {title: $t}) RETURN p.id", t=INJECTION).value()
            indexes = session.run("SHOW INDEXES YIELD name WHERE name STARTS WITH 'kg_' RETURN count(*)").value()
        assert titles == ["hard"]
        assert indexes[0] > 5
    finally:
        stopped.stop()
    # The folder may be written again after the tool has left its report there.
    (folder / "import.report").touch()
    export(graph, "neo4j-admin", folder)


def test_no_row_has_the_separator_in_a_list(graph: Store, tmp_path: Path) -> None:
    folder = export(graph, "neo4j-admin", tmp_path / "admin")
    assert "--array-delimiter=U+001D " in (folder / "import.sh").read_text()


def test_a_graph_with_every_separator_is_refused(tmp_path: Path) -> None:
    every = "".join(map(chr, range(1, 32)))
    graph = store.write(tmp_path / "g", [Node("p", "Paper", {"title": "t", "authors": (every,)})], [])
    with pytest.raises(ExportError, match="no character is left"):
        export(graph, "neo4j-admin", tmp_path / "admin")
    assert not (tmp_path / "admin").exists()


def test_a_long_row_gets_a_buffer_that_holds_it(tmp_path: Path) -> None:
    graph = store.write(tmp_path / "g", [Node("p", "Paper", {"title": "t", "abstract": "x" * 3_000_000})], [])
    script = (export(graph, "neo4j-admin", tmp_path / "admin") / "import.sh").read_text()
    assert "--read-buffer-size=12" in script


def test_fields_tell_unknown_from_empty(tmp_path: Path) -> None:
    node = Node("m", "Method", {"name": 'a "b"', "aliases": (), "papers": 0, "kind": ""})
    other = Node("o", "Method", {"name": "o", "aliases": ("",)})
    folder = export(store.write(tmp_path / "g", [node, other], []), "neo4j-admin", tmp_path / "admin")
    assert (folder / "nodes-Method.header.csv").read_text() == (
        f"id:ID(Method),type:string,name:string,aliases:string[],papers:long,url:string,kind:string,{EMPTY}:string[]\n"
    )
    assert (folder / "nodes-Method.csv").read_text() == (
        '"m","Method","a ""b""",,0,,"","aliases"\n"o","Method","o",,,,,"aliases="""""\n'
    )
