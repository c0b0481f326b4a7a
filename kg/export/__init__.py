"""Writes a graph in the formats of other tools: one module a target."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TextIO

from kg.errors import ExportError
from kg.output import whole_file, whole_folder
from kg.store import Store

__all__ = ["TARGETS", "export"]

# Where the function is that writes each format to an open text file, or to an empty folder.
_WRITERS = {
    "turtle": ("kg.export.rdf", "write_turtle"),
    "ntriples": ("kg.export.rdf", "write_ntriples"),
    "jsonld": ("kg.export.rdf", "write_jsonld"),
    "graphml": ("kg.export.graphml", "write"),
    "gexf": ("kg.export.gexf", "write"),
    "jsonl": ("kg.export.jsonl", "write"),
    "cypher": ("kg.export.cypher_script", "write"),
}
# The same, with the patterns of what goes in the folder.
_FOLDERS = {
    "csv": ("kg.export.csv", ("*.csv",)),
    "neo4j-admin": ("kg.export.neo4j_admin", ("nodes-*.csv", "edges-*.csv", "import.*", "finish.cypher")),
}
TARGETS = (*_WRITERS, *_FOLDERS)


def export(store: Store, target: str, path: str | Path) -> Path:
    """Write the whole graph to `path` in the format `target`, one of TARGETS, and return that path.

    Every format is written as the graph is read: memory does not grow with it. What was at `path` is replaced when all
    is written, and not before. The same graph gives the same bytes. For csv and neo4j-admin, `path` is a folder.
    Raises ExportError for an unknown target or a `path` that is something else, StorageError where it cannot be
    written.
    """
    if target in _FOLDERS:
        module, files = _FOLDERS[target]
        with whole_folder(path, files=files) as folder:
            import_module(module).write(store, folder)
        return Path(path)
    if target not in _WRITERS:
        raise ExportError(f"no export target {target!r}", remedy="one of " + ", ".join(TARGETS))
    module, name = _WRITERS[target]
    write: Callable[[TextIO], None] = partial(getattr(import_module(module), name), store)
    with whole_file(path) as out:
        write(out)
    return Path(path)
