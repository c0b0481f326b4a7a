"""What an engine is: something that opens a graph folder, answers questions about it, and is closed.

LadybugDB (kg.query.ladybug_engine) is one; a server or a SPARQL store can be another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, Self

from kg.query.answer import Answer
from kg.store import Store

__all__ = ["Engine"]


class Engine(Protocol):
    """An opened engine. `ask` may be called any number of times, from one thread at a time."""

    @classmethod
    def open(cls, store: Store) -> Self:
        """Open the engine on a graph, making its index first where that is missing or stale."""
        ...

    def ask(self, text: str, parameters: Mapping[str, Any], *, timeout: float) -> Answer:
        """The rows of a query that only reads. `timeout` in seconds. Raises QueryError, QueryTimeout."""
        ...

    def close(self) -> None:
        """Give back what it holds. Closing twice does nothing."""
        ...
