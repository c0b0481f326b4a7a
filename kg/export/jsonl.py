"""JSON Lines: every node, then every edge, as one object a line, with all the evidence."""

from __future__ import annotations

import json
from typing import Any, TextIO

from kg import schema
from kg.store import Store

__all__ = ["write"]

_ENDS = ("subject", "subject_type", "object", "object_type")


def write(store: Store, out: TextIO) -> None:
    """Nodes are {"node": TYPE, "id", "properties"}, edges {"edge": TYPE, the ends, "properties", "evidence"}.

    A property that is not known is left out; empty text and empty lists stay. Edges that rest on no mention have no
    "evidence".
    """
    known = schema.load()
    for name in known.nodes:
        for row in store.rows(name):
            _line(out, {"node": name, "id": row.pop("id"), "properties": _given(row)})
    for name in known.edges:
        for row in store.rows(name):
            evidence = row.pop("evidence", None)
            ends = {end: row.pop(end) for end in _ENDS}
            proof = {} if evidence is None else {"evidence": evidence}
            _line(out, {"edge": name, **ends, "properties": _given(row), **proof})


def _given(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in row.items() if v is not None}


def _line(out: TextIO, value: dict[str, Any]) -> None:
    out.write(json.dumps(value, ensure_ascii=False) + "\n")
