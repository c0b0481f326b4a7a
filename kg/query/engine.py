"""What an engine is: something opened on a graph that answers questions about it, and is closed.

LadybugDB on a graph folder (kg.query.ladybug_engine) is one, a Neo4j server (kg.query.neo4j_engine) another.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from kg.query.answer import Answer
from kg.query.names import Found

__all__ = ["Engine", "LookUp"]


class LookUp(Protocol):
    """Finds what a name stands for; see kg.query.names.Names."""

    def find(self, name: str, types: Collection[str]) -> Found:
        """The one node of these types with this name. Raises NameNotFound, QueryError."""
        ...

    def variants(self, id: str) -> tuple[str, ...]:
        """This entity and all that are VARIANT_OF it, at any remove, sorted."""
        ...


class Engine(Protocol):
    """An opened engine. `ask` may be called any number of times, from one thread at a time."""

    def names(self) -> AbstractContextManager[LookUp]:
        """The look-up of names in its graph."""
        ...

    def ask(self, text: str, parameters: Mapping[str, Any], *, timeout: float) -> Answer:
        """The rows of a query that only reads. `timeout` in seconds. Raises QueryError, QueryTimeout."""
        ...

    def close(self) -> None:
        """Give back what it holds. Closing twice does nothing."""
        ...
