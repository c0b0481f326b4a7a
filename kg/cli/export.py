"""kg export"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.server import Database, Uri, User

__all__ = ["command"]

Target = Annotated[
    str,
    typer.Option(
        "--to",
        metavar="TARGET",
        help="turtle, ntriples, jsonld, graphml, gexf, jsonl, csv (a folder), cypher (a script), neo4j-admin (a folder)"
        " or neo4j (a server).",
    ),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="OUT", help="The file or folder to write; not for neo4j.")
]
Prune = Annotated[
    bool, typer.Option("--prune", help="neo4j: remove kg's nodes and edges that the graph no longer has.")
]


def command(
    graph: Annotated[Path, typer.Argument(metavar="GRAPH", help="The graph folder that kg build wrote.")],
    target: Target,
    output: Output = None,
    uri: Uri = None,
    user: User = None,
    database: Database = None,
    prune: Prune = False,
) -> None:
    """Write a graph for other tools, or into a Neo4j server. What was at OUT is replaced once all is written.

    For --to neo4j the password is NEO4J_PASSWORD, or asked for. The same command again brings the server up to date.

    Example: kg export my-graph --to turtle -o my-graph.ttl
    """
    from kg import graph as graphs
    from kg.cli.console import say
    from kg.export import TARGETS

    if target not in (*TARGETS, "neo4j"):
        raise typer.BadParameter(f"{target!r} is none of {', '.join((*TARGETS, 'neo4j'))}", param_hint="--to")
    if target == "neo4j":
        if output is not None:
            raise typer.BadParameter("neo4j is a server: give --uri, not a file", param_hint="-o")
        _to_server(graph, uri, user, database, prune)
        return
    if output is None:
        raise typer.BadParameter(f"{target} needs a file or folder to write", param_hint="-o")
    if uri or user or database or prune:
        raise typer.BadParameter(f"{target} writes files: --uri, --user, --database and --prune are for neo4j")
    opened = graphs.open(graph)
    path = opened.export(target, output)
    say(f"wrote {path}: {sum(opened.counts.values()):,} nodes and edges as {target}")


def _to_server(graph: Path, uri: str | None, user: str | None, database: str | None, prune: bool) -> None:
    from kg.cli.console import progress, say
    from kg.cli.server import server
    from kg.neo4j.export import export
    from kg.store import Store

    store = Store.open(graph)
    to = server(uri, user, database)
    with progress() as tell:
        done = export(store, to, prune=prune, progress=tell)
    removed = f"; removed {done.removed_nodes:,} nodes and {done.removed_edges:,} edges" if prune else ""
    say(f"{to.uri} has {done.nodes:,} nodes and {done.edges:,} edges of {graph}{removed}")
    say("look at it: MATCH (p:Paper)-[e]->(x) RETURN * LIMIT 50")
