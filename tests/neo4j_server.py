"""A real Neo4j Community server for tests, from its published Maven artifacts: no installer, no container.

Needs Java 17 or newer and Maven; where they are missing the tests fail, since a check that is left out proves nothing.
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

from kg import schema
from kg.store import Store

__all__ = ["jars", "load", "running"]

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


def jars() -> Path:
    """The folder with the server's jars, fetched by Maven the first time."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kg-tests"
    target = cache / f"neo4j-{VERSION}"
    if target.is_dir():
        return target
    assert shutil.which("mvn"), "these tests need Maven and Java 17: see tests/install-system-parts"
    new = cache / f".neo4j-{VERSION}-{os.getpid()}"
    pom = Path(__file__).parent / "pom-neo4j.xml"
    command = ["mvn", "-B", "-q", "-f", str(pom), "dependency:copy-dependencies", f"-DoutputDirectory={new}"]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    with contextlib.suppress(OSError):  # another process was first
        new.rename(target)
    shutil.rmtree(new, ignore_errors=True)
    return target


@contextlib.contextmanager
def running(home: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    """A server with an empty database in the folder `home`, while the block runs: its address, (user, password)."""
    assert shutil.which("java"), "these tests need Java 17: see tests/install-system-parts"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name in ("conf", "data", "logs", "import", "plugins"):
        (home / name).mkdir(parents=True)
    (home / "conf" / "neo4j.conf").write_text(CONF.format(port=port))
    environment = {**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
    java = ["java", *(f"--add-opens=java.base/{p}=ALL-UNNAMED" for p in OPENS), *FAST, "-cp", f"{jars()}/*"]
    admin = [*java, "org.neo4j.cli.AdminTool", "dbms", "set-initial-password", PASSWORD]
    subprocess.run(admin, env=environment, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    server = [
        *java,
        "org.neo4j.server.CommunityEntryPoint",
        f"--home-dir={home}",
        f"--config-dir={home / 'conf'}",
    ]
    with (home / "logs" / "console.log").open("wb") as log:
        process = subprocess.Popen(server, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        _wait(process, port, home)
        yield f"bolt://127.0.0.1:{port}", ("neo4j", PASSWORD)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


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
