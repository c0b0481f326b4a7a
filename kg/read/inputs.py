"""What the user named on the command line: which files that means, and their bytes, unpacked."""

from __future__ import annotations

import glob
import gzip
import io
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from kg.errors import InputError

__all__ = ["HEAD", "Source", "fault", "files", "opened"]

# How much of a file is looked at to tell what it is.
HEAD = 1 << 16
_GZIP = b"\x1f\x8b"
# Files that hold no NUL byte at the front and are not text all the same.
_MAGIC = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a zip archive",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"PAR1": "a Parquet file",
    b"BZh": "packed with bzip2",
    b"\xfd7zXZ": "packed with xz",
    b"\x28\xb5\x2f\xfd": "packed with zstd",
}


@dataclass(frozen=True, slots=True)
class Source:
    """One opened input: its name as the user gave it, the first bytes (unpacked), and all bytes from the start."""

    name: str
    head: bytes
    stream: BinaryIO


class _Again(io.RawIOBase):
    """A stream whose first bytes were already taken, put back: pipes cannot seek."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = memoryview(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._head[: len(buffer)] or memoryview(self._rest.read(len(buffer)))
        self._head = self._head[len(data) :] if self._head else self._head
        buffer[: len(data)] = data
        return len(data)


def files(inputs: Iterable[str | Path]) -> tuple[str, ...]:
    """The files that `inputs` stand for, each once: in the order given, a folder's and a glob's sorted by path.

    A folder is walked with its sub-folders, hidden files and folders aside; ``-`` is standard input.
    Raises InputError for a path that does not exist, a glob that matches nothing and a folder with no file in it.

    >>> files(["-"])
    ('-',)
    """
    found: dict[str, None] = {}
    for given in inputs:
        found.update(dict.fromkeys(_expanded(str(given))))
    if not found:
        raise InputError("no input given", remedy="name a file, a folder, a glob, or - for standard input")
    return tuple(found)


def _expanded(name: str) -> list[str]:
    if name == "-":
        return ["-"]
    if not name:  # which as a path would be the folder kg is run in
        raise InputError("an input without a name", remedy="perhaps a variable of the shell that is not set")
    path = Path(name)
    if path.is_dir():
        return _walked(path)
    if path.exists():
        return [name]
    if glob.has_magic(name):
        matches = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
        if not matches:
            raise InputError("no file matches this pattern", path=name, remedy="check the folder and the ending")
        return [
            file
            for match in matches
            if Path(match).is_file() or Path(match).is_dir()
            for file in ([match] if Path(match).is_file() else _walked(Path(match), empty_is_wrong=False))
        ]
    if path.is_symlink():
        raise InputError("a link to something that is not there", path=name, remedy=f"it points to {path.readlink()}")
    beside = sorted(p.name for p in path.parent.iterdir())[:5] if path.parent.is_dir() else []
    remedy = "that folder holds " + ", ".join(beside) if beside else "check the spelling, and where you run kg from"
    raise InputError("there is no such file or folder", path=name, remedy=remedy)


def _walked(folder: Path, *, empty_is_wrong: bool = True) -> list[str]:
    def unreadable(error: OSError) -> None:
        raise InputError(f"cannot look into the folder: {error.strerror}", path=error.filename) from error

    found = []
    for parent, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = [f for f in folders if not f.startswith(".")]
        # Only plain files: a pipe or a device in a folder would wait for ever.
        found += [str(p) for n in names if not n.startswith(".") and (p := Path(parent, n)).is_file()]
    if not found and empty_is_wrong:
        raise InputError("the folder has nothing to read", path=folder, remedy="kg read --help lists what is read")
    return sorted(found)


@contextmanager
def opened(name: str) -> Iterator[Source]:
    """The bytes behind one of `files`, unpacked where they are gzip. OSError where it cannot be opened."""
    with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as raw:
        source = _rewound(name, raw)
        if source.head.startswith(_GZIP):
            source = _rewound(name, cast(BinaryIO, gzip.GzipFile(fileobj=source.stream)))
        yield source


def _rewound(name: str, stream: BinaryIO) -> Source:
    head = stream.read(HEAD)
    return Source(name, head, cast(BinaryIO, io.BufferedReader(_Again(head, stream), 1 << 18)))


def fault(head: bytes) -> str | None:
    """Why bytes that begin so are no text that can be read; None if they may be."""
    if not head.strip():
        return "empty file"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16 text; save it as UTF-8"
    kind = next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), None)
    if kind:
        return f"binary file: {kind}"
    # Line ends, tab, form feed and escape occur in text; of other control characters it has a stray one at most.
    control = sum(head.count(bytes([c])) for c in range(32) if c not in (9, 10, 12, 13, 27))
    if control * 50 > len(head):
        return "binary file"
    return None
