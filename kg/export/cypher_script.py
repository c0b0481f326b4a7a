"""cypher: one script of plain Cypher, for a Neo4j without a driver or files at hand: Aura, Desktop, cypher-shell.

It needs no plug-in and no parameters, and may be loaded again: nodes and edges are merged, as kg.neo4j.layout has them.
Each statement is a transaction of its own. This is the one way into Neo4j on which values stand in the text, so every
one of them goes through `literal`, and names go through kg.neo4j.layout.quoted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO

from kg import schema
from kg.neo4j import layout
from kg.neo4j.layout import BASE, TYPE, quoted
from kg.store import Store

__all__ = ["literal", "write"]

# A transaction holds so many rows, and fewer where their text is longer than this.
_ROWS, _LENGTH = 500, 1 << 19
# Everything but plain ASCII, since cypher-shell reads a file in the encoding of the machine it runs on. A backslash
# before u is kept from being read as the start of \uXXXX.
_SPECIAL = re.compile(r"\\u?|'|[^ -~]")
_SHORT = {"\\": "\\\\", "\\u": "\\\\\\u0075", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_HEAD = """\
// A graph made by kg, as one script for Neo4j 5.26 or newer: {count:,} nodes and edges.
// Load it:  cypher-shell -a bolt://localhost:7687 -u neo4j -d neo4j -f THIS-FILE
// It may be loaded again, or after it was cut off: nothing comes twice.
"""


def write(store: Store, out: TextIO) -> None:
    """Constraints and indexes, the nodes, the edges; each statement ends with ``;`` at the end of a line."""
    out.write(_HEAD.format(count=sum(store.manifest["counts"].values())))
    for statement in layout.statements():
        out.write(f"{statement};\n")
    out.write("CALL db.awaitIndexes(300);\n")
    for name in schema.load().nodes:
        key = f"{{{quoted(TYPE)}: row.{quoted(TYPE)}, `id`: row.`id`}}"
        then = f"MERGE (n:{quoted(BASE)} {key}) SET n = row, n:{quoted(name)}"
        _statements(out, (literal(layout.properties(name, row)) for row in store.rows(name)), then)
    for edge in schema.load().edges.values():
        for subject, object_ in edge.pairs:
            pair = (subject, object_)
            rows = (row for row in store.rows(edge.name) if (row["subject_type"], row["object_type"]) == pair)
            then = (
                f"MATCH (a:{quoted(BASE)} {{{quoted(TYPE)}: {literal(subject)}, `id`: row.a}})"
                f" MATCH (b:{quoted(BASE)} {{{quoted(TYPE)}: {literal(object_)}, `id`: row.b}})"
                f" MERGE (a)-[e:{quoted(edge.name)}]->(b) SET e = row.p"
            )
            _statements(out, (literal(_edge(edge.name, row)) for row in rows), then)


def _edge(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {"a": row["subject"], "b": row["object"], "p": layout.properties(name, row)}


def _statements(out: TextIO, rows: Iterable[str], then: str) -> None:
    for batch in _batches(rows):
        out.write("UNWIND [\n" + ",\n".join(batch) + f"\n] AS row\n{then};\n")


def _batches(rows: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    length = 0
    for row in rows:
        if batch and (len(batch) == _ROWS or length + len(row) > _LENGTH):
            yield batch
            batch, length = [], 0
        batch.append(row)
        length += len(row)
    if batch:
        yield batch


def literal(value: Any) -> str:
    r"""A value as Cypher text: text, whole and floating numbers, lists, maps with the schema's names as keys.

    What comes out is one line of ASCII, and whatever a text holds, it ends where it ends.

    >>> print(literal({"title": "x'}) DETACH DELETE n //", "year": 2016, "authors": ["a\nb", "\\u0027"]}))
    {`title`: 'x\'}) DETACH DELETE n //', `year`: 2016, `authors`: ['a\nb', '\\\u00750027']}

    Half a surrogate pair, which is no text and which no graph folder can hold, becomes U+FFFD.
    """
    if isinstance(value, str):
        return "'" + _SPECIAL.sub(lambda found: _escaped(found[0]), value) + "'"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{quoted(k)}: {literal(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, float) and not math.isfinite(value):
        return "(0.0 / 0.0)" if math.isnan(value) else f"({'-' * (value < 0)}1.0 / 0.0)"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return repr(value)
    raise TypeError(f"{type(value).__name__} is no value of a graph")


def _escaped(text: str) -> str:
    if text in _SHORT:
        return _SHORT[text]
    if "\ud800" <= text <= "\udfff":
        return "\\uFFFD"
    units = text.encode("utf-16-be")
    return "".join(f"\\u{units[i] << 8 | units[i + 1]:04X}" for i in range(0, len(units), 2))
