"""Finds an entity or a paper by any usual spelling, alias, identifier or id.

A small SQLite file beside the graph's index: one look-up by key whatever the size of the graph, and not in the way of
anyone's MATCH (n). Keys are spelling keys (kg.ids), ids as they are, and digests of normalised titles.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from kg import schema
from kg.errors import NameNotFound, QueryError
from kg.ids import digest, spelling_key, title_key
from kg.query import index
from kg.store import Store

__all__ = ["Found", "Names", "write"]

# Of a type, the named columns: kg.store.Store.rows, or the same from elsewhere.
Rows = Callable[[str, Sequence[str]], Iterable[dict[str, Any]]]
_VARIANTS = """
WITH RECURSIVE below(id) AS (SELECT ? UNION SELECT child FROM variants JOIN below ON parent = below.id)
SELECT id FROM below ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What a name stands for."""

    id: str
    type: str
    name: str


class Names:
    """The opened look-up. Use it with `with`."""

    def __init__(self, path: Path | None = None) -> None:
        """Open the file at `path`; without one, an empty look-up in memory."""
        # Immutable: no lock file is written, so it works on a read-only disk.
        where = ":memory:" if path is None else f"{path.resolve().as_uri()}?immutable=1"
        self._db = sqlite3.connect(where, uri=path is not None)

    @classmethod
    def open(cls, store: Store) -> Self:
        """Open the look-up of a graph, making its index first where that is missing or stale."""
        return cls(index.find(store) / index.NAMES)

    @classmethod
    def of(cls, rows: Rows, types: Iterable[str]) -> Self:
        """A look-up in memory of all names of these types, without variants."""
        names = cls()
        _create(names._db)
        _fill(names._db, rows, types)
        return names

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, trace: TracebackType | None) -> None:
        self._db.close()

    def find(self, name: str, types: Collection[str]) -> Found:
        """The one entity or paper of these types with this name, which may be an id or ``type:name``.

        Raises NameNotFound with the nearest names, or QueryError with the ids where several have the name.
        """
        found = self._all(name, types)
        if not found:
            what = " or ".join(t.lower() for t in types)
            raise NameNotFound(f"no {what} is called {name!r}", suggestions=self.nearest(name, types))
        if len(found) > 1:
            raise QueryError(
                f"{name!r} is several things: " + ", ".join(f"{f.id} ({f.type} {f.name})" for f in found),
                remedy="give one of these ids instead",
            )
        return found[0]

    def _all(self, name: str, types: Collection[str]) -> list[Found]:
        """Every candidate of the best kind: an id before a main name, a main name before an alias."""
        head, colon, tail = name.partition(":")
        typed = {t.lower(): t for t in types}.get(head.strip().lower()) if colon else None
        tries = [(name.strip(), tuple(types)), *((key, tuple(types)) for key in _keys(name))]
        if typed:
            tries += [(key, (typed,)) for key in _keys(tail)]
        for key, allowed in tries:
            marks = ", ".join("?" * len(allowed))
            rows = self._db.execute(
                f"SELECT id, type, name, main FROM names WHERE key = ? AND type IN ({marks}) ORDER BY id",
                (key, *allowed),
            ).fetchall()
            if rows:
                best = max(row[3] for row in rows)
                return list(dict.fromkeys(Found(*row[:3]) for row in rows if row[3] == best))
        return []

    def nearest(self, name: str, types: Collection[str], *, limit: int = 5) -> tuple[str, ...]:
        """The names most like this one, best first; papers have none. Reads every name: for when a look-up failed."""
        from rapidfuzz import fuzz, process

        marks = ", ".join("?" * len(types))
        rows = self._db.execute(
            f"SELECT DISTINCT name FROM names WHERE type IN ({marks}) AND type <> 'Paper' ORDER BY name", tuple(types)
        )
        listed = [row[0] for row in rows]
        # By letters, or by whole words in common: WRatio would find ER in Lottery and APH in graph.
        scores: dict[str, float] = {}
        for scorer, weight in ((fuzz.ratio, 1.0), (fuzz.token_set_ratio, 0.9)):
            for found, score, _ in process.extract(
                name, listed, scorer=scorer, processor=str.casefold, limit=limit, score_cutoff=60
            ):
                scores[found] = max(scores.get(found, 0.0), score * weight)
        return tuple(sorted(scores, key=lambda found: (-scores[found], found))[:limit])

    def variants(self, id: str) -> tuple[str, ...]:
        """This entity and all that are VARIANT_OF it, at any remove, sorted."""
        return tuple(row[0] for row in self._db.execute(_VARIANTS, (id,)))


def _keys(name: str) -> Iterator[str]:
    key = spelling_key(name)
    if key:
        yield key
    titled = title_key(name)
    if titled:
        yield _title(titled)


def _title(key: str) -> str:
    return "title " + digest(key, size=8)


def write(store: Store, path: Path) -> None:
    """Write the look-up of a graph to a new file."""
    db = sqlite3.connect(path)
    # The file is thrown away if this process dies.
    db.execute("PRAGMA journal_mode = OFF")
    db.execute("PRAGMA synchronous = OFF")
    _create(db)
    _fill(db, store.rows, schema.load().nodes)
    pairs = ((row["object"], row["subject"]) for row in store.rows("VARIANT_OF", ["subject", "object"]))
    db.executemany("INSERT OR IGNORE INTO variants VALUES (?, ?)", pairs)
    db.commit()
    db.close()


def _create(db: sqlite3.Connection) -> None:
    db.execute(
        "CREATE TABLE names (key TEXT, type TEXT, id TEXT, name TEXT, main INTEGER, PRIMARY KEY (key, type, id))"
        " WITHOUT ROWID"
    )
    db.execute("CREATE TABLE variants (parent TEXT, child TEXT, PRIMARY KEY (parent, child)) WITHOUT ROWID")


def _fill(db: sqlite3.Connection, rows: Rows, types: Iterable[str]) -> None:
    for type_name in types:
        # Of two ways to one thing the better one stays: 2 is its id, 1 its main name, 0 an alias.
        db.executemany("INSERT OR IGNORE INTO names VALUES (?, ?, ?, ?, ?)", _rows(rows, type_name))


def _rows(rows: Rows, type_name: str) -> Iterator[tuple[str, str, str, str, int]]:
    known = {p.name for p in schema.load().nodes[type_name].properties}
    wanted = [c for c in ("id", "name", "title", "aliases", "identifiers", "url") if c in known]
    for row in rows(type_name, wanted):
        key, main = row["id"], row.get("name") or row["title"]
        yield key, type_name, key, main, 2
        if type_name == "Paper":
            titled = title_key(main)
            if titled:
                yield _title(titled), type_name, key, main, 1
            for identifier in row["identifiers"] or ():
                yield identifier, type_name, key, main, 1
                yield spelling_key(identifier.partition(":")[2]), type_name, key, main, 0
            continue
        if spelling_key(main):
            yield spelling_key(main), type_name, key, main, 1
        for other in (*(row.get("aliases") or ()), *([row["url"]] if type_name == "Repository" else ())):
            if spelling_key(other):
                yield spelling_key(other), type_name, key, main, 0
