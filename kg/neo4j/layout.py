"""How a graph lies in Neo4j, whichever way it gets there, and the statements that prepare for it.

    (:KG:Paper {type: "Paper", id: "arxiv:...", title: "...", authors: [...]})
        -[:USES {score: 0.9, quotes: [...], evidence: ["{...}"]}]->
            (:KG:Dataset {type: "Dataset", id: "dataset:...", name: "...", aliases: [...]})

Every node has the base label KG and its type as a label. An id is unique within a type only, so type and id together
are the key, and `type` stands among the properties; all others are those of schema/kg.yaml. What is not known is
absent, since Neo4j holds no nulls; an empty list is an empty list. It holds no lists of maps either: each piece of
evidence is an object in JSON. Whatever lacks the base label, has another type or leads to others' nodes is not ours.

schema/generated/constraints.cypher holds the statements. Make it anew after a change of the schema:
python -m kg.neo4j.layout
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kg import schema
from kg.resources import folder

__all__ = ["BASE", "ENDS", "TYPE", "columns", "generated", "properties", "quoted", "statements"]

BASE = "KG"
TYPE = "type"
ENDS = ("subject", "subject_type", "object", "object_type")
_NAMES = ("name", "title", "aliases")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def quoted(name: str) -> str:
    """A label, type or property name of the schema as Cypher has it; no other text may be part of a statement.

    >>> quoted("USES")
    '`USES`'
    """
    return "`" + name.replace("`", "``") + "`"


def properties(type_name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row of a table (kg.store.Store.rows) is in Neo4j: a node's or an edge's properties, the ends left out.

    >>> properties("Task", {"id": "task:qa", "name": "QA", "aliases": [], "papers": 3, "url": None})
    {'type': 'Task', 'id': 'task:qa', 'name': 'QA', 'aliases': [], 'papers': 3}
    """
    found = {k: v for k, v in row.items() if v is not None and k not in ENDS}
    if type_name in schema.load().nodes:
        return {TYPE: type_name, **found}
    if "evidence" in found:
        found["evidence"] = [_encode(piece) for piece in found["evidence"]]
    return found


def columns(type_name: str, found: Mapping[str, Any]) -> dict[str, Any]:
    """What `properties` was made from, without the ends of an edge; ValueError where evidence is no JSON.

    >>> columns("Task", {"type": "Task", "id": "task:qa", "name": "QA", "aliases": []})
    {'id': 'task:qa', 'name': 'QA', 'aliases': []}
    """
    row = dict(found)
    if type_name in schema.load().nodes:
        row.pop(TYPE, None)
    elif "evidence" in row:
        row["evidence"] = [json.loads(piece) for piece in row["evidence"]]
    return row


def statements() -> tuple[str, ...]:
    """What comes before the first node: the key, and indexes on ids, names and, in full text, `kg_names`.

    Each does nothing where it has been done. Titles are in the full-text index only: a range index refuses long values.
    """
    known = schema.load()
    key = f"(n.{quoted(TYPE)}, n.`id`)"
    made = [f"CREATE CONSTRAINT kg_key IF NOT EXISTS FOR (n:{quoted(BASE)}) REQUIRE {key} IS UNIQUE"]
    for name, node_type in known.nodes.items():
        for p in node_type.properties:
            if p.name in ("id", "name"):
                index = f"kg_{name.lower()}_{p.name}"
                made.append(f"CREATE INDEX {index} IF NOT EXISTS FOR (n:{quoted(name)}) ON (n.{quoted(p.name)})")
    labels = "|".join(map(quoted, known.nodes))
    texts = ", ".join(f"n.{quoted(name)}" for name in _NAMES)
    made.append(f"CREATE FULLTEXT INDEX kg_names IF NOT EXISTS FOR (n:{labels}) ON EACH [{texts}]")
    return tuple(made)


def generated() -> dict[str, str]:
    """The file of schema/generated that this module makes: name to text."""
    head = "// Made from schema/kg.yaml by python -m kg.neo4j.layout: change that file, not this one.\n"
    return {"constraints.cypher": head + "".join(f"{statement};\n" for statement in statements())}


if __name__ == "__main__":
    for name, text in generated().items():
        (folder("schema") / "generated" / name).write_text(text, encoding="utf-8")
