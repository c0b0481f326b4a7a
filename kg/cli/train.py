"""kg train"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import progress, say

if TYPE_CHECKING:
    from rich.table import Table

    from kg.train.report import Report

__all__ = ["command"]

_SHOWN = 5


def command(
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="Annotated papers: JSON lines in the gold format.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="MODEL", help="The model folder to write.")],
    abstracts: Annotated[
        list[str] | None,
        typer.Option("--abstracts", metavar="FILE", help="Papers without annotations to learn names from; repeatable."),
    ] = None,
    leave_out: Annotated[
        list[str] | None,
        typer.Option("--leave-out", metavar="FILE", help="A test set: its papers are not read among the abstracts."),
    ] = None,
) -> None:
    """Teach a new field: train a model on annotated papers.

    Writes a folder that --model of kg extract and kg build takes, and spacy.load too. Prints how well entities and
    roles are found in papers that the model had not seen (cross-validation). The gold format is that of kg extract; a
    few hundred papers make a good model, and thousands of abstracts of the field (--abstracts) a better one.

    Example: kg train gold.jsonl -o my-model
    """
    from kg.train import train

    with progress() as tell:
        report = train(gold, output, abstracts=abstracts or (), leave_out=leave_out or (), progress=tell)
    _print(report)
    for line, mention in report.unplaced[:_SHOWN]:
        say(f"{gold}:{line}: {mention!r} stands nowhere in the text as whole words: nothing is learned from it")
    if len(report.unplaced) > _SHOWN:
        say(f"{gold}: and {len(report.unplaced) - _SHOWN} more such mentions")
    say(f"{report.papers:,} papers: {output}")


def _print(report: Report) -> None:
    from rich.console import Console

    console = Console()
    for title, table in _tables(report):
        console.print(title, style="italic", highlight=False)
        console.print(table)


def _tables(report: Report) -> list[tuple[str, Table]]:
    from rich.table import Table

    scores = Table("entities", "gold", "precision", "recall", "F1", "from score", box=None, padding=(0, 1, 0, 2))
    for s in report.scored:
        figures = (s.precision, s.recall, s.f1, s.at_least)
        scores.add_row(f"{s.type} {s.kind or ''}".strip(), f"{s.gold:,}", *(f"{x:.2f}" for x in figures))
    roles = Table("roles", "gold", "right", box=None, padding=(0, 1, 0, 2))
    for a in report.agreed:
        roles.add_row(a.what, f"{a.total:,}", f"{a.share:.2f}")
    return [("on papers that the model had not seen", scores), ("", roles)][: 1 + bool(report.agreed)]
