"""How fast the named queries are on the embedded engine and on Neo4j, and how fast its import tool loads a graph.

    python benchmarks/neo4j_ask.py GRAPH [--rounds 9]

Starts a Neo4j server of its own (tests/neo4j_server.py; Java 17 and Maven), with 4 GB of heap, 1 GB of page cache and a
just-in-time compiler with all its stages. The graph goes in by kg export --to neo4j-admin, import.sh and finish.cypher.
Every named query is asked with the example at its head, on engines that are open, with names already looked up: some
rounds unmeasured, then in turn. The rows are compared as well.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import neo4j_server
import neo4j_tools
from query_sets import example

from kg import schema
from kg.errors import KgError
from kg.export import export
from kg.neo4j.server import Server
from kg.query import library
from kg.query.engine import Engine
from kg.query.ladybug_engine import Ladybug
from kg.query.neo4j_engine import Neo4j
from kg.store import Store

WARM = 5


def timed(what: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = what()
    return time.perf_counter() - start, result


def said(done: tuple[int, str]) -> None:
    if done[0]:
        sys.exit(done[1])


def ask(engine: Engine, name: str, given: dict[str, Any]) -> Any:
    answer = None
    for statement in library.get(name).statements:
        answer = engine.ask(statement, given, timeout=60)
        if answer.rows:
            break
    return answer


def load(store: Store, folder: Path) -> neo4j_server.Local:
    """The graph in a server that runs; prints what it took."""
    neo4j_server.CONF = neo4j_server.CONF.replace("pagecache.size=64m", "pagecache.size=1g")
    neo4j_server.FAST[:] = ["-Xmx4g"]
    local = neo4j_server.Local(folder / "home")
    known, counts = schema.load(), store.manifest["counts"]
    nodes, edges = (sum(counts[name] for name in kinds) for kinds in (known.nodes, known.edges))
    files, _ = timed(lambda: export(store, "neo4j-admin", folder / "files"))
    run, done = timed(lambda: neo4j_tools.run([folder / "files" / "import.sh"], folder, home=local.home))
    said(done)
    local.start()
    command = ["cypher-shell", "-d", "neo4j", "-f", folder / "files" / "finish.cypher"]
    server = Server(local.uri, *local.auth)
    finish, done = timed(lambda: neo4j_tools.run(command, folder, server=server))
    said(done)
    whole = files + run + finish
    print(f"{nodes:,} nodes, {edges:,} edges; {len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}")
    print(f"files {files:.1f} s, import.sh {run:.1f} s, finish.cypher {finish:.1f} s")
    print(f"import.sh alone {(nodes + edges) / run:,.0f} nodes and edges/s, all three {(nodes + edges) / whole:,.0f}")
    return local


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("graph", help="a graph folder")
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    store = Store.open(asked.graph)
    with tempfile.TemporaryDirectory() as name:
        local = load(store, Path(name))
        try:
            server = Server(local.uri, *local.auth)
            with closing(Ladybug.open(store)) as ladybug, closing(Neo4j.open(server)) as neo4j:
                compare(store, {"embedded": ladybug, "neo4j": neo4j}, asked.rounds)
        finally:
            local.stop()


def compare(store: Store, engines: dict[str, Engine], rounds: int) -> None:
    print(f"{'query':<24}{'rows':>6}{'embedded':>12}{'Neo4j':>12}  Neo4j / embedded")
    ratios = []
    for query in library.all_queries().values():
        try:
            given = library.values(store, query, example(query.name))
        except KgError as e:
            print(f"{query.name:<24} not asked: {e}")
            continue
        times: dict[str, list[float]] = {who: [] for who in engines}
        answers = {}
        for i in range(WARM + rounds):
            for who, engine in engines.items():
                seconds, answers[who] = timed(lambda e=engine, q=query, g=given: ask(e, q.name, g))
                if i >= WARM:
                    times[who].append(seconds)
        here, there = (statistics.median(found) * 1000 for found in times.values())
        ratios.append(there / here)
        same = "" if answers["embedded"] == answers["neo4j"] else "  OTHER ROWS"
        count = len(answers["embedded"].rows)
        print(f"{query.name:<24}{count:>6}{here:>9.1f} ms{there:>9.1f} ms  {there / here:.1f}{same}", flush=True)
    print(f"Neo4j takes {statistics.median(ratios):.1f} times as long in the median of the queries")


if __name__ == "__main__":
    main()
