"""Every error that kg raises on purpose.

    KgError
    ├── InputError            an input file cannot be read, or a line of it
    │   └── GoldError         annotated papers are not in the gold format
    ├── SchemaError           a node or an edge that schema/kg.yaml does not allow
    ├── ModelError            the extractor's pipeline, lexicon or rules cannot be loaded
    │   └── LexiconError      a file of one's own names is at fault
    ├── GraphError            a graph folder is absent, damaged or of another version
    ├── TrainError            a model cannot be trained
    ├── BuildError            a build cannot go on
    │   └── StorageError      the disk is full, or a folder cannot be written
    ├── QueryError            a question cannot be answered
    │   ├── NameNotFound      no entity or paper, query or parameter of that name
    │   ├── DialectError      a construct this engine lacks, or would answer differently
    │   └── QueryTimeout      the time limit was reached
    ├── ExportError           a graph cannot be drawn or written in that format
    └── ServerError           a database server refuses, is gone, or holds what is no graph of ours

An error says what is wrong, where, and what to do about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

__all__ = [
    "BuildError",
    "DialectError",
    "ExportError",
    "GoldError",
    "GraphError",
    "InputError",
    "KgError",
    "LexiconError",
    "ModelError",
    "NameNotFound",
    "QueryError",
    "QueryTimeout",
    "SchemaError",
    "ServerError",
    "StorageError",
    "TrainError",
]


_SHOWN = 20  # of many errors in a file


class KgError(Exception):
    """What went wrong (`what`), at which `path` and `line` (counted from 1), and the `remedy`, where each is known."""

    def __init__(
        self, what: str, *, path: str | Path | None = None, line: int | None = None, remedy: str | None = None
    ) -> None:
        self.what = what
        self.path = None if path is None else str(path)
        self.line = line
        self.remedy = remedy
        super().__init__(what)

    def __str__(self) -> str:
        where = ""
        if self.path is not None:
            where = f"{self.path}:{self.line}: " if self.line is not None else f"{self.path}: "
        return where + self.what + (f" ({self.remedy})" if self.remedy else "")

    @classmethod
    def of(cls, errors: Sequence[Self]) -> Self:
        """One error for all of them: the only one itself, else one that lists them, a line each."""
        if len(errors) == 1:
            return errors[0]
        more = [f"and {len(errors) - _SHOWN} more"] if len(errors) > _SHOWN else []
        return cls("\n  ".join([f"{len(errors)} errors", *map(str, errors[:_SHOWN]), *more]))

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders; the default would call __init__ without the keywords.
        return (_rebuild, (type(self), self.args, self.__dict__.copy()))


def _rebuild(cls: type[KgError], args: tuple[object, ...], state: dict[str, object]) -> KgError:
    error = cls.__new__(cls)
    error.args = args
    error.__dict__.update(state)
    return error


class InputError(KgError):
    """An input file, or a line of it, cannot be read."""


class GoldError(InputError):
    """Annotated papers are not in the gold format, or a line of them."""


class SchemaError(KgError):
    """A node or an edge that schema/kg.yaml does not allow."""


class ModelError(KgError):
    """The extractor's pipeline, lexicon or rules cannot be loaded."""


class LexiconError(ModelError):
    """A file of one's own names is at fault, or a row of it."""


class GraphError(KgError):
    """A graph folder is absent, damaged or of another version."""


class TrainError(KgError):
    """A model cannot be trained."""


class BuildError(KgError):
    """A build cannot go on."""


class StorageError(BuildError):
    """The disk is full, or a folder cannot be written."""


class QueryError(KgError):
    """A question cannot be answered."""


class NameNotFound(QueryError):
    """No entity, paper, query or parameter of that name; `suggestions` holds the nearest known ones, best first."""

    def __init__(
        self, what: str, *, suggestions: Sequence[str] = (), path: str | Path | None = None, remedy: str | None = None
    ) -> None:
        self.suggestions = tuple(suggestions)
        if remedy is None and self.suggestions:
            remedy = "did you mean " + ", ".join(self.suggestions) + "?"
        super().__init__(what, path=path, remedy=remedy)


class DialectError(QueryError):
    """A Cypher construct that the embedded engine lacks or would answer otherwise than Neo4j."""


class QueryTimeout(QueryError):
    """The time limit was reached before the answer."""

    @classmethod
    def after(cls, seconds: float) -> Self:
        """No answer within so many seconds."""
        what = f"no answer within {seconds:g} s"
        return cls(what, remedy="match the named thing first, add LIMIT, or give more --timeout")


class ExportError(KgError):
    """A graph cannot be drawn or written in that format."""


class ServerError(KgError):
    """A database server refuses, is gone, or holds what is no graph of ours."""
