"""kg demo"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["command"]

_QUESTIONS = (
    ("papers-with-code", {"dataset": "CIFAR-10"}),
    ("who-introduced", {"name": "LoRA"}),
    ("co-used-datasets", {"dataset": "COCO"}),
)


def command(
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the graph and the page.")] = Path("kg-demo"),
) -> None:
    """Build a graph from the examples that ship with kg, ask it three things and draw a page.

    Example: kg demo -o kg-demo
    """
    from kg.cli.answers import Format, print_answer
    from kg.cli.console import progress, say
    from kg.graph import build
    from kg.resources import folder

    graph_path, page = out / "graph", out / "page.html"
    out.mkdir(parents=True, exist_ok=True)
    say(f"$ kg build {folder('examples')} -o {graph_path}")
    with progress() as advance:
        graph = build([folder("examples")], graph_path, progress=advance)
    for name, parameters in _QUESTIONS:
        options = " ".join(f"-p {k}={v}" for k, v in parameters.items())
        say(f"\n$ kg query {graph_path} {name} {options}")
        print_answer(graph.query(name, **parameters), Format.table)
    say(f"\n$ kg draw {graph_path} --around CIFAR-10 -o {page}")
    graph.draw("CIFAR-10", page)
    say(f"\nThe graph is in {graph_path}, and a page to look at is {page.resolve().as_uri()}")
