"""cypher: one script of plain Cypher, for a Neo4j without a driver or files at hand: Aura, Desktop, cypher-shell.

It needs no plug-in and no parameters, and may be loaded again: nodes and edges are merged, as kg.neo4j.layout has them.
Each statement is a transaction of its own. This is the one way into Neo4j on which values stand in the text, so all
of them go through `literal`, and names go through kg.neo4j.layout.quoted.

The rows of a statement stand in one text, with separators that none of them has, and are split by the server. As lists
or maps in Cypher they would be trouble: the time to parse a list grows with the square of its length, and each map is
planned anew, which took 14,000 papers to five minutes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, TextIO

from kg import schema
from kg.errors import ExportError
from kg.neo4j import layout
from kg.neo4j.layout import BASE, TYPE, quoted
from kg.schema import Property
from kg.store import Store

__all__ = ["literal", "write"]

# A transaction holds so many rows, and fewer where their text is longer than this.
_ROWS, _LENGTH = 1000, 1 << 20
# Everything but plain ASCII, since cypher-shell reads a file in the encoding of the machine it runs on. A backslash
# before u is kept from being read as the start of \uXXXX.
_SPECIAL = re.compile(r"\\u?|'|[^ -~]")
_SHORT = {"\\": "\\\\", "\\u": "\\\\\\u0075", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_HEAD = """\
// A graph made by kg, as one script for Neo4j 5.26 or newer: {count:,} nodes and edges.
// Load it:  cypher-shell -a bolt://localhost:7687 -u neo4j -d neo4j -f THIS-FILE
// It may be loaded again, or after it was cut off: nothing comes twice.
// Each statement holds many rows in one text; the separators are characters that no value in it has. A field is empty
// where nothing is known; before text stands =, before a list [, after each item of a list a separator.
"""


def write(store: Store, out: TextIO) -> None:
    """Constraints and indexes, the nodes, the edges; each statement ends with ``;`` at the end of a line."""
    out.write(_HEAD.format(count=sum(store.manifest["counts"].values())))
    for statement in layout.statements():
        out.write(f"{statement};\n")
    out.write("CALL db.awaitIndexes(300);\n")
    for node in schema.load().nodes.values():
        names = [p.name for p in node.properties]
        key = f"{{{quoted(TYPE)}: {literal(node.name)}, `id`: {_read('string', names.index('id'))}}}"
        then = (
            f"MERGE (n:{quoted(BASE)} {key})"
            f" SET n = {_map(node.properties, 0, (f'{quoted(TYPE)}: {literal(node.name)}',))}, n:{quoted(node.name)}"
        )
        found = (layout.properties(node.name, row) for row in store.rows(node.name))
        _statements(out, ([row.get(name) for name in names] for row in found), then)
    for edge in schema.load().edges.values():
        proof = (Property("evidence", "strings", ""),) if edge.rests_on == "mentions" else ()
        properties = (*edge.properties, *proof)
        for subject, object_ in edge.pairs:
            then = (
                f"MATCH (a:{quoted(BASE)} {{{quoted(TYPE)}: {literal(subject)}, `id`: {_read('string', 0)}}})"
                f" MATCH (b:{quoted(BASE)} {{{quoted(TYPE)}: {literal(object_)}, `id`: {_read('string', 1)}}})"
                f" MERGE (a)-[e:{quoted(edge.name)}]->(b) SET e = {_map(properties, 2, ())}"
            )
            _statements(out, _edges(store, edge.name, (subject, object_), properties), then)


def _edges(store: Store, name: str, pair: tuple[str, str], properties: Sequence[Property]) -> Iterator[list[Any]]:
    for row in store.rows(name):
        if (row["subject_type"], row["object_type"]) == pair:
            found = layout.properties(name, row)
            yield [row["subject"], row["object"], *(found.get(p.name) for p in properties)]


def _map(properties: Sequence[Property], first: int, more: Iterable[str]) -> str:
    """The properties as a map in Cypher, read from the fields of a row from number `first` on."""
    read = (f"{quoted(p.name)}: {_read(p.type, i)}" for i, p in enumerate(properties, first))
    return "{" + ", ".join((*more, *read)) + "}"


def _read(kind: str, number: int) -> str:
    """The field of that number as Cypher reads it; null where it is empty."""
    field = f"f[{number}]"
    if kind == "integer":
        return f"toInteger({field})"
    if kind == "number":
        return f"toFloat({field})"
    text = f"substring({field}, 1)"
    value = f"split({text}, item)[0..-1]" if kind == "strings" else text
    return f"CASE {field} WHEN '' THEN null ELSE {value} END"


def _statements(out: TextIO, rows: Iterable[Sequence[Any]], then: str) -> None:
    for batch in _batches(rows):
        item, field, row = _separators(batch)
        text = row.join(field.join(_field(value, item) for value in cells) for cells in batch)
        out.write(
            f"WITH {literal(text)} AS rows, {literal(item)} AS item\n"
            f"UNWIND split(rows, {literal(row)}) AS row\nWITH split(row, {literal(field)}) AS f, item\n{then};\n"
        )


def _batches(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    batch: list[Sequence[Any]] = []
    length = 0
    for row in rows:
        size = sum(len(text) for text in _texts(row))
        if batch and (len(batch) == _ROWS or length + size > _LENGTH):
            yield batch
            batch, length = [], 0
        batch.append(row)
        length += size
    if batch:
        yield batch


def _texts(row: Sequence[Any]) -> Iterator[str]:
    """Every text in a row."""
    return chain.from_iterable(
        value if isinstance(value, list) else (value,) for value in row if isinstance(value, (str, list))
    )


def _separators(batch: Iterable[Sequence[Any]]) -> tuple[str, str, str]:
    """Three characters that stand in no field: control characters for the most part."""
    used = set(map(chr, range(32, 127))).union("".join(text for row in batch for text in _texts(row)))
    free = tuple(islice((c for c in map(chr, range(1, 0xD800)) if c not in used), 3))
    if len(free) < 3:
        raise ExportError("no characters are left to stand between values", remedy="load it over Bolt: --to neo4j")
    return free[0], free[1], free[2]


def _field(value: Any, item: str) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "[" + "".join(text + item for text in value)
    if isinstance(value, str):
        return "=" + value
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else f"{'-' * (value < 0)}Infinity"
    return repr(value)


def literal(text: str) -> str:
    r"""A text as Cypher has it, the one way for values into a statement: one line of ASCII, which ends where it ends.

    >>> print(literal("x'}) DETACH DELETE n //\nReLU\\u0027"))
    'x\'}) DETACH DELETE n //\nReLU\\\u00750027'

    Half a surrogate pair, which is no text and which no graph folder can hold, becomes U+FFFD.
    """
    return "'" + _SPECIAL.sub(lambda found: _escaped(found[0]), text) + "'"


def _escaped(text: str) -> str:
    if text in _SHORT:
        return _SHORT[text]
    if "\ud800" <= text <= "\udfff":
        return "\\uFFFD"
    units = text.encode("utf-16-be")
    return "".join(f"\\u{units[i] << 8 | units[i + 1]:04X}" for i in range(0, len(units), 2))
