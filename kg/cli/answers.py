"""Prints an Answer: as a table that fits the terminal, as JSON or as CSV; and reads -p key=value."""

from __future__ import annotations

import json
import re
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.console import say
from kg.query.answer import Answer
from kg.store import Store

if TYPE_CHECKING:
    from kg.query.engine import Engine

__all__ = [
    "Ask",
    "AskOption",
    "Format",
    "graph_and_question",
    "harmless",
    "opened",
    "parameters",
    "print_answer",
    "source",
    "table",
    "terminal_width",
    "typed",
]

_GAP = "  "
_NARROWEST = 8
_LONG = 30  # a list or address of more columns than this goes below its row where the table is too wide
# Control characters would steer the terminal; these others turn the direction of what follows.
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Format(StrEnum):
    """How an answer is printed."""

    table = "table"
    json = "json"
    csv = "csv"


class Ask(StrEnum):
    """Who is asked."""

    ladybug = "ladybug"
    neo4j = "neo4j"


AskOption = Annotated[
    Ask, typer.Option("--engine", help="ladybug asks a graph folder; neo4j a server, and GRAPH is left out.")
]


def graph_and_question(
    engine: Ask, graph: str | None, what: str | None, server: Iterable[str | None]
) -> tuple[str, str] | None:
    """GRAPH and what is asked, with a Neo4j server an empty text and that alone; None where one is missing.

    Wrong usage where there is a GRAPH and a server, or options for a server and none.
    """
    if engine is Ask.neo4j:
        if what is not None:
            raise typer.BadParameter("the graph is the server's: leave GRAPH out", param_hint="--engine neo4j")
        return ("", graph) if graph else None
    if any(server):
        raise typer.BadParameter("--uri, --user and --database are for --engine neo4j")
    return (graph, what) if graph and what else None


@contextmanager
def source(
    engine: Ask, graph: str, uri: str | None, user: str | None, database: str | None
) -> Iterator[Store | Engine]:
    """What is asked: the graph folder, or the server that the options name, while the block runs."""
    if engine is Ask.ladybug:
        yield opened(Path(graph))
        return
    from kg.cli.server import server
    from kg.query.neo4j_engine import Neo4j

    with closing(Neo4j.open(server(uri, user, database))) as connected:
        yield connected


def opened(graph: Path) -> Store:
    """Open a graph folder, and say so where its index has to be made first, since that can take a while."""
    from kg.query import index

    store = Store.open(graph)
    if not index.is_ready(store):
        say("kg: making the index of this graph, once")
    return store


def parameters(given: Iterable[str]) -> dict[str, str]:
    """The -p options, ``key=value``, by key. Wrong usage where there is no = or a key comes twice."""
    found: dict[str, str] = {}
    for text in given:
        key, sign, value = text.partition("=")
        if not sign or not key.strip():
            raise typer.BadParameter(f"{text!r} is not key=value", param_hint="-p")
        if key.strip() in found:
            raise typer.BadParameter(f"{key.strip()} is given twice", param_hint="-p")
        found[key.strip()] = value
    return found


def typed(text: str) -> Any:
    """A number, list, true, false, null or quoted text as JSON has them; anything else is text as it stands.

    >>> [typed(t) for t in ("5", '"5"', '["a", 1]', "CIFAR-10", "NaN")]
    [5, '5', ['a', 1], 'CIFAR-10', 'NaN']
    """
    try:
        value = json.loads(text, parse_constant=lambda _: text)
    except ValueError:
        return text
    return text if isinstance(value, dict) else value


def print_answer(answer: Answer, form: Format) -> None:
    """Print the rows on standard output; where there are none, say so on standard error."""
    if form is Format.table:
        text = table(answer.columns, answer.rows, width=terminal_width()) if answer.rows else ""
    else:
        text = answer.json() if form is Format.json else answer.csv()
    if sys.stdout.isatty():
        text = "\n".join(map(harmless, text.split("\n")))
    sys.stdout.write(text)
    if not answer.rows:
        say("no rows")


def terminal_width() -> int | None:
    """Columns of the terminal that standard output is; None where it is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def harmless(text: str) -> str:
    r"""Text that cannot steer a terminal: control and direction characters are written out.

    >>> harmless("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    return _STEERING.sub(lambda m: repr(m[0])[1:-1], text)


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, width: int | None) -> str:
    """Aligned columns under their names, one line a row; where that is given, fitted to `width` columns of a terminal.

    What is too wide is cut, but long lists (the words that prove a row) and addresses are not: they go below their row.
    """
    cells = [[_cell(v) for v in row] for row in rows]
    lines = [list(columns), *cells]
    widths = [max(_width(line[i]) for line in lines) for i in range(len(columns))]
    numbers = [all(isinstance(row[i], (int, float)) or row[i] is None for row in rows) for i in range(len(columns))]
    beside = list(range(len(columns)))
    if width is not None and _total(widths) > width:
        beside = [i for i in beside if widths[i] <= _LONG or not any(_is_whole(row[i]) for row in rows)]
        kept = [widths[i] for i in beside]
        _narrow(kept, width)
        for i, w in zip(beside, kept, strict=True):
            widths[i] = w
    text = ""
    for number, line in enumerate([lines[0], ["-" * w for w in widths], *cells]):
        text += _GAP.join(_fitted(line[i], widths[i], right=numbers[i]) for i in beside).rstrip() + "\n"
        if number > 1 and width is not None:
            for i in (i for i in range(len(columns)) if i not in beside and line[i]):
                text += _below(f"{columns[i]}: {line[i]}", width)
    return text


def _is_whole(value: Any) -> bool:
    """Whether it is of no use when it is cut: a list, or the address of something."""
    return isinstance(value, (tuple, list)) or (isinstance(value, str) and value.startswith("https://"))


def _below(text: str, width: int) -> str:
    indent = 2 * _GAP
    return (
        textwrap.fill(text, max(width, 40), initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
        + "\n"
    )


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _narrow(widths: list[int], width: int) -> None:
    """Take from the widest column until all fit, but leave each readable."""
    while widths and _total(widths) > width and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, (tuple, list)):
        return " | ".join(_cell(v) for v in value)
    if isinstance(value, dict):
        return harmless(json.dumps(value, ensure_ascii=False, default=str))
    return harmless(re.sub(r"\s+", " ", str(value)))


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def _fitted(text: str, width: int, *, right: bool) -> str:
    if _width(text) > width:
        kept = ""
        for c in text:
            if _width(kept + c) > width - 1:
                break
            kept += c
        text = kept + "…"
    pad = " " * (width - _width(text))
    return pad + text if right else text + pad
