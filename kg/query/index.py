"""The derived databases of a graph folder: made when first asked for, made anew when stale.

    index/ladybug-0.22.0-1f3a.../graph.lbug      for Cypher
                                names.sqlite    for finding an entity by any spelling

The folder's name holds everything that its content depends on, so a folder of that name is always whole and right:
it is made beside and renamed. A lock lets one process make it while others wait; the system drops the lock of a
process that dies. Where the graph folder cannot be written, the index goes to the user's cache.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from kg.errors import StorageError
from kg.ids import digest
from kg.store import Store

__all__ = ["GRAPH", "NAMES", "find", "is_ready"]

GRAPH = "graph.lbug"
NAMES = "names.sqlite"
# Raised whenever what is written below for one and the same graph changes.
_LOADER = 1
_LOCK = ".lock"


def is_ready(store: Store) -> bool:
    """Whether the index is there, so that asking starts at once."""
    return any((place / _key(store)).is_dir() for place in _places(store))


def find(store: Store) -> Path:
    """The folder of this graph's index, made first if need be. StorageError where there is no place for it."""
    places = _places(store)
    key = _key(store)
    for place in places:
        if (place / key).is_dir():
            return place / key
    refused: OSError | None = None
    for place in places:
        try:
            place.mkdir(parents=True, exist_ok=True)
            with _locked(place):
                return _make(store, place, key)
        except OSError as e:
            refused = refused or e
    assert refused is not None
    raise StorageError(
        f"the index cannot be made: {refused.strerror}",
        path=store.index,
        remedy="free some space, or set XDG_CACHE_HOME to a folder you may write",
    ) from refused


def _make(store: Store, place: Path, key: str) -> Path:
    """Called with the lock held."""
    from kg.query import ladybug_engine, names

    target = place / key
    if target.is_dir():
        return target
    # Whoever left these was killed, or made them for an older graph. A process that still reads one keeps it open.
    for other in place.iterdir():
        if other.name != _LOCK and other.is_dir() and other.name.startswith(("ladybug-", ".new-")):
            shutil.rmtree(other, ignore_errors=True)
    new = place / f".new-{os.getpid()}"
    new.mkdir()
    try:
        ladybug_engine.load(store, new / GRAPH)
        names.write(store, new / NAMES)
        new.rename(target)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return target


@contextlib.contextmanager
def _locked(place: Path) -> Iterator[None]:
    import fcntl

    with (place / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _key(store: Store) -> str:
    version = _ladybug_version()
    return f"ladybug-{version}-{digest(f'{_LOADER} {version} {store.digest}')}"


@cache
def _ladybug_version() -> str:
    # The package's metadata, since importing ladybug takes ten times as long.
    from importlib.metadata import version

    return version("ladybug")


def _places(store: Store) -> tuple[Path, ...]:
    cached = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kg" / "index"
    # A folder of its own for each graph: what is stale is thrown away there without harm to other graphs.
    return store.index, cached / digest(str(store.path.resolve()))
