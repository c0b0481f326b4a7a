"""kg read"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Self, TextIO

import typer

from kg.cli.console import Progress, progress, say

if TYPE_CHECKING:
    from kg.model import Paper, Reject

__all__ = ["command"]

# Rejects that are shown as well as written.
_SHOWN = 3
_EVERY = 200


def command(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT...", help="Files, folders or globs of papers, .gz too; - for standard input."),
    ],
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="The JSON lines to write; - for standard output.")
    ] = "-",
    format: Annotated[
        str | None,
        typer.Option("--format", help="Insist on hf-papers, arxiv, jsonl, csv, tsv, bibtex or acl."),
    ] = None,
    map: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=NAME", help="A column that has another name: --map title=Name."),
    ] = None,
) -> None:
    """Read papers of any format into one file of JSON lines.

    Read are saved Hugging Face Daily Papers pages (hf-papers), arXiv metadata (arxiv), JSON lines or an array (jsonl),
    tables (csv, tsv), bibliographies (bibtex) and ACL Anthology XML (acl). One paper in several inputs comes out once,
    with all its sources. What cannot be read is listed in FILE.rejects.jsonl.

    Example: kg read papers/ -o papers.jsonl
    """
    from kg.cli.build import columns
    from kg.read import read_papers
    from kg.tables import merge_papers

    rejects = None if output == "-" else Path(f"{output}.rejects.jsonl")
    found = read_papers(_without_own(inputs, output), format=format, columns=columns(map or []))
    with _Rejects(rejects) as aside, progress() as advance:
        merged = merge_papers(_papers(found, aside, advance))
        papers, several = _write(merged, output)
    counts = f"{_count(papers, 'paper')}{f' ({several:,} from several inputs)' if several else ''}"
    say(f"{counts}, {_count(aside.count, 'reject')}{f': {rejects}' if rejects and aside.count else ''}")
    if not papers:
        raise typer.Exit(1)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _without_own(inputs: list[str], output: str) -> list[str]:
    """The files to read: those that an earlier run wrote into a folder it read are no input, unless named."""
    from kg.read import files

    own = {os.path.realpath(output), os.path.realpath(f"{output}.rejects.jsonl")}
    return [name for name in files(inputs) if name in inputs or os.path.realpath(name) not in own]


def _papers(found: Iterable[Paper | Reject], aside: _Rejects, advance: Progress) -> Iterator[Paper]:
    from kg.model import Paper

    done = 0
    for one in found:
        if isinstance(one, Paper):
            done += 1
            if done % _EVERY == 0:
                advance("read", done, None)
            yield one
        else:
            aside.add(one)
    advance("read", done, done)


def _write(papers: Iterator[Paper], output: str) -> tuple[int, int]:
    """How many papers were written, and how many of them have several sources. With no paper, no file is touched."""
    from kg.read.jsonl import paper_line

    count = several = 0
    first = next(papers, None)
    if first is None:
        return 0, 0
    with _opened(output) as write:
        paper: Paper | None = first
        while paper is not None:
            write(paper_line(paper))
            count += 1
            several += len(paper.sources) > 1
            paper = next(papers, None)
    return count, several


@contextmanager
def _opened(output: str) -> Iterator[Callable[[str], object]]:
    if output != "-":
        from kg.output import whole_file

        with whole_file(output) as out:
            yield out.write
        return
    # UTF-8 whatever the terminal's locale, as in a file.
    yield lambda line: sys.stdout.buffer.write(line.encode())
    sys.stdout.buffer.flush()


class _Rejects:
    """Counts what was set aside, shows the first, and writes them to `path` (all are shown where there is none)."""

    def __init__(self, path: Path | None) -> None:
        self.count = 0
        self._path = path
        self._stack = ExitStack()
        self._out: TextIO | None = None

    def __enter__(self) -> Self:
        return self

    def add(self, reject: Reject) -> None:
        from kg.output import whole_file
        from kg.read.jsonl import reject_line

        self.count += 1
        if self._path is None or self.count <= _SHOWN:
            line = "" if reject.line is None else f":{reject.line}"
            say(f"{reject.path}{line}: {reject.reason}")
        if self._path is not None:
            self._out = self._out or self._stack.enter_context(whole_file(self._path))
            self._out.write(reject_line(reject))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)
        if error is None and self._path is not None and not self.count:
            self._path.unlink(missing_ok=True)  # of an earlier run
