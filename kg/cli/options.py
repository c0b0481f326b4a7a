"""The options that the commands which read papers share."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["AtLeast", "Columns", "Format", "Inputs", "Lexicon", "Model", "columns"]

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
Model = Annotated[
    str | None,
    typer.Option(
        "--model", metavar="PATH|NAME", help="Another spaCy pipeline: a folder, a name (accurate) or a package."
    ),
]

Lexicon = Annotated[
    list[str] | None,
    typer.Option(
        "--lexicon", metavar="FILE", help="Names of your own, tab-separated: name, type, ... (docs/extraction.md)."
    ),
]


def _score(value: float) -> float:
    if not 0 <= value <= 1:  # nor not-a-number, which passes min and max
        raise typer.BadParameter(f"{value:g} is not from 0 to 1")
    return value


AtLeast = Annotated[
    float,
    typer.Option("--at-least", callback=_score, metavar="SCORE", help="Keep only what scores so high, 0 to 1."),
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
