"""Cuts Cypher into tokens, so that what is looked for is never found inside a string, a comment or a quoted name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from kg.errors import QueryError

__all__ = ["Token", "closing", "excerpt", "tokens"]

TokenKind = Literal["name", "quoted", "string", "number", "parameter", "mark"]

# A line comment ends at a carriage return as well: the engine's grammar has it so.
_TOKEN = re.compile(
    r"""
      (?P<blank>    \s+ | //[^\n\r]* | /\*.*?\*/ )
    | (?P<string>   '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" )
    | (?P<quoted>   `(?:[^`]|``)*` )
    | (?P<parameter>\$(?:\w+|`[^`]*`) )
    | (?P<number>   (?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)? )
    | (?P<name>     \w+ )
    | (?P<mark>     \.\. | <> | <= | >= | =~ | \+= | \|\| | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_WINDOW = 100


@dataclass(frozen=True, slots=True)
class Token:
    """A token and its place: `text` is as written, [start:end] its code points."""

    kind: TokenKind
    text: str
    start: int
    end: int

    @property
    def upper(self) -> str:
        """The word in capitals, for keywords and functions; empty for what is quoted or no word."""
        return self.text.upper() if self.kind == "name" else ""

    @property
    def value(self) -> str:
        """The name meant: without back quotes or the parameter's dollar."""
        text = self.text[1:] if self.kind == "parameter" else self.text
        return text[1:-1].replace("``", "`") if text.startswith("`") else text


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a query, comments left out. QueryError for a string or comment that does not end."""
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "blank":
            continue
        if match[0] in "'\"`" or (match[0] == "/" and text.startswith("/*", match.start())):
            what = "comment" if match[0] == "/" else "quote"
            raise QueryError(excerpt(text, match.start(), match.end(), f"this {what} does not end"))
        found.append(Token(kind, match[0], *match.span()))  # type: ignore[arg-type]
    return tuple(found)


def closing(listed: tuple[Token, ...], start: int) -> int:
    """The index of the token that closes the bracket at index `start`; the last one if none does."""
    depth = 0
    for i in range(start, len(listed)):
        if listed[i].text in _PAIRS:
            depth += 1
        elif listed[i].text in _PAIRS.values():
            depth -= 1
            if depth == 0:
                return i
    return len(listed) - 1


def excerpt(text: str, start: int, end: int, problem: str) -> str:
    r"""The problem with its place, the line it is in, and carets under it.

    >>> print(excerpt("RETURN 1\nAS a ?", 14, 15, "what is this"))
    line 2, column 6: what is this
      AS a ?
           ^
    """
    start = min(start, len(text))
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", start)
    line = text[line_start : line_end if line_end >= 0 else len(text)]
    line_number, column = text.count("\n", 0, start) + 1, start - line_start
    first = max(0, column - _WINDOW // 2) if len(line) > _WINDOW else 0
    shown = line[first : first + _WINDOW].replace("\t", " ")
    width = max(1, min(end, line_start + len(line)) - start)
    width = min(width, max(1, len(shown) - (column - first)))
    carets = " " * (column - first) + "^" * width
    return f"line {line_number}, column {column + 1}: {problem}\n  {shown}\n  {carets}"
