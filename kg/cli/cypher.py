"""kg cypher"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from kg.cli.answers import Ask, AskOption, Format, graph_and_question, parameters, print_answer, source, typed
from kg.cli.server import Database, Uri, User

__all__ = ["command"]


class _Dialect(StrEnum):
    common = "common"
    ladybug = "ladybug"
    neo4j = "neo4j"


def command(
    graph: Annotated[
        str | None, typer.Argument(metavar="GRAPH", help="A graph folder; left out with --engine neo4j.")
    ] = None,
    query: Annotated[
        str | None, typer.Argument(metavar="CYPHER", help="One query that reads; - for standard input.")
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option("-p", "--parameter", metavar="KEY=VALUE", help="A value for $KEY: number, JSON list or text."),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print the rows.")] = Format.table,
    timeout: Annotated[float, typer.Option(min=0.001, help="Seconds at most.")] = 30.0,
    dialect: Annotated[
        _Dialect | None,
        typer.Option(
            help="common refuses what LadybugDB and Neo4j would answer otherwise, and is the default for a graph"
            " folder; ladybug allows all that LadybugDB knows, neo4j all that a server knows."
        ),
    ] = None,
    engine: AskOption = Ask.ladybug,
    uri: Uri = None,
    user: User = None,
    database: Database = None,
) -> None:
    """Ask the graph in Cypher, the query language of Neo4j. It is only read, never changed.

    A Neo4j server that holds the graph answers as well: kg cypher --engine neo4j --uri bolt://HOST:7687 CYPHER
    Its password is NEO4J_PASSWORD, or asked for.

    Example: kg cypher my-graph 'MATCH (p:Paper) WHERE p.year >= $since RETURN p.title AS title' -p since=2020
    """
    from kg.query import cypher

    given = graph_and_question(engine, graph, query, (uri, user, database))
    if given is None:
        needed = "CYPHER is" if engine is Ask.neo4j else "GRAPH and CYPHER are"
        raise typer.BadParameter(f"{needed} needed", param_hint="kg cypher")
    if dialect is None:
        dialect = _Dialect.neo4j if engine is Ask.neo4j else _Dialect.common
    if dialect.value not in ("common", engine.value):
        raise typer.BadParameter(f"{engine.value} does not speak {dialect.value}", param_hint="--dialect")
    values = {key: typed(value) for key, value in parameters(parameter or []).items()}
    text = typer.get_text_stream("stdin").read() if given[1] == "-" else given[1]
    cypher.check(text, values, language=dialect.value)
    with source(engine, given[0], uri, user, database) as asked:
        answer = cypher.ask(asked, text, values, timeout=timeout, language=dialect.value)
    print_answer(answer, form)
