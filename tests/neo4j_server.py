"""A real Neo4j Community server for tests, from its published Maven artifacts: no installer, no container.

Needs Java 17 or newer and Maven. NEO4J_URI, NEO4J_USER and NEO4J_PASSWORD point the tests to another server, whose
database must be empty, since they empty it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from kg import schema
from kg.neo4j.server import Server
from kg.store import Store

__all__ = ["Local", "bare", "content", "empty", "jars", "load", "missing", "running"]

VERSION = "5.26.30"
PASSWORD = "only-for-tests"
OPENS = ["java.nio", "java.io", "sun.nio.ch", "java.util.concurrent"]
# C1 only and the serial collector: half the start-up time and less memory for a server that lives a minute.
FAST = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"]
CONF = """\
server.default_listen_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
server.memory.pagecache.size=64m
dbms.usage_report.enabled=false
db.tx_log.preallocate=false
db.tx_log.rotation.size=16m
internal.server.bolt.thread_pool_shutdown_wait_time=200ms
internal.server.bolt.connection_shutdown_wait_time=200ms
"""


def jars(name: str = "neo4j") -> Path:
    """The folder with the jars of pom-NAME.xml (the server with neo4j-admin), fetched by Maven the first time."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kg-tests"
    target = cache / f"{name}-{VERSION}"
    if target.is_dir():
        return target
    assert shutil.which("mvn"), "these tests need Maven and Java 17: see tests/install-system-parts"
    new = cache / f".{name}-{VERSION}-{os.getpid()}"
    pom = Path(__file__).parent / f"pom-{name}.xml"
    command = ["mvn", "-B", "-q", "-f", str(pom), "dependency:copy-dependencies", f"-DoutputDirectory={new}"]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    with contextlib.suppress(OSError):  # another process was first
        new.rename(target)
    shutil.rmtree(new, ignore_errors=True)
    return target


class Local:
    """A server of our own on this machine, in the folder `home`, on a free port that it keeps from start to start."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.home = home
        self.uri, self.auth = f"bolt://127.0.0.1:{self.port}", ("neo4j", PASSWORD)
        for name in ("conf", "data", "logs", "import", "plugins"):
            (home / name).mkdir(parents=True)
        (home / "conf" / "neo4j.conf").write_text(CONF.format(port=self.port))
        self.admin("dbms", "set-initial-password", PASSWORD)

    def admin(self, *arguments: str) -> None:
        """Run neo4j-admin; while the server is stopped for whatever needs its database."""
        command = [*self._java(), "org.neo4j.cli.AdminTool", *arguments]
        subprocess.run(
            command, env=self._environment(), check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )

    def start(self) -> None:
        """Start it and wait until it answers; what it held before is there."""
        main = ["org.neo4j.server.CommunityEntryPoint", f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}"]
        with (self.home / "logs" / "console.log").open("wb") as log:
            self._process = subprocess.Popen(
                [*self._java(), *main], env=self._environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        _wait(self._process, self.port, self.home)

    def stop(self) -> None:
        """Ask it to end, and see that it does."""
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it at once, as a crash does."""
        self._process.kill()
        self._process.wait()

    def _java(self) -> list[str]:
        return ["java", *(f"--add-opens=java.base/{p}=ALL-UNNAMED" for p in OPENS), *FAST, "-cp", f"{jars()}/*"]

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "NEO4J_HOME": str(self.home), "NEO4J_CONF": str(self.home / "conf")}


def missing() -> str | None:
    """What this machine lacks for a server of our own."""
    lacking = [name for name in ("java", "mvn") if not shutil.which(name)]
    if not lacking:
        return None
    return f"no {' and no '.join(lacking)} for a Neo4j server (see tests/install-system-parts), and no NEO4J_URI"


def require() -> None:
    """Skip the test, with a line that says why, where Java or Maven lacks; in CI (CI is set) fail it."""
    if lacking := missing():
        if os.environ.get("CI"):
            pytest.fail(lacking)
        pytest.skip(lacking)


@contextlib.contextmanager
def running(home: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    """A server with an empty database in the folder `home`, while the block runs: its address, (user, password)."""
    local = Local(home)
    try:
        local.start()
        yield local.uri, local.auth
    finally:
        local.stop()


def _wait(process: subprocess.Popen[bytes], port: int, home: Path) -> None:
    """Until it answers a Bolt handshake."""
    hello = bytes.fromhex("6060b017000808050000040500020404" + "00000003")
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.settimeout(1)
            connection.sendall(hello)
            if len(connection.recv(4)) == 4:
                return
        time.sleep(0.1)
    raise AssertionError("Neo4j did not start:\n" + (home / "logs" / "console.log").read_text(errors="replace")[-3000:])


def empty(server: Server) -> None:
    """Remove every node and relationship from its database; constraints and indexes stay."""
    with server.session(write=True) as session:
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS").consume()


def bare(server: Server) -> None:
    """Leave nothing in its database: no node, no constraint, no index."""
    empty(server)
    with server.session(write=True) as session:
        for kind, kinds in (("CONSTRAINT", "CONSTRAINTS"), ("INDEX", "INDEXES")):
            listed = session.run(f"SHOW {kinds} YIELD name, type WHERE type <> 'LOOKUP' RETURN name").value()
            for name in listed:
                session.run(f"DROP {kind} `{name}` IF EXISTS").consume()


def content(server: Server) -> tuple[list[Any], list[Any]]:
    """Everything in its database: nodes as (labels, properties), edges as (end, type, properties, end), sorted."""
    with server.session() as session:
        nodes = session.run("MATCH (n) RETURN labels(n), properties(n)").values()
        edges = session.run(
            "MATCH (a)-[e]->(b) RETURN labels(a), a.id, type(e), properties(e), labels(b), b.id"
        ).values()
    return sorted(map(_sorted, nodes), key=repr), sorted(map(_sorted, edges), key=repr)


def _sorted(row: list[Any]) -> list[Any]:
    """Labels and property names in order; lists that are values keep theirs."""
    return [
        sorted(cell) if isinstance(cell, list) else dict(sorted(cell.items())) if isinstance(cell, dict) else cell
        for cell in row
    ]


def load(driver: Any, store: Store) -> None:
    """Put a graph into an empty server with plain Cypher: what is null is left out, as Neo4j has it."""
    for name in schema.load().nodes:
        rows = [_given(row) for row in store.rows(name)]
        driver.execute_query(f"UNWIND $rows AS row CREATE (n:{name}) SET n = row", rows=rows)
    for edge in schema.load().edges.values():
        for a, b in edge.pairs:
            rows = [
                {"a": row["subject"], "b": row["object"], "p": _given({p.name: row[p.name] for p in edge.properties})}
                for row in store.rows(edge.name)
                if (row["subject_type"], row["object_type"]) == (a, b)
            ]
            driver.execute_query(
                f"UNWIND $rows AS row MATCH (a:{a} {{id: row.a}}), (b:{b} {{id: row.b}})"
                f" CREATE (a)-[e:{edge.name}]->(b) SET e = row.p",
                rows=rows,
            )


def _given(row: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in row.items() if v is not None}
