"""kg build"""

from __future__ import annotations

import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import progress, say
from kg.cli.options import AtLeast, Columns, Format, Inputs, Lexicon, Model, columns

if TYPE_CHECKING:
    from kg.store import Store

__all__ = ["command"]

Workers = Annotated[
    int | None,
    typer.Option("--workers", min=0, help="Processes for extraction; 0: this one only. All cores if left out."),
]
Memory = Annotated[str, typer.Option("--memory", help="Memory for the tables; what is more goes to disk.")]
Timeout = Annotated[
    float,
    typer.Option("--paper-timeout", min=0.001, metavar="SECONDS", help="A paper that takes longer is set aside."),
]
Cluster = Annotated[
    str | None,
    typer.Option("--cluster", metavar="ADDRESS", help="A Dask scheduler to extract on; needs the extra 'cluster'."),
]


def command(
    inputs: Inputs,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="GRAPH", help="The graph folder to write.")],
    workers: Workers = None,
    format: Format = None,
    map: Columns = None,
    model: Model = None,
    lexicon: Lexicon = None,
    at_least: AtLeast = 0.0,
    memory: Memory = "1GB",
    paper_timeout: Timeout = 60.0,
    cluster: Cluster = None,
) -> None:
    """Build a graph folder from papers: read, extract, resolve and write, in one command.

    An interrupted build goes on where it stopped when the same command is given again. The graph that was there before
    stays until the new one is whole. What cannot be used is listed in GRAPH.rejects.jsonl.

    Example: kg build papers/ -o my-graph
    """
    from kg import pipeline

    start = time.monotonic()
    try:
        with progress() as tell:
            store = pipeline.build(
                inputs,
                output,
                workers=workers,
                format=format,
                columns=columns(map or []),
                model=model,
                lexicon=lexicon or (),
                at_least=at_least,
                memory=memory,
                paper_timeout=paper_timeout,
                cluster=cluster,
                progress=tell,
            )
    except KeyboardInterrupt:
        say("kg: interrupted; the same command goes on from here")
        raise typer.Exit(130) from None
    for line in report(store, output, time.monotonic() - start):
        say(line)


def report(store: Store, output: Path, seconds: float) -> list[str]:
    """The last lines: what came of it, and what to do next."""
    from kg import pipeline, schema

    known, counts = schema.load(), store.manifest["counts"]
    entities = ", ".join(f"{counts[name]:,} {name}" for name in known.nodes if name != "Paper")
    edges = sum(counts[name] for name in known.edges)
    papers = f"{counts['Paper']:,} paper{'' if counts['Paper'] == 1 else 's'}"
    lines = [f"{papers}, {entities}; {edges:,} edges: {output} ({seconds:.1f} s)"]
    if store.manifest["rejects"]:
        rejects = output.with_name(pipeline.rejects_path(output).name)
        lines.append(f"{store.manifest['rejects']:,} set aside: {rejects}")
    lines.append("next: kg " + shlex.join(_next(store, output)))
    return lines


def _next(store: Store, output: Path) -> list[str]:
    """A question that this graph has an answer to."""
    from kg.tables import most_linked

    data = most_linked(store, "USES", "Dataset")
    if data is None:
        return ["stats", str(output)]
    return ["query", str(output), "papers-using-dataset", "-p", f"dataset={data}"]
