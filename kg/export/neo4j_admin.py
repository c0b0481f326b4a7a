"""neo4j-admin: a folder with what `neo4j-admin database import full` reads, that command, and what is run after it.

    nodes-TYPE.header.csv                 nodes-TYPE.csv               the nodes of a type
    edges-TYPE-FROM-TO.header.csv         edges-TYPE-FROM-TO.csv       the edges of a type between two types of nodes
    import.sh                             the command: with the server stopped, into a database that is empty
    finish.cypher                         with the server started: constraints, indexes, and the empty lists

The result is that of loading over Bolt: labels and properties are those of kg.neo4j.layout. The import tool has no
escape for the character between the items of a list, takes an empty list for none and a list of one empty text for an
empty one. So that character is one which no list of the graph has, and the property EMPTY names the lists of a node or
an edge that were left out, until finish.cypher makes them and removes it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from kg import schema
from kg.errors import ExportError
from kg.neo4j import layout
from kg.neo4j.layout import BASE, TYPE, quoted
from kg.schema import EdgeType, NodeType
from kg.store import Store

__all__ = ["EMPTY", "write"]

EMPTY = "kg_empty"
_TYPES = {"string": "string", "integer": "long", "number": "double", "strings": "string[]"}
# What may stand between the items of a list. Evidence is JSON, in which none of these stands as it is.
_SEPARATORS = tuple(c for c in map(chr, range(0x1F, 0, -1)) if c not in "\t\n\r")
_BLANK = '=""'  # after the name of a list that holds one empty text
_ROWS = 10_000  # in a transaction of finish.cypher
# The tool's own --read-buffer-size is 4 MB, and a row must fit into it.
_BUFFER = 4 << 20

_IMPORT = """\
#!/bin/sh
# Makes a Neo4j database of this graph: {counts}.
# Stop the server first. The database must not be there yet, or be empty: see --overwrite-destination below.
# The same command is right for Neo4j 5.26 and for 2025 and later (calendar versions).
#
#     sh import.sh                                            database neo4j, neo4j-admin found by PATH
#     sh import.sh DATABASE [OPTION...]                       another one, and more options of the tool
#     sh import.sh neo4j --overwrite-destination=true         throws away what was in it
#
# Then start the server and run, from this folder:  cypher-shell -d neo4j -f finish.cypher
set -eu
cd "$(dirname "$0")"
database="${{1:-neo4j}}"
[ $# -eq 0 ] || shift
exec neo4j-admin database import full "$database" \\
{options} \\
  "$@"
"""


def write(store: Store, folder: Path) -> None:
    """Write all files to `folder`. A list with each separator that could be taken in it raises ExportError."""
    separator = _separator(store)
    known = schema.load()
    options = []
    longest = 0
    for node in known.nodes.values():
        name = f"nodes-{node.name}"
        columns = [_column(p.name, _TYPES[p.type]) for p in node.properties if p.name != "id"]
        header = [f"id:ID({node.name})", _column(TYPE, "string"), *columns, _column(EMPTY, "string[]")]
        _header(folder, name, header)
        with _opened(folder, name) as out:
            kept = ("id", TYPE, *(p.name for p in node.properties if p.name != "id"))
            longest = max(longest, _rows(out, node.name, (), kept, store.rows(node.name), separator))
        options.append(f"--nodes={BASE}:{node.name}=./{name}.header.csv,./{name}.csv")
    for edge in known.edges.values():
        longest = max(longest, _edges(store, folder, edge, separator, options))
    fixed = ["--id-type=string", f"--array-delimiter=U+{ord(separator):04X}", "--multiline-fields=true"]
    if longest > _BUFFER // 2:
        fixed.append(f"--read-buffer-size={4 * longest}")
    lines = " \\\n".join(f"  {option}" for option in (*fixed, "--report-file=./import.report", *options))
    counts = f"{sum(store.manifest['counts'].values()):,} nodes and edges"
    script = folder / "import.sh"
    script.write_text(_IMPORT.format(counts=counts, options=lines), encoding="utf-8")
    script.chmod(0o755)
    (folder / "finish.cypher").write_text(_finish(), encoding="utf-8")


def _edges(store: Store, folder: Path, edge: EdgeType, separator: str, options: list[str]) -> int:
    """The files of an edge type, one pair for each two types of nodes that it may join; the longest row."""
    kept = tuple(p.name for p in edge.properties) + (("evidence",) if edge.rests_on == "mentions" else ())
    columns = [_column(p.name, _TYPES[p.type]) for p in edge.properties]
    columns += [_column(name, "string[]") for name in (*kept[len(columns) :], EMPTY)]
    longest = 0
    for subject, object_ in edge.pairs:
        name = f"edges-{edge.name}-{subject}-{object_}"
        _header(folder, name, [f":START_ID({subject})", f":END_ID({object_})", *columns])
        pair = (subject, object_)
        rows = (row for row in store.rows(edge.name) if (row["subject_type"], row["object_type"]) == pair)
        with _opened(folder, name) as out:
            longest = max(longest, _rows(out, edge.name, ("subject", "object"), kept, rows, separator))
        options.append(f"--relationships={edge.name}=./{name}.header.csv,./{name}.csv")
    return longest


def _rows(
    out: TextIO,
    name: str,
    ends: Sequence[str],
    kept: Sequence[str],
    rows: Iterable[Mapping[str, Any]],
    separator: str,
) -> int:
    """Write the rows of a type; the length of the longest, in characters."""
    longest = 0
    for row in rows:
        found = layout.properties(name, row)
        empty = [k + _BLANK * len(v) for k, v in found.items() if v in ([], [""])]
        cells = chain((row[end] for end in ends), (found.get(k) for k in kept), (empty or None,))
        line = ",".join(_cell(value, separator) for value in cells) + "\n"
        longest = max(longest, len(line))
        out.write(line)
    return longest


def _cell(value: Any, separator: str) -> str:
    """A field: nothing for what is not known, text always in quotes, so that empty text is not taken for unknown."""
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else "NaN" if math.isnan(value) else f"{'-' * (value < 0)}Infinity"
    if value in ([], [""]):
        return ""
    text = value if isinstance(value, str) else separator.join(value)
    return '"' + text.replace('"', '""') + '"'


def _separator(store: Store) -> str:
    """The first of _SEPARATORS that no list of the graph has."""
    candidates = list(_SEPARATORS)
    for kind in schema.load().types:
        lists = [p.name for p in kind.properties if p.type == "strings"]
        for row in store.rows(kind.name, lists) if lists else ():
            for text in chain.from_iterable(row[name] or () for name in lists):
                while candidates and candidates[0] in text:
                    del candidates[0]
    if not candidates:
        what = "no character is left to stand between the items of a list"
        raise ExportError(what, path=store.path, remedy="load it over Bolt: --to neo4j")
    return candidates[0]


def _column(name: str, kind: str) -> str:
    return f"{name}:{kind}"


def _header(folder: Path, name: str, columns: Sequence[str]) -> None:
    (folder / f"{name}.header.csv").write_text(",".join(columns) + "\n", encoding="utf-8")


def _opened(folder: Path, name: str) -> TextIO:
    return (folder / f"{name}.csv").open("w", encoding="utf-8", newline="\n")


def _finish() -> str:
    """What is run once the server is there; running it again does nothing."""
    known = schema.load()
    lines = ["// After import.sh, with the server started: cypher-shell -d neo4j -f finish.cypher. It may be repeated."]
    lines += [f"{statement};" for statement in layout.statements()]
    lines.append("// Lists that are empty: the import tool leaves them out.")
    for kind in known.nodes.values():
        lines.append(_fill("n", f"(n:{quoted(BASE)}:{quoted(kind.name)})", kind, ()))
    for edge in known.edges.values():
        proof = ("evidence",) if edge.rests_on == "mentions" else ()
        lines.append(_fill("e", f"(:{quoted(BASE)})-[e:{quoted(edge.name)}]->()", edge, proof))
    lines.append("CALL db.awaitIndexes(3600);")
    return "\n".join(lines) + "\n"


def _fill(variable: str, pattern: str, kind: NodeType | EdgeType, more: Sequence[str]) -> str:
    """Makes the lists that the property EMPTY names, in transactions of _ROWS rows."""
    noted = f"{variable}.{quoted(EMPTY)}"
    sets = []
    for name in (*(p.name for p in kind.properties if p.type == "strings"), *more):
        its = f"{variable}.{quoted(name)}"
        sets.append(
            f"{its} = CASE WHEN '{name}' IN {noted} THEN [] WHEN '{name}{_BLANK}' IN {noted} THEN [''] ELSE {its} END"
        )
    body = f"SET {', '.join(sets)} REMOVE {noted}" if sets else f"REMOVE {noted}"
    return f"MATCH {pattern} WHERE {noted} IS NOT NULL\nCALL ({variable}) {{ {body} }} IN TRANSACTIONS OF {_ROWS} ROWS;"
