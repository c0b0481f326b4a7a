"""The options that the commands which speak to a Neo4j server share."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kg.neo4j.server import Server

__all__ = ["Database", "Uri", "User", "server"]

Uri = Annotated[
    str | None,
    typer.Option("--uri", metavar="URI", help="The Neo4j server, bolt://HOST:7687; NEO4J_URI if left out."),
]
User = Annotated[str | None, typer.Option("--user", help="Its user; NEO4J_USER, else neo4j, if left out.")]
Database = Annotated[
    str | None, typer.Option("--database", help="Its database; NEO4J_DATABASE, else the server's own, if left out.")
]


def server(uri: str | None, user: str | None, database: str | None) -> Server:
    """The server that the options and the environment name; the password is NEO4J_PASSWORD, or asked for at a terminal.

    There is no option for the password: it would stay in the shell's history and in the list of processes.
    """
    from kg.neo4j.server import Server

    password = os.environ.get("NEO4J_PASSWORD")
    if password is None and sys.stdin.isatty() and sys.stderr.isatty():
        known = Server.from_env(uri, user, password="", database=database)  # a wrong address is said before
        password = typer.prompt(
            f"Password of {known.user} at {known.uri}", hide_input=True, err=True, default="", show_default=False
        )
    return Server.from_env(uri, user, password=password, database=database)
