"""What kg read and kg extract share: the papers of the inputs, the rejects beside the output, the output itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from kg.cli.console import Progress, say

if TYPE_CHECKING:
    from kg.model import Paper, Reject

__all__ = ["Rejects", "count", "opened", "papers_of", "without_own"]

# Rejects that are shown as well as written.
_SHOWN = 3
_EVERY = 200


def count(number: int, noun: str) -> str:
    """``1 paper``, ``2,000 papers``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def without_own(inputs: list[str], output: str) -> list[str]:
    """The files to read: those that an earlier run wrote into a folder it read are no input, unless named."""
    from kg.read import files

    own = {os.path.realpath(output), os.path.realpath(f"{output}.rejects.jsonl")}
    return [name for name in files(inputs) if name in inputs or os.path.realpath(name) not in own]


def papers_of(found: Iterable[Paper | Reject], aside: Rejects, advance: Progress) -> Iterator[Paper]:
    """The papers alone; what cannot be read goes to `aside`."""
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


@contextmanager
def opened(output: str) -> Iterator[Callable[[str], object]]:
    """Something to write lines with: to a file that is whole or not there, or to standard output (-)."""
    if output != "-":
        from kg.output import whole_file

        with whole_file(output) as out:
            yield out.write
        return
    # UTF-8 whatever the terminal's locale, as in a file.
    yield lambda line: sys.stdout.buffer.write(line.encode())
    sys.stdout.buffer.flush()


class Rejects:
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
