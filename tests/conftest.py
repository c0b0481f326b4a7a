"""What tests of several rooms share: one Neo4j server for the whole session.

engine_run.py is a script for tests to start; imported to look for doctests it would start a build.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import neo4j_server
import pytest

from kg.neo4j.server import Server

collect_ignore = ["engine_run.py"]


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[neo4j_server.Local | None]:
    """The server that the tests started; None where NEO4J_URI names another.

    Without Java or Maven its tests are skipped, with a line that says so; in CI (CI is set) they fail.
    """
    if os.environ.get("NEO4J_URI"):
        yield None
        return
    neo4j_server.require()
    started = neo4j_server.Local(tmp_path_factory.mktemp("neo4j") / "home")
    started.start()
    yield started
    started.stop()


@pytest.fixture(scope="session")
def any_server(local: neo4j_server.Local | None) -> Iterator[Server]:
    """A Neo4j server with nothing in its database when the first test gets it, nor after the last."""
    server = Server.from_env() if local is None else Server(local.uri, *local.auth)
    if local is None:
        with server.session() as session:
            count = session.run("MATCH (n) RETURN count(n)").value()[0]
        if count:
            pytest.fail(f"{server.uri} holds {count} nodes, and these tests empty it: name an empty one in NEO4J_URI")
    yield server
    neo4j_server.bare(server)


@pytest.fixture
def server(any_server: Server) -> Server:
    """A Neo4j server whose database is empty."""
    neo4j_server.empty(any_server)
    return any_server
