"""How fast kg export --to neo4j loads a graph over Bolt, beside a bare loop with the driver on the same rows.

    NEO4J_URI=bolt://localhost:7687 NEO4J_PASSWORD=... python benchmarks/neo4j_load.py GRAPH --empties-the-database

The bare loop is what one writes in a minute: the same properties, all rows in memory, one uniqueness constraint a type,
UNWIND and MERGE on label and id, batches of a thousand; no base label, no other index, no full text, no retry. Each
runs in a process of its own, on the same server, emptied before. The time is that of loading; for the bare loop the
rows are read before it. Printed: nodes and edges a second of both, their ratio, and the highest resident memory of each
process. Server and load of the machine matter more than either: compare within a run, on an idle machine.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import subprocess
import sys
import time
from typing import Any

from kg import schema
from kg.neo4j import layout
from kg.neo4j.export import export
from kg.neo4j.server import Server
from kg.store import Store

BATCH = 1000


def empty(server: Server) -> None:
    with server.session(write=True) as session:
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS").consume()
        for kind, kinds in (("CONSTRAINT", "CONSTRAINTS"), ("INDEX", "INDEXES")):
            for name in session.run(f"SHOW {kinds} YIELD name, type WHERE type <> 'LOOKUP' RETURN name").value():
                session.run(f"DROP {kind} `{name}` IF EXISTS").consume()


def bare(store: Store, server: Server) -> dict[str, float]:
    known = schema.load()
    nodes = {name: [layout.properties(name, row) for row in store.rows(name)] for name in known.nodes}
    edges: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for edge in known.edges.values():
        for row in store.rows(edge.name):
            key = (edge.name, row["subject_type"], row["object_type"])
            sent = {"a": row["subject"], "b": row["object"], "p": layout.properties(edge.name, row)}
            edges.setdefault(key, []).append(sent)
    with server.session(write=True) as session:
        start = time.perf_counter()
        for name, rows in nodes.items():
            session.run(f"CREATE CONSTRAINT FOR (n:{name}) REQUIRE n.id IS UNIQUE").consume()
            for i in range(0, len(rows), BATCH):
                query = f"UNWIND $rows AS row MERGE (n:{name} {{id: row.id}}) SET n += row"
                session.run(query, rows=rows[i : i + BATCH]).consume()
        between = time.perf_counter()
        for (name, a, b), rows in edges.items():
            for i in range(0, len(rows), BATCH):
                query = (
                    f"UNWIND $rows AS row MATCH (a:{a} {{id: row.a}}), (b:{b} {{id: row.b}})"
                    f" MERGE (a)-[e:{name}]->(b) SET e += row.p"
                )
                session.run(query, rows=rows[i : i + BATCH]).consume()
    return {"nodes": between - start, "edges": time.perf_counter() - between}


def ours(store: Store, server: Server) -> dict[str, float]:
    start = time.perf_counter()
    at: dict[str, float] = {}

    def tell(stage: str, done: int, total: int | None) -> None:
        at[stage] = time.perf_counter()

    export(store, server, progress=tell)
    return {"nodes": at["nodes"] - start, "edges": at["edges"] - at["nodes"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("graph", help="a graph folder")
    parser.add_argument("--empties-the-database", action="store_true", required=True)
    parser.add_argument("--rounds", type=int, default=2, help="the fastest of these counts")
    parser.add_argument("--one", choices=["bare", "kg"], help=argparse.SUPPRESS)
    asked = parser.parse_args()
    store, server = Store.open(asked.graph), Server.from_env()
    if asked.one:
        seconds = (bare if asked.one == "bare" else ours)(store, server)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({**seconds, "peak": peak}))
        return
    known, counts = schema.load(), store.manifest["counts"]
    sizes = {
        "nodes": sum(counts[name] for name in known.nodes),
        "edges": sum(counts[name] for name in known.edges),
    }
    print(f"{sizes['nodes']:,} nodes, {sizes['edges']:,} edges; {len(os.sched_getaffinity(0))} cores")
    found: dict[str, dict[str, float]] = {}
    for _, who in itertools.product(range(asked.rounds), ("bare", "kg")):
        empty(server)
        command = [sys.executable, __file__, asked.graph, "--empties-the-database", "--one", who]
        once = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        rates = ", ".join(f"{sizes[k] / once[k]:7,.0f} {k}/s" for k in sizes)
        print(f"{who:<5} {rates}, peak {once['peak']:,.0f} MB, load {os.getloadavg()[0]:.1f}", flush=True)
        found[who] = {k: min(once[k], found.get(who, once)[k]) for k in sizes}
    for k in sizes:
        print(f"kg has {found['bare'][k] / found['kg'][k]:.2f} of the bare loop's speed for {k}")


if __name__ == "__main__":
    main()
