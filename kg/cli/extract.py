"""kg extract"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import progress, say
from kg.cli.options import AtLeast, Columns, Format, Inputs, Lexicon, Model, columns
from kg.cli.output import Rejects, count, opened, papers_of, without_own

if TYPE_CHECKING:
    from kg.model import Extraction, Paper

__all__ = ["command"]

_EVERY = 64


def command(
    inputs: Inputs,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="The JSON lines to write; - for standard output.")
    ] = "-",
    format: Format = None,
    map: Columns = None,
    model: Model = None,
    lexicon: Lexicon = None,
    at_least: AtLeast = 0.0,
) -> None:
    """Find the datasets, methods, tasks, repositories and links that papers speak of.

    Writes one JSON object a paper, in the order of the input and under its id: every entity with its name, its
    spellings, role, kind and score, and each mention with field, start and end. What cannot be read is listed in
    FILE.rejects.jsonl.

    Example: kg extract papers/ -o mentions.jsonl
    """
    from kg.extract import extract_papers
    from kg.read import read_papers

    rejects = None if output == "-" else Path(f"{output}.rejects.jsonl")
    found = read_papers(without_own(inputs, output), format=format, columns=columns(map or []))
    done = mentions = 0
    with Rejects(rejects) as aside, progress() as advance:
        extract = partial(extract_papers, model=model, lexicon=lexicon or (), at_least=at_least)
        lines = _lines(papers_of(found, aside, advance), extract)
        first = next(lines, None)
        if first is not None:
            with opened(output) as write:
                for paper, extraction in chain([first], lines):
                    write(_line(paper, extraction))
                    done += 1
                    mentions += len(extraction.mentions)
                    if done % _EVERY == 0:
                        advance("extract", done, None)
            advance("extract", done, done)
    said = f"{count(done, 'paper')}, {count(mentions, 'mention')}, {count(aside.count, 'reject')}"
    say(said + (f": {rejects}" if rejects and aside.count else ""))
    if not done:
        raise typer.Exit(1)


def _lines(
    papers: Iterator[Paper], extract: Callable[[Iterator[Paper]], Iterator[Extraction]]
) -> Iterator[tuple[Paper, Extraction]]:
    """Each paper with its extraction; holds as many papers as the extractor reads ahead."""
    ahead: deque[Paper] = deque()

    def noted() -> Iterator[Paper]:
        for paper in papers:
            ahead.append(paper)
            yield paper

    for extraction in extract(noted()):
        yield ahead.popleft(), extraction


def _line(paper: Paper, extraction: Extraction) -> str:
    from kg.extract.predicted import to_object

    # Half a surrogate pair in a text cannot be written as UTF-8; escaped it can.
    text = json.dumps(to_object(paper, extraction), ensure_ascii=False)
    return (text if _writable(text) else json.dumps(to_object(paper, extraction))) + "\n"


def _writable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
