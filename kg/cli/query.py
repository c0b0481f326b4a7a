"""kg query"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from kg.cli.answers import (
    Ask,
    AskOption,
    Format,
    graph_and_question,
    parameters,
    print_answer,
    source,
    table,
    terminal_width,
)
from kg.cli.server import Database, Uri, User

__all__ = ["command"]


def command(
    graph: Annotated[
        str | None, typer.Argument(metavar="GRAPH", help="A graph folder; left out with --engine neo4j.")
    ] = None,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="A named query; --list shows them.")] = None,
    parameter: Annotated[
        list[str] | None, typer.Option("-p", "--parameter", metavar="KEY=VALUE", help="A parameter; may be repeated.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print the rows.")] = Format.table,
    limit: Annotated[int | None, typer.Option(min=0, help="Rows at most, instead of the query's own limit.")] = None,
    timeout: Annotated[float, typer.Option(min=0.001, help="Seconds at most.")] = 60.0,
    listed: Annotated[bool, typer.Option("--list", help="List the named queries with their parameters.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Print the Cypher of the query instead of asking it.")] = False,
    engine: AskOption = Ask.ladybug,
    uri: Uri = None,
    user: User = None,
    database: Database = None,
) -> None:
    """Ask a named query: papers with code, who introduced what, datasets for a task, and more.

    A name is found by any alias and usual spelling (cifar10 for CIFAR-10), or given as an id (dataset:cifar10).

    A Neo4j server that holds the graph answers the same: kg query --engine neo4j --uri bolt://HOST:7687 NAME -p ...
    Its password is NEO4J_PASSWORD, or asked for.

    Example: kg query my-graph papers-with-code -p dataset=CIFAR-10
    """
    from kg.query import library

    if listed:
        rows = [(q.name, q.question, tuple(map(str, q.parameters))) for q in library.all_queries().values()]
        sys.stdout.write(table(("name", "question", "parameters"), rows, width=terminal_width()))
        return
    given = graph_and_question(engine, graph, name, (uri, user, database))
    if given is None:
        needed = "NAME is" if engine is Ask.neo4j else "GRAPH and NAME are"
        raise typer.BadParameter(f"{needed} needed, or --list", param_hint="kg query")
    query = library.get(given[1])
    if show:
        sys.stdout.write(query.text)
        return
    values = parameters(parameter or [])
    if limit is not None:
        values["limit"] = str(limit)
    with source(engine, given[0], uri, user, database) as asked:
        answer = library.ask(asked, query.name, values, timeout=timeout)
    print_answer(answer, form)
