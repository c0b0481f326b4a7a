"""kg stats"""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from kg.tables import Stats

__all__ = ["command"]


class Format(StrEnum):
    """How to print."""

    table = "table"
    json = "json"


def command(
    graph: Annotated[Path, typer.Argument(metavar="GRAPH", help="A graph folder that kg build wrote.")],
    format: Annotated[Format, typer.Option("--format", help="A table to read, or JSON.")] = Format.table,
    top: Annotated[int, typer.Option("--top", min=0, help="How many entities of each type.")] = 10,
) -> None:
    """Count what is in a graph: nodes and edges by type, papers by year and by code, and what most papers speak of.

    Example: kg stats my-graph
    """
    from kg.store import Store
    from kg.tables import stats

    found = stats(Store.open(graph), top=top)
    if format is Format.json:
        print(json.dumps(as_json(found), ensure_ascii=False, indent=2))
        return
    from rich.console import Console

    console = Console()
    for title, table in tables(found):
        console.print(title, style="italic", highlight=False)
        console.print(table)


def as_json(found: Stats) -> dict[str, object]:
    """The figures as JSON objects; a year that is not known is "unknown"."""
    return {
        "nodes": found.nodes,
        "edges": found.edges,
        "papers_by_year": {"unknown" if year is None else str(year): n for year, n in found.years.items()},
        "papers_by_code": found.code,
        "top": {name: [{"name": entity, "papers": n} for entity, n in rows] for name, rows in found.top.items()},
    }


def tables(found: Stats) -> list[tuple[str, Table]]:
    """The figures as tables, each with its title, which a table of its own width would break."""
    from rich.table import Table
    from rich.text import Text

    years = {"unknown" if year is None else str(year): n for year, n in found.years.items()}
    listed = {"nodes": found.nodes, "edges": found.edges, "papers by year": years, "papers by code": found.code}
    listed |= {f"most used: {name}": dict(rows) for name, rows in found.top.items() if rows}
    made = []
    for title, rows in listed.items():
        table = Table("", "", show_header=False, box=None, padding=(0, 1, 0, 2))
        for name, number in rows.items():
            # Text: a name is never markup.
            table.add_row(Text(name), Text(f"{number:,}", justify="right"))
        made.append((title, table))
    return made
