"""kg draw"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["command"]


def command(
    graph: Annotated[Path, typer.Argument(metavar="GRAPH", help="The graph folder that kg build wrote.")],
    around: Annotated[
        str, typer.Option("--around", metavar="NAME", help="An entity or a paper: any name, alias, spelling or id.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="PAGE", help="The page to write.", dir_okay=False)
    ] = Path("page.html"),
    hops: Annotated[int, typer.Option("--hops", min=0, max=6, help="How many edges away from it to go.")] = 1,
    limit: Annotated[int, typer.Option("--limit", min=1, max=5000, help="How many nodes to show at most.")] = 200,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Draw what lies around an entity or a paper, as a page in one file that opens with no network.

    Search, filter by type, and click a node or an edge to read names, links and the evidence sentence.

    Example: kg draw my-graph --around CIFAR-10 --hops 2 -o page.html
    """
    from kg import graph as graphs
    from kg.cli.console import say

    page = graphs.open(graph).draw(around, output, hops=hops, limit=limit)
    say(f"wrote {page}")
    if open_:
        import webbrowser

        if not webbrowser.open(page.resolve().as_uri()):
            say("no browser here: open it by hand")
