"""The `kg` command: puts the subcommands together, and turns errors into one line and an exit code."""

from __future__ import annotations

import inspect
import os
import sys
from typing import Annotated

import typer

from kg import __version__
from kg.errors import KgError

__all__ = ["app", "main"]

app = typer.Typer(
    name="kg",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    help="Turn any pile of paper abstracts into a knowledge graph of papers, methods, datasets, tasks and code.",
    epilog="Start here: kg build papers/ -o my-graph, then kg query my-graph papers-with-code -p dataset=CIFAR-10",
)


def _version(asked: bool) -> None:
    if asked:
        print(f"kg {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="On an error, print the whole traceback.")] = False,
) -> None:
    pass


def _register() -> None:
    """Each command module has one function `command`, named in the help as listed here."""
    from kg.cli import build, cypher, demo, draw, eval, export, extract, pull, query, read, show, stats, train

    commands = {
        "build": build,
        "query": query,
        "cypher": cypher,
        "show": show,
        "stats": stats,
        "draw": draw,
        "export": export,
        "pull": pull,
        "read": read,
        "extract": extract,
        "eval": eval,
        "train": train,
        "demo": demo,
    }
    for name, module in commands.items():
        app.command(name, help=_flowing(module.command.__doc__ or ""))(module.command)


def _flowing(text: str) -> str:
    """A docstring whose paragraphs fill the terminal, whatever its width; examples keep their lines."""
    paragraphs = inspect.cleandoc(text).split("\n\n")
    return "\n\n".join(p if "Example" in p or "\n " in p else p.replace("\n", " ") for p in paragraphs)


_register()


def main() -> None:
    """Run the command line. Exit status: 0 done, 1 the input is at fault, 2 wrong usage, 130 interrupted."""
    try:
        app()
    except KgError as e:
        if "--debug" in sys.argv:
            raise
        print(f"kg: {e}", file=sys.stderr)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        print("kg: interrupted", file=sys.stderr)
        raise SystemExit(130) from None
    except BrokenPipeError:
        # The reader (head, less) went away: not an error. Standard output must not be flushed again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
