"""kg show"""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.answers import harmless, opened

if TYPE_CHECKING:
    from kg.query.show import Quote, Shown, ShownEdge

__all__ = ["command"]

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


class _Format(StrEnum):
    table = "table"
    json = "json"


def command(
    graph: Annotated[Path, typer.Argument(metavar="GRAPH", help="A graph folder.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name, alias, id, identifier, or part of a title.")],
    form: Annotated[_Format, typer.Option("--format", help="Text to read, or JSON.")] = _Format.table,
    limit: Annotated[int, typer.Option(min=0, help="Edges at most of each type.")] = 10,
) -> None:
    """Show an entity or a paper: what is known of it, its edges, and the sentences that prove them.

    The words that prove an edge are bold on a terminal, and stand between « and » elsewhere.

    Example: kg show my-graph CIFAR-10
    """
    from kg.query.show import show

    shown = show(opened(graph), name, limit=limit)
    if form is _Format.json:
        text = json.dumps(_as_json(shown), ensure_ascii=False, indent=2) + "\n"
        sys.stdout.write("\n".join(map(harmless, text.split("\n"))) if sys.stdout.isatty() else text)
    else:
        marks = (_BOLD, _PLAIN) if sys.stdout.isatty() else ("«", "»")
        sys.stdout.write(as_text(shown, marks=marks))


def as_text(shown: Shown, *, marks: tuple[str, str]) -> str:
    """The thing shown, as text: `marks` go before and after the words that prove an edge."""
    lines = [f"{shown.found.type} {_line(shown.found.name)}"]
    for key, value in shown.properties.items():
        if value not in (None, (), "") and key != "name":
            told = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
            lines.append(f"  {key}: {_line(told)}")
    for (type_name, out), number in shown.counts.items():
        edges = [e for e in shown.edges if (e.type, e.out) == (type_name, out)]
        more = f", the first {len(edges)}" if len(edges) < number else ""
        arrow = f"-{type_name}->" if out else f"<-{type_name}-"
        lines += ["", f"{arrow} {number}{more}"]
        for e in edges:
            lines.append(f"  {_line(e.other.name)}  [{_line(e.other.id)}]{_rests_on(e)}")
            lines += [f"    {_marked(q, marks)}" for q in e.quotes]
    return "\n".join(lines) + "\n"


def _rests_on(edge: ShownEdge) -> str:
    papers = edge.properties.get("papers")
    return f"  by {', '.join(map(_line, papers))}" if papers else ""


def _line(text: str) -> str:
    return harmless(" ".join(text.split()))


def _marked(quote: Quote, marks: tuple[str, str]) -> str:
    parts, at = [], 0
    for start, end in quote.marks:
        if start >= at:  # two marks may overlap: the first is shown
            parts += [quote.text[at:start], None, quote.text[start:end], None]
            at = end
    parts.append(quote.text[at:])
    opening, text = True, ""
    for part in parts:
        if part is None:
            text += marks[0] if opening else marks[1]
            opening = not opening
        else:
            text += harmless(part.translate({10: " ", 13: " ", 9: " "}))
    return text


def _as_json(shown: Shown) -> dict[str, Any]:
    return {
        "id": shown.found.id,
        "type": shown.found.type,
        **{k: v for k, v in shown.properties.items() if k != "id"},
        "edges": [
            {
                "type": e.type,
                "direction": "out" if e.out else "in",
                "id": e.other.id,
                "other_type": e.other.type,
                "name": e.other.name,
                **e.properties,
                "quotes": [{"paper": q.paper, "field": q.field, "text": q.text, "marks": q.marks} for q in e.quotes],
            }
            for e in shown.edges
        ],
        "counts": [
            {"type": t, "direction": "out" if out else "in", "edges": n} for (t, out), n in shown.counts.items()
        ],
    }
