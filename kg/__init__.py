"""kg: a pile of paper abstracts in, a typed knowledge graph out.

>>> import kg
>>> g = kg.build(["papers.jsonl"], "my-graph")                       # doctest: +SKIP
>>> g.query("papers-with-code", dataset="CIFAR-10")                  # doctest: +SKIP

Importing this package loads nothing heavy: what a name needs is imported when the name is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import KgError
from kg.model import Edge, Evidence, Extraction, Link, Mention, Node, Paper, Reject

if TYPE_CHECKING:
    from kg.extract import extract_papers
    from kg.graph import Graph, build, open, pull
    from kg.read import read_papers

__version__ = "0.1.0"

__all__ = [
    "Edge",
    "Evidence",
    "Extraction",
    "Graph",
    "KgError",
    "Link",
    "Mention",
    "Node",
    "Paper",
    "Reject",
    "__version__",
    "build",
    "extract_papers",
    "open",
    "pull",
    "read_papers",
]

_HOMES = {
    "Graph": "kg.graph",
    "build": "kg.graph",
    "open": "kg.graph",
    "pull": "kg.graph",
    "extract_papers": "kg.extract",
    "read_papers": "kg.read",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
