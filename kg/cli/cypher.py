"""kg cypher"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.answers import Format, opened, parameters, print_answer, typed

__all__ = ["command"]


class _Dialect(StrEnum):
    common = "common"
    ladybug = "ladybug"


def command(
    graph: Annotated[Path, typer.Argument(metavar="GRAPH", help="A graph folder.")],
    query: Annotated[str, typer.Argument(metavar="CYPHER", help="One query that reads; - for standard input.")],
    parameter: Annotated[
        list[str] | None,
        typer.Option("-p", "--parameter", metavar="KEY=VALUE", help="A value for $KEY: number, JSON list or text."),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print the rows.")] = Format.table,
    timeout: Annotated[float, typer.Option(min=0.001, help="Seconds at most.")] = 30.0,
    dialect: Annotated[
        _Dialect,
        typer.Option(help="common refuses what Neo4j would answer otherwise; ladybug allows all that LadybugDB knows."),
    ] = _Dialect.common,
) -> None:
    """Ask the graph in Cypher, the query language of Neo4j. It is only read, never changed.

    Example: kg cypher my-graph 'MATCH (p:Paper) WHERE p.year >= $since RETURN p.title AS title' -p since=2020
    """
    from kg.query import cypher

    given = {key: typed(value) for key, value in parameters(parameter or []).items()}
    text = typer.get_text_stream("stdin").read() if query == "-" else query
    cypher.check(text, given, language=dialect.value)
    print_answer(cypher.ask(opened(graph), text, given, timeout=timeout, language=dialect.value), form)
