"""The options that the commands which read papers share."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["Columns", "Format", "Inputs", "columns"]

Inputs = Annotated[
    list[str],
    typer.Argument(metavar="INPUT...", help="Files, folders or globs of papers, .gz too; - for standard input."),
]
Format = Annotated[
    str | None,
    typer.Option("--format", help="Insist on hf-papers, arxiv, jsonl, csv, tsv, bibtex or acl."),
]
Columns = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="COLUMN=NAME", help="A column that has another name: --map title=Name."),
]


def columns(given: list[str]) -> dict[str, str]:
    """The mapping that --map gives, column to name in the file."""
    found = {}
    for text in given:
        column, equals, name = text.partition("=")
        if not (column and equals and name):
            raise typer.BadParameter(f"{text!r} is not COLUMN=NAME, for example title=Name", param_hint="--map")
        found[column] = name
    return found
