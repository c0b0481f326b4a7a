"""Answer: the rows of a question, and the same rows as JSON or CSV text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

__all__ = ["Answer"]

# A cell that begins with one of these is taken for a formula by spreadsheet programs.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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
        import csv
        import io

        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([_cell(c) for c in self.columns])
        writer.writerows([_cell(v) for v in row] for row in self.rows)
        return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, (tuple, list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value
