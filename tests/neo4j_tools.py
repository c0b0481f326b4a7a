"""neo4j-admin and cypher-shell as commands of those names, and what a graph should be in a server."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import graphs
import hostile
import neo4j_server
from neo4j_server import FAST, OPENS

from kg import schema, store
from kg.ids import entity_id
from kg.model import Edge, Evidence, Node
from kg.neo4j.server import Server
from kg.store import Store

__all__ = ["INJECTION", "expected", "hard_graph", "run"]

INJECTION = "x'}) DETACH DELETE n //"
# Lists that the import tool has no way to write, a list that has the usual separator in it, numbers at their ends.
_HARD = (
    Node(
        "hard",
        "Paper",
        {
            "title": INJECTION,
            "abstract": "a\r\nb\rc\n\n",
            "year": -(2**63),
            "author_count": 2**63 - 1,
            "authors": ("",),
            "identifiers": (),
            "categories": ("a;b", "c\x1fd", "e\x1ef", "g\\"),
            "links": ("", ""),
            "link_kinds": (" ",),
        },
    ),
    Node("empty", "Paper", {"title": " ", "abstract": "", "year": 0, "url": "", "authors": (), "links": ("\n",)}),
    Node(entity_id("Method", INJECTION), "Method", {"name": INJECTION, "aliases": ("'", '"', "`")}),
)
_HARD_EDGES = (
    Edge(
        "USES",
        "hard",
        "Paper",
        entity_id("Method", INJECTION),
        "Method",
        {"score": 0.1 + 0.2, "quotes": ("",), "fields": (), "sources": ("\x1f",)},
        (Evidence("title", 0, 1, "x\x1f\x1e", "a\n", 5e-324, 0, 23),),
    ),
)


def hard_graph(path: Path) -> Store:
    """Write the example graph, the hostile one and what is hard for files and scripts, in one, and open it."""
    there = {(n.type, n.id) for n in (*hostile.NODES, *_HARD)}
    nodes = [*hostile.NODES, *_HARD, *(n for n in graphs.NODES if (n.type, n.id) not in there)]
    return store.write(path, nodes, [*hostile.EDGES, *_HARD_EDGES, *graphs.EDGES])


def run(
    command: Sequence[str | Path], folder: Path, *, home: Path | None = None, server: Server | None = None, **more: str
) -> tuple[int, str]:
    """Run a command in `folder`, as where Neo4j is installed in `home`: exit status, and all that it says.

    `more` are variables of the environment. cypher-shell goes to `server`.
    """
    bin_folder = folder / ".bin"
    bin_folder.mkdir(exist_ok=True)
    opens = [f"--add-opens=java.base/{p}=ALL-UNNAMED" for p in OPENS]
    _command(bin_folder / "neo4j-admin", ["java", *opens, *FAST, "-cp", f"{neo4j_server.jars()}/*"], "cli.AdminTool")
    shell = ["java", *FAST, "-cp", f"{neo4j_server.jars('cypher-shell')}/*"]
    _command(bin_folder / "cypher-shell", shell, "shell.Main")
    environment = {**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}", **more}
    if home:
        environment |= {"NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
    if server:
        environment |= {"NEO4J_URI": server.uri, "NEO4J_USERNAME": server.user, "NEO4J_PASSWORD": server.password}
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    for file in bin_folder.iterdir():
        file.unlink()
    bin_folder.rmdir()
    return done.returncode, done.stdout


def _command(file: Path, java: Sequence[str], main: str) -> None:
    file.write_text(f'#!/bin/sh\nexec {shlex.join(java)} org.neo4j.{main} "$@"\n')
    file.chmod(0o755)


def expected(graph: Store) -> tuple[list[Any], list[Any]]:
    """What neo4j_server.content should find of a graph, taken from its tables cell by cell."""
    nodes = []
    for name in schema.load().nodes:
        for row in graph.rows(name):
            nodes.append([sorted(["KG", name]), _given({"type": name, **row})])
    edges = []
    for name in schema.load().edges:
        for row in graph.rows(name):
            ends = [(sorted(["KG", row.pop(f"{end}_type")]), row.pop(end)) for end in ("subject", "object")]
            edges.append([*ends[0], name, _given(row), *ends[1]])
    return sorted(nodes, key=repr), sorted(edges, key=repr)


def _given(row: dict[str, Any]) -> dict[str, Any]:
    """What is not null, by name; evidence as the JSON text that it is in Neo4j."""
    if row.get("evidence") is not None:
        row["evidence"] = [json.dumps(e, ensure_ascii=False, separators=(",", ":")) for e in row["evidence"]]
    return dict(sorted((k, v) for k, v in row.items() if v is not None))
