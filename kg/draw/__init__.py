"""Draws a part of a graph as a page: one file that opens anywhere, with no network."""

from __future__ import annotations

from pathlib import Path

from kg import schema
from kg.store import Store

__all__ = ["draw"]


def draw(store: Store, around: str, path: str | Path, *, hops: int = 1, limit: int = 200) -> Path:
    """Write a page of what lies within `hops` edges of an entity or paper to `path`, and return that path.

    `around` is any name, alias, spelling or id of it. At most `limit` nodes are shown, nearest and best supported
    first; the page says how many were left out. The same graph gives the same bytes. Raises NameNotFound with the
    nearest names, QueryError where several things have the name, ExportError or StorageError where `path` cannot be
    written, ValueError for `hops` below 0 or `limit` below 1.
    """
    from kg.draw.content import content
    from kg.draw.page import page
    from kg.output import whole_file
    from kg.query.names import Names
    from kg.views import neighbourhood

    with Names.open(store) as names:
        found = names.find(around, list(schema.load().nodes))
    centre = [(found.type, found.id)]
    shown = neighbourhood(store, centre, hops=hops, limit=limit)
    text = page(content(store, centre, shown, hops=hops))
    with whole_file(path) as out:
        out.write(text)
    return Path(path)
