"""The connection to a Neo4j server: where it comes from, and every refusal in one line that says what to do."""

from __future__ import annotations

import logging
import sys
from dataclasses import replace

import neo4j_server
import pytest

from kg.errors import ServerError
from kg.neo4j.server import Server

VARIABLES = ("NEO4J_URI", "NEO4J_USER", "NEO4J_PASSWORD", "NEO4J_DATABASE")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def refusal(server: Server) -> str:
    with pytest.raises(ServerError) as refused, server.session():
        raise AssertionError("a session was opened")
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_what_is_not_given_comes_from_the_environment(environment: pytest.MonkeyPatch) -> None:
    for name, value in zip(VARIABLES, ("bolt://there", "me", "secret", "papers"), strict=True):
        environment.setenv(name, value)
    assert Server.from_env() == Server("bolt://there", "me", "secret", "papers")
    given = Server.from_env("neo4j://here:7", "you", password="other", database="graph")
    assert given == Server("neo4j://here:7", "you", "other", "graph")


def test_the_user_is_neo4j_and_the_database_the_servers_own_where_nobody_says(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("NEO4J_PASSWORD", "")
    assert Server.from_env("bolt://here") == Server("bolt://here", "neo4j", "", None)


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        (None, "no address of a Neo4j server (give --uri bolt://HOST:7687 or set NEO4J_URI)"),
        ("bolt://here", "no password for the Neo4j server (set NEO4J_PASSWORD; empty where it needs none)"),
    ],
)
def test_what_is_nowhere_is_asked_for(uri: str | None, said: str, environment: pytest.MonkeyPatch) -> None:
    with pytest.raises(ServerError) as refused:
        Server.from_env(uri)
    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("localhost:7687", "localhost:7687 is no address of a Neo4j server"),
        ("http://localhost:7474", "http://localhost:7474 is no address of a Neo4j server"),
        ("bolt://", "bolt:// is no address of a Neo4j server"),
        ("", "an empty text is no address of a Neo4j server"),
        ("bolt://localhost:99999", "bolt://localhost:99999: Port out of range 0-65535"),
    ],
)
def test_an_address_that_is_none_is_refused_before_anything_is_asked(uri: str, said: str) -> None:
    with pytest.raises(ServerError) as refused:
        Server(uri)
    assert str(refused.value) == said + " (write it like bolt://localhost:7687)"


def test_a_password_is_in_no_message_and_no_repr() -> None:
    assert "secret" not in repr(Server("bolt://here", "me", "secret"))
    with pytest.raises(ServerError) as refused:
        Server("bolt://me:secret@here:7687")
    assert str(refused.value) == (
        "bolt://here:7687: a user or password stands in the address (set NEO4J_USER and NEO4J_PASSWORD instead)"
    )


@pytest.mark.parametrize("scheme", ["bolt", "neo4j", "bolt+s"])
def test_a_server_that_is_not_there(
    scheme: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said = refusal(Server(f"{scheme}://127.0.0.1:1", password="secret"))
    assert said.startswith(f"{scheme}://127.0.0.1:1: no Neo4j server answers: ")
    assert said.endswith("(see that it runs and that the address is right, then run the same command again)")
    assert capfd.readouterr() == ("", "")
    assert "secret" not in caplog.text


def test_a_host_that_nobody_knows() -> None:
    said = refusal(Server("bolt://nosuch.invalid:7687"))
    assert said.startswith("bolt://nosuch.invalid:7687: no Neo4j server answers: ")


def test_without_the_driver_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "neo4j", None)
    assert refusal(Server("bolt://here")) == (
        "the driver for Neo4j is not installed (install it: pip install 'kg[neo4j]')"
    )


@pytest.mark.neo4j
def test_wrong_password_wrong_user_and_no_such_database(server: Server) -> None:
    assert refusal(replace(server, password="wrong")) == (
        f"{server.uri}: user or password is wrong, for user 'neo4j' (set NEO4J_USER and NEO4J_PASSWORD)"
    )
    assert refusal(replace(server, user="nobody")) == (
        f"{server.uri}: user or password is wrong, for user 'nobody' (set NEO4J_USER and NEO4J_PASSWORD)"
    )
    assert refusal(replace(server, database="nosuch")) == (
        f"{server.uri}: no database 'nosuch' (leave --database out for the server's own; SHOW DATABASES lists them)"
    )


@pytest.mark.neo4j
def test_a_session_asks_and_only_one_that_may_write_does(server: Server) -> None:
    with server.session() as session:
        assert session.run("RETURN $x AS x", x=[1, "a"]).single(strict=True).data() == {"x": [1, "a"]}
    with pytest.raises(ServerError) as refused, server.session() as session:
        session.run("CREATE (:X)").consume()
    assert "[Neo.ClientError.Statement.AccessMode]" in str(refused.value)
    assert neo4j_server.content(server) == ([], [])


@pytest.mark.neo4j
def test_what_the_server_says_of_a_query_is_one_line_with_its_code(server: Server) -> None:
    with pytest.raises(ServerError) as refused, server.session() as session:
        session.run("RETRUN 1")
    assert str(refused.value).startswith(f"{server.uri}: Invalid input 'RETRUN'")
    assert str(refused.value).endswith("[Neo.ClientError.Statement.SyntaxError]")
