"""kg export"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["command"]


def command(
    graph: Annotated[Path, typer.Argument(metavar="GRAPH", help="The graph folder that kg build wrote.")],
    target: Annotated[
        str,
        typer.Option(
            "--to", metavar="TARGET", help="turtle, ntriples, jsonld, graphml, gexf, jsonl or csv (a folder)."
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT", help="The file or folder to write.")],
) -> None:
    """Write a graph in a format of other tools. What was at OUT before is replaced once all is written.

    Example: kg export my-graph --to turtle -o my-graph.ttl
    """
    from kg import graph as graphs
    from kg.cli.console import say
    from kg.export import TARGETS

    if target not in TARGETS:
        raise typer.BadParameter(f"{target!r} is none of {', '.join(TARGETS)}", param_hint="--to")

    opened = graphs.open(graph)
    path = opened.export(target, output)
    say(f"wrote {path}: {sum(opened.counts.values()):,} nodes and edges as {target}")
