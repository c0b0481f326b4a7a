"""Answer: the rows of a question, and the same rows as JSON or CSV text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

__all__ = ["Answer"]

# A cell that begins with one of these is taken for a formula by spreadsheet programs.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SPECIAL = re.compile(r"[\",\r\n]")


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question: `columns` and `rows`, each row as long as `columns`. Lists in a cell are tuples.

    Iterating gives one dict a row.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def json(self) -> str:
        """A JSON list of objects, one a row, with a line break after each."""
        lines = [json.dumps(row, ensure_ascii=False, default=str) for row in self]
        return "[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n"

    def csv(self) -> str:
        r"""CSV with a header line. Lists are JSON; None is empty.

        Text that a spreadsheet would run as a formula gets an apostrophe before it, as OWASP advises:

        >>> Answer(("title", "n"), (('=HYPERLINK("x")', -1),)).csv()
        'title,n\n"\'=HYPERLINK(""x"")",-1\n'
        """
        lines = [self.columns, *self.rows]
        return "".join(_line([_cell(v) for v in line]) for line in lines)


def _line(cells: list[str]) -> str:
    # The csv module leaves a lone carriage return unquoted, which readers take for the end of a line.
    quoted = ['"' + c.replace('"', '""') + '"' if _SPECIAL.search(c) else c for c in cells]
    return (",".join(quoted) if cells != [""] else '""') + "\n"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (tuple, list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, bool):
        return str(value).lower()
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA) else str(value)
