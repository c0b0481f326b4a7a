"""CSV: a folder with one file for each type, nodes-TYPE.csv and edges-TYPE.csv."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg import schema
from kg.store import Store, arrow_schema

__all__ = ["write"]


def write(store: Store, folder: Path) -> None:
    """Write every table of the graph to `folder`, with a header line, the rows in the graph's order.

    As RFC 4180 has it, but for ``\\n`` at the ends of lines. Text is always in quotes and is exactly the graph's;
    nothing between two commas means not known, ``""`` is empty text. Lists, and the evidence, are JSON.
    """
    known = schema.load()
    for kind, types in (("nodes", known.nodes), ("edges", known.edges)):
        for name in types:
            columns = arrow_schema(name).names
            with (folder / f"{kind}-{name}.csv").open("w", encoding="utf-8", newline="\n") as out:
                out.write(",".join(columns) + "\n")
                for row in store.rows(name):
                    out.write(",".join(_cell(row[column]) for column in columns) + "\n")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return repr(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return '"' + text.replace('"', '""') + '"'
