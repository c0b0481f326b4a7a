"""kg eval"""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import say
from kg.cli.options import AtLeast, Model

if TYPE_CHECKING:
    from rich.table import Table

    from kg.evaluate import Difference, Report, Tenth

__all__ = ["command"]


def command(
    gold: Annotated[
        str,
        typer.Argument(metavar="GOLD", help="Annotated papers, JSON lines; - for standard input.", show_default=False),
    ],
    predicted: Annotated[
        str | None,
        typer.Argument(metavar="PREDICTED", help="What kg extract wrote of them.", show_default="extracted now"),
    ] = None,
    model: Model = None,
    at_least: AtLeast = 0.0,
    errors: Annotated[int, typer.Option("--errors", min=0, metavar="N", help="Show N errors of each sort.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare what was extracted with what people annotated: precision, recall and F1 by type, roles, kinds, names.

    Both files hold one JSON object a paper, as kg extract writes it, and are joined by id. Without PREDICTED the papers
    of GOLD are extracted now. An entity is found when one of its spellings is one of gold's; of methods' roles, only
    whether the paper introduces them counts as agreement.

    Example: kg eval gold.jsonl --errors 3
    """
    from kg.errors import InputError
    from kg.evaluate import differences, evaluate, extracted, read_annotations, scored

    if predicted is not None and model is not None:
        raise typer.BadParameter("it extracts nothing where PREDICTED is given", param_hint="--model")
    if gold == predicted == "-":
        raise typer.BadParameter("standard input can be read once", param_hint="PREDICTED")
    wanted = read_annotations(gold)
    _say_repeated(gold, wanted.repeated)
    if predicted is None:
        got = list(extracted(wanted, model=model))
    else:
        given = read_annotations(predicted)
        _say_repeated(predicted, given.repeated)
        got = list(given.papers)
    got = list(scored(got, at_least))
    report = evaluate(wanted.papers, got)
    if report.absent == report.papers:
        raise InputError(f"none of the papers of {gold} is in it", path=predicted, remedy="do the ids agree?")
    listed = differences(wanted.papers, got) if errors else ()
    if as_json:
        print(json.dumps(_as_json(report, _examples(listed, errors)), ensure_ascii=False, indent=2))
        return
    said = f"{report.papers:,} papers" if report.papers != 1 else "1 paper"
    say(f"{said}; {report.absent:,} without a prediction, {report.unknown:,} predicted that {gold} lacks")
    _print_tables(report)
    for line in _error_lines(listed, errors):
        print(line)


def _say_repeated(path: str, number: int) -> None:
    if number:
        lines = "line gives" if number == 1 else "lines give"
        say(f"{path}: {number:,} {lines} way to a later one with the same id")


def _print_tables(report: Report) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    for title, table in _tables(report):
        console.print(f"\n{title}", style="italic")
        console.print(table)


def _tables(report: Report) -> Iterator[tuple[str, Table]]:
    rows = [
        [row, *(f"{x:.3f}" for x in (s.precision, s.recall, s.f1)), *(f"{n:,}" for n in (s.found, s.wrong, s.missed))]
        for row, s in report.scores.items()
    ]
    yield "Found", _table(["", "precision", "recall", "F1", "found", "wrong", "missed"], rows)
    agreements = dict(report.agreements)
    if report.code.total:
        agreements["state of the code, of all papers"] = report.code
    agreed = [[what, f"{a.share:.3f}", f"{a.total:,}"] for what, a in agreements.items()]
    yield "Of what is found, the same as gold", _table(["", "share", "of"], agreed)
    for field, counts in report.roles.items():
        if counts:
            yield f"Roles of {field} found: gold down, predicted across", _confusion(counts)
    if report.calibration:
        yield "Of those with that score, the share that is right", _reliability(report)


def _confusion(counts: Mapping[tuple[str, str], int]) -> Table:
    from typing import get_args

    from kg.model import Role

    used = [role for role in get_args(Role) if any(role in pair for pair in counts)]
    rows = [[wanted, *(f"{counts.get((wanted, got), 0):,}" for got in used)] for wanted in used]
    return _table(["", *used], rows)


def _reliability(report: Report) -> Table:
    tenths = sorted({(t.low, t.high) for row in report.calibration.values() for t in row})
    rows = []
    for low, high in tenths:
        held = [next((t for t in row if t.low == low), None) for row in report.calibration.values()]
        rows.append([f"{low:.1f} to {high:.1f}", *(f"{t.share:.2f} of {t.total:,}" if t else "" for t in held)])
    rows.append(["mean gap", *(f"{_gap(row):.3f}" for row in report.calibration.values())])
    return _table(["score", *report.calibration], rows)


def _gap(tenths: Sequence[Tenth]) -> float:
    """How far the stated scores are from the share that is right, in the mean over predictions."""
    return sum(abs(t.stated - t.share) * t.total for t in tenths) / sum(t.total for t in tenths)


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 1, 0, 2))
    for n, name in enumerate(columns):
        table.add_column(name, justify="right" if n else "left", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    return table


def _examples(listed: Sequence[Difference], number: int) -> list[Difference]:
    """Of each sort `number` or fewer, spread evenly over the papers."""
    from kg.evaluate import SORTS

    chosen = []
    for sort in SORTS:
        mine = [d for d in listed if d.sort == sort]
        step = max(len(mine) / number, 1.0) if number else 1.0
        chosen += [mine[int(n * step)] for n in range(min(number, len(mine)))]
    return chosen


def _error_lines(listed: Sequence[Difference], number: int) -> Iterator[str]:
    from kg.cli.answers import harmless, terminal_width
    from kg.evaluate import SORTS

    chosen = _examples(listed, number)
    width = terminal_width() or 120
    for sort, meaning in SORTS.items():
        counts = Counter(d.field for d in listed if d.sort == sort)
        if not counts:
            continue
        yield f"\n{sort}: {meaning}: " + ", ".join(f"{n:,} {field}" for field, n in counts.items())
        for d in chosen:
            if d.sort == sort:
                yield "  " + harmless(f"{d.paper}  {d.field}  {_said(d)}")
                if d.sentence:
                    yield "      " + textwrap.shorten(harmless(d.sentence), 4 * width, placeholder=" ...")


def _said(d: Difference) -> str:
    if d.sort in ("missed", "wrong"):
        return d.name
    return f"{d.name}: {d.gold} in gold, {d.predicted} predicted".removeprefix(": ")


def _as_json(report: Report, listed: Sequence[Difference]) -> dict[str, object]:
    scores = {
        row: {"precision": round(s.precision, 4), "recall": round(s.recall, 4), "f1": round(s.f1, 4), **asdict(s)}
        for row, s in report.scores.items()
    }
    found: dict[str, object] = {
        "papers": report.papers,
        "absent": report.absent,
        "unknown": report.unknown,
        "scores": scores,
        "agreements": {what: {"share": round(a.share, 4), **asdict(a)} for what, a in report.agreements.items()},
        "code": {"share": round(report.code.share, 4), **asdict(report.code)},
        "roles": {
            field: [{"gold": a, "predicted": b, "entities": n} for (a, b), n in sorted(counts.items())]
            for field, counts in report.roles.items()
        },
        "calibration": {
            row: [{**asdict(t), "stated": round(t.stated, 4), "share": round(t.share, 4)} for t in ts]
            for row, ts in report.calibration.items()
        },
    }
    return found | ({"errors": [asdict(d) for d in listed]} if listed else {})
