"""kg read"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import progress, say
from kg.cli.options import Columns, Format, Inputs, columns
from kg.cli.output import Rejects, count, opened, papers_of, without_own

if TYPE_CHECKING:
    from kg.model import Paper

__all__ = ["command"]


def command(
    inputs: Inputs,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="The JSON lines to write; - for standard output.")
    ] = "-",
    format: Format = None,
    map: Columns = None,
) -> None:
    """Read papers of any format into one file of JSON lines.

    Read are saved Hugging Face Daily Papers pages (hf-papers), arXiv metadata (arxiv), JSON lines or an array (jsonl),
    tables (csv, tsv), bibliographies (bibtex) and ACL Anthology XML (acl). One paper in several inputs comes out once,
    with all its sources. What cannot be read is listed in FILE.rejects.jsonl.

    Example: kg read papers/ -o papers.jsonl
    """
    from kg.read import read_papers
    from kg.tables import merge_papers

    rejects = None if output == "-" else Path(f"{output}.rejects.jsonl")
    found = read_papers(without_own(inputs, output), format=format, columns=columns(map or []))
    with Rejects(rejects) as aside, progress() as advance:
        merged = merge_papers(papers_of(found, aside, advance))
        papers, several = _write(merged, output)
    counts = f"{count(papers, 'paper')}{f' ({several:,} from several inputs)' if several else ''}"
    say(f"{counts}, {count(aside.count, 'reject')}{f': {rejects}' if rejects and aside.count else ''}")
    if not papers:
        raise typer.Exit(1)


def _write(papers: Iterator[Paper], output: str) -> tuple[int, int]:
    """How many papers were written, and how many of them have several sources. With no paper, no file is touched."""
    from kg.read.jsonl import paper_line

    written = several = 0
    first = next(papers, None)
    if first is None:
        return 0, 0
    with opened(output) as write:
        paper: Paper | None = first
        while paper is not None:
            write(paper_line(paper))
            written += 1
            several += len(paper.sources) > 1
            paper = next(papers, None)
    return written, several
