"""kg export --to neo4j and kg pull, as a person runs them."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import neo4j_server
import pytest
from graphs import EDGES, NODES, example_graph

from kg.neo4j.server import Server
from kg.store import Store


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    return example_graph(tmp_path / "g").path


def kg(*arguments: str | Path, **environment: str) -> tuple[int, str, str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("NEO4J_")}
    done = subprocess.run(
        [sys.executable, "-m", "kg", *map(str, arguments)],
        env={**clean, "COLUMNS": "200", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def read(terminal: int) -> bytes:
    """What a terminal shows next; nothing once the other side has closed it."""
    ready, _, _ = select.select([terminal], [], [], 60)
    assert ready, "nothing was shown for a minute"
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


@pytest.mark.neo4j
def test_there_and_back_and_what_is_said(server: Server, graph: Path, tmp_path: Path) -> None:
    there = {"NEO4J_URI": server.uri, "NEO4J_USER": server.user, "NEO4J_PASSWORD": server.password}
    look = "look at it: MATCH (p:Paper)-[e]->(x) RETURN * LIMIT 50\n"
    said = f"{server.uri} has {len(NODES)} nodes and {len(EDGES)} edges of {graph}"
    assert kg("export", graph, "--to", "neo4j", **there) == (0, "", f"{said}\n{look}")
    pruned = f"{said}; removed 0 nodes and 0 edges\n{look}"
    assert kg("export", graph, "--to", "neo4j", "--prune", **there) == (0, "", pruned)
    back = tmp_path / "back"
    said = f"{len(NODES) + len(EDGES)} nodes and edges of {server.uri}: {back}\n"
    given = ("--uri", server.uri, "--user", server.user)
    assert kg("pull", "-o", back, *given, NEO4J_PASSWORD=server.password) == (0, "", said)
    assert Store.open(back).manifest["counts"] == Store.open(graph).manifest["counts"]


@pytest.mark.neo4j
def test_a_wrong_password_is_one_line_without_it(server: Server, graph: Path) -> None:
    said = f"kg: {server.uri}: user or password is wrong, for user 'neo4j' (set NEO4J_USER and NEO4J_PASSWORD)\n"
    done = kg("export", graph, "--to", "neo4j", "--uri", server.uri, NEO4J_PASSWORD="not-the-one")
    assert done == (1, "", said)
    assert neo4j_server.content(server) == ([], [])


@pytest.mark.neo4j
def test_at_a_terminal_the_password_is_asked_for_and_not_shown(server: Server, graph: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "export", str(graph), "--to", "neo4j", "--uri", server.uri],
        env={k: v for k, v in os.environ.items() if not k.startswith("NEO4J_")},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    while not shown.endswith(b": "):  # the blank comes once what is typed is no longer shown
        shown += read(ours)
    os.write(ours, server.password.encode() + b"\n")
    while piece := read(ours):
        shown += piece
    os.close(ours)
    assert process.wait(60) == 0
    assert server.password.encode() not in shown
    assert len(neo4j_server.content(server)[0]) == len(NODES)


def test_without_a_server_or_a_password_it_says_what_to_set(graph: Path, tmp_path: Path) -> None:
    address = "kg: no address of a Neo4j server (give --uri bolt://HOST:7687 or set NEO4J_URI)\n"
    password = "kg: no password for the Neo4j server (set NEO4J_PASSWORD; empty where it needs none)\n"
    for command in (("export", graph, "--to", "neo4j"), ("pull", "-o", tmp_path / "back")):
        assert kg(*command) == (1, "", address)
        assert kg(*command, "--uri", "bolt://127.0.0.1:1") == (1, "", password)
        code, out, said = kg(*command, "--uri", "bolt://127.0.0.1:1", NEO4J_PASSWORD="x")
        assert (code, out, said.count("\n")) == (1, "", 1)
        assert said.startswith("kg: bolt://127.0.0.1:1: no Neo4j server answers: ")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("neo4j", "-o", "x"), "neo4j is a server: give --uri, not a file"),
        (("csv",), "csv needs a file or folder to write"),
        (("csv", "-o", "x", "--prune"), "csv writes files: --uri, --user, --database and --prune are for neo4j"),
        (("neo4j", "--password", "secret"), "No such option: --password"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(options: tuple[str, ...], said: str, graph: Path) -> None:
    code, out, shown = kg("export", graph, "--to", *options)
    assert (code, out) == (2, "")
    assert said in shown
