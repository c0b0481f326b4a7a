"""kg pull"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.server import Database, Uri, User

__all__ = ["command"]


def command(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="GRAPH", help="The graph folder to write.")],
    uri: Uri = None,
    user: User = None,
    database: Database = None,
) -> None:
    """Read a graph back from a Neo4j server into a graph folder: what kg export --to neo4j put there, and no more.

    The password is NEO4J_PASSWORD, or asked for. A graph that was at GRAPH stays until the new one is whole.

    Example: kg pull --uri bolt://localhost:7687 -o my-graph
    """
    from kg.cli.console import progress, say
    from kg.cli.server import server
    from kg.neo4j.pull import pull

    source = server(uri, user, database)
    with progress() as tell:
        store = pull(source, output, progress=tell)
    say(f"{sum(store.manifest['counts'].values()):,} nodes and edges of {source.uri}: {output}")
