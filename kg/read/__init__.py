"""Papers from files of many formats, streamed.

>>> from kg.read import read_papers
>>> for paper in read_papers(["papers/", "refs.bib"]):               # doctest: +SKIP
...     print(paper)
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path

from kg.errors import InputError
from kg.model import Paper, Reject
from kg.read.inputs import fault, files, opened

__all__ = ["FORMATS", "files", "read_papers"]

# Format -> the module that reads it, imported when first used, and what it is told besides.
_READERS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "hf-papers": ("hf_papers", {}),
    "arxiv": ("arxiv", {}),
    "jsonl": ("jsonl", {}),
    "csv": ("csv", {}),
    "tsv": ("csv", {"delimiter": "\t"}),
    "bibtex": ("bibtex", {}),
    "acl": ("acl", {}),
}
FORMATS = tuple(_READERS)


def read_papers(
    inputs: Iterable[str | Path], *, format: str | None = None, columns: Mapping[str, str] | None = None
) -> Iterator[Paper | Reject]:
    """The papers of files, folders and globs (see `files`) in input order, and a Reject for what cannot be read.

    `format` is one of FORMATS, None to recognise it for each file. `columns` maps a field of ours to the input's
    name for it: ``{"title": "Name"}``. Memory does not grow with the input. Raises InputError, at once, where nothing
    can be read: a path that does not exist, a folder with no file, a format or a field that there is not.
    """
    if format is not None and format not in _READERS:
        raise InputError(f"there is no format {format!r}", remedy="one of " + ", ".join(FORMATS))
    from kg.read.record import checked

    return _read(files(inputs), format, checked(columns))


def _read(names: tuple[str, ...], format: str | None, columns: Mapping[str, str]) -> Iterator[Paper | Reject]:
    for name in names:
        try:
            yield from _of_file(name, format, columns)
        except (OSError, EOFError, zlib.error) as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            yield Reject(name, None, f"cannot be read to its end: {reason}")


def _of_file(name: str, format: str | None, columns: Mapping[str, str]) -> Iterator[Paper | Reject]:
    from kg.read.recognise import recognised

    with opened(name) as source:
        if why := fault(source.head):
            yield Reject(name, None, why)
            return
        found = format or recognised(source)
        if found is None:
            reason = "not a kind of file that papers are read from; --format insists on one of " + ", ".join(FORMATS)
            yield Reject(name, None, reason)
            return
        module, options = _READERS[found]
        nothing = True
        for one in import_module(f"kg.read.{module}").read(source, columns, **options):
            nothing = False
            yield one
        if nothing:
            yield Reject(name, None, f"no paper in it, read as {found}")
