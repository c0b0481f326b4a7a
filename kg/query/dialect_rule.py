"""What a rule of the dialect finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from kg.query.lexer import Token

__all__ = ["Finding"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A construct that will not do: its place [start:end], what is wrong with it, and what to write instead."""

    start: int
    end: int
    problem: str
    write: str

    @classmethod
    def at(cls, token: Token, problem: str, write: str) -> Self:
        """A finding whose place is one token."""
        return cls(token.start, token.end, problem, write)
