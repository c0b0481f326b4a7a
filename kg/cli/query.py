"""kg query"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.answers import Format, opened, parameters, print_answer, table, terminal_width

__all__ = ["command"]


def command(
    graph: Annotated[Path | None, typer.Argument(metavar="GRAPH", help="A graph folder.")] = None,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="A named query; --list shows them.")] = None,
    parameter: Annotated[
        list[str] | None, typer.Option("-p", "--parameter", metavar="KEY=VALUE", help="A parameter; may be repeated.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print the rows.")] = Format.table,
    limit: Annotated[int | None, typer.Option(min=0, help="Rows at most, instead of the query's own limit.")] = None,
    timeout: Annotated[float, typer.Option(min=0.001, help="Seconds at most.")] = 60.0,
    listed: Annotated[bool, typer.Option("--list", help="List the named queries with their parameters.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Print the Cypher of the query instead of asking it.")] = False,
) -> None:
    """Ask a named query: papers with code, who introduced what, datasets for a task, and more.

    A name is found by any alias and usual spelling (cifar10 for CIFAR-10), or given as an id (dataset:cifar10).

    Example: kg query my-graph papers-with-code -p dataset=CIFAR-10
    """
    from kg.query import library

    if listed:
        rows = [(q.name, q.question, tuple(map(str, q.parameters))) for q in library.all_queries().values()]
        sys.stdout.write(table(("name", "question", "parameters"), rows, width=terminal_width()))
        return
    if graph is None or name is None:
        raise typer.BadParameter("GRAPH and NAME are needed, or --list", param_hint="kg query")
    if show:
        sys.stdout.write(library.get(name).text)
        return
    given = parameters(parameter or [])
    if limit is not None:
        given["limit"] = str(limit)
    library.get(name)
    store = opened(graph)
    print_answer(library.ask(store, name, given, timeout=timeout), form)
