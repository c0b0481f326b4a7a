"""Writing what a person takes away: whole or not at all, beside the old one and renamed over it."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from kg.errors import ExportError
from kg.store import put_in_place, storage_error

__all__ = ["whole_file", "whole_folder"]


@contextlib.contextmanager
def whole_file(path: str | Path) -> Iterator[TextIO]:
    r"""A new text file (UTF-8, ``\n``) that takes the place of `path` when the block ends well.

    When it does not, the new file goes away and an old one stays as it was. Raises ExportError where `path` is
    something other than a plain file, StorageError where it cannot be written.
    """
    target = Path(os.path.realpath(path))  # what a link points to is written, and the link stays
    if target.exists() and not target.is_file():
        raise ExportError("exists and is no plain file: it is left alone", path=path, remedy="name another -o")
    new = target.with_name(f".{target.name}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with new.open("w", encoding="utf-8", newline="\n") as out:
            yield out
        new.replace(target)
    except OSError as e:
        raise storage_error(e, target) from e
    finally:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)


@contextlib.contextmanager
def whole_folder(path: str | Path, *, files: Sequence[str]) -> Iterator[Path]:
    """A new folder that takes the place of `path` when the block ends well; `files` are patterns of what goes in it.

    Raises ExportError where `path` is no folder, or holds anything else than such files: only what an earlier call has
    written is replaced. StorageError where it cannot be written.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not (target.is_dir() and all(any(map(p.match, files)) for p in target.iterdir())):
        what = f"exists and holds more than {', '.join(files)}: it is left alone"
        raise ExportError(what, path=path, remedy="name another -o")
    new = target.with_name(f".{target.name}.new")
    try:
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        yield new
        put_in_place(new, target)
    except OSError as e:
        raise storage_error(e, target) from e
    finally:
        shutil.rmtree(new, ignore_errors=True)
