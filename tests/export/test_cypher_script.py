"""One script of plain Cypher: loaded by the real cypher-shell it is the graph, whatever its texts hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import neo4j_server
import neo4j_tools
import pytest
from graphs import example_graph
from hostile import hostile_graph
from hypothesis import given, settings
from hypothesis import strategies as st
from neo4j_tools import hard_graph

from kg import store
from kg.export import cypher_script, export
from kg.export.cypher_script import literal
from kg.model import Node
from kg.neo4j.server import Server

# Any code point, half surrogate pairs included, and pieces out of which a way out of a text could be put together.
TEXTS = st.lists(
    st.one_of(
        st.characters(),
        st.sampled_from(["'", '"', "\\", "\\u", "\\u0027", "\\\\u0027", "\\'", ";", "\n", "//", "/*", "}) ", "`", ":"]),
    )
).map("".join)
STRING = re.compile(r"'(?:[^'\\\n]|\\[\\'nrtu])*'")
PATIENT = settings(deadline=None)
INJECTION = "x'}) DETACH DELETE n //"


def whole(text: str) -> str:
    """What a graph can hold of it."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def unescaped(text: str) -> str:
    """What a reader of Cypher makes of a text."""
    short = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "'": "'"}
    units = re.sub(r"\\(?:u([0-9A-F]{4})|(.))", lambda m: chr(int(m[1], 16)) if m[1] else short[m[2]], text[1:-1])
    return units.encode("utf-16-be", "surrogatepass").decode("utf-16-be")


@PATIENT
@given(TEXTS)
def test_a_text_is_one_token_of_printable_ascii_and_reads_back(text: str) -> None:
    written = literal(text)
    assert re.fullmatch("[ -~]*", written)
    assert STRING.fullmatch(written)
    assert unescaped(written) == whole(text)


@PATIENT
@given(TEXTS)
def test_a_reader_that_turns_code_points_first_sees_one_token_as_well(text: str) -> None:
    """Neo4j reads \\uXXXX before it looks where a text ends, so that \\u0027 would end it."""
    once = re.sub(r"\\u([0-9A-F]{4})", lambda m: chr(int(m[1], 16)), literal(text))
    assert re.fullmatch(r"'(?:[^'\\]|\\[\\'nrt])*'", once, re.DOTALL)


@pytest.mark.neo4j
def test_the_server_reads_every_literal_as_the_text(any_server: Server) -> None:
    @settings(PATIENT, max_examples=40)
    @given(st.lists(TEXTS, min_size=1, max_size=20))
    def same(texts: list[str]) -> None:
        found = session.run(f"RETURN [{', '.join(map(literal, texts))}] AS v").value()[0]
        assert found == [whole(text) for text in texts]

    with any_server.session() as session:
        same()


@pytest.mark.neo4j
@pytest.mark.parametrize("made", [example_graph, hostile_graph, hard_graph])
def test_cypher_shell_loads_the_graph_and_again_changes_nothing(made: Any, server: Server, tmp_path: Path) -> None:
    graph = made(tmp_path / "g")
    script = export(graph, "cypher", tmp_path / "graph.cypher")
    command = ["cypher-shell", "-d", "neo4j", "-f", script]
    # In a locale that knows ASCII alone, as in many containers.
    for _ in range(2):
        assert neo4j_tools.run(command, tmp_path, server=server, LC_ALL="C") == (0, "")
        assert neo4j_server.content(server) == neo4j_tools.expected(graph)


@pytest.mark.neo4j
def test_a_title_that_is_cypher_is_only_a_title(server: Server, tmp_path: Path) -> None:
    titles = [INJECTION, INJECTION.replace("'", "\\u0027"), INJECTION.replace("'", "\\\\u0027"), "\\", "';\n:exit\n"]
    graph = store.write(tmp_path / "g", [Node(str(i), "Paper", {"title": t}) for i, t in enumerate(titles)], [])
    script = export(graph, "cypher", tmp_path / "graph.cypher")
    assert neo4j_tools.run(["cypher-shell", "-f", script], tmp_path, server=server) == (0, "")
    with server.session() as session:
        for i, title in enumerate(titles):
            assert session.run("MATCH (p:Paper {title: $t}) RETURN p.id", t=title).value() == [str(i)]


def test_transactions_are_bounded_and_end_at_the_end_of_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cypher_script, "_ROWS", 2)
    nodes = [Node(f"p{i}", "Paper", {"title": "a;\nb"}) for i in range(5)]
    nodes += [Node(f"q{i}", "Paper", {"title": "t", "abstract": "x" * 600_000}) for i in range(3)]
    text = export(store.write(tmp_path / "g", nodes, []), "cypher", tmp_path / "g.cypher").read_text(encoding="ascii")
    statements = [s for s in text.split(";\n") if s.startswith("WITH")]
    assert [s.count("=p") + s.count("=q") for s in statements] == [2, 2, 2, 1, 1]


def test_a_value_may_have_any_separator(tmp_path: Path) -> None:
    every = "".join(map(chr, range(1, 0x2000)))
    graph = store.write(tmp_path / "g", [Node("p", "Paper", {"title": every, "authors": (every, "")})], [])
    text = export(graph, "cypher", tmp_path / "g.cypher").read_text(encoding="ascii")
    assert "UNWIND split(rows, '\\u2002') AS row\nWITH split(row, '\\u2001') AS f" in text
