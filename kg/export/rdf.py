"""Turtle, N-Triples and JSON-LD, written as the graph is read: memory does not grow with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import TextIO

from kg.export.statements import Resource, Value, resources
from kg.export.vocabulary import PREFIXES, context
from kg.store import Store

__all__ = ["write_jsonld", "write_ntriples", "write_turtle"]

_TYPE = "rdf:type"
# What a string may not hold as it is. The replacement character is escaped as well, since tools take it for damage.
_ESCAPED = re.compile(r'[\x00-\x1f\x7f-\x9f"\\\u2028\u2029\ufffd-\uffff]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def write_ntriples(store: Store, out: TextIO) -> None:
    """One triple a line."""
    for resource in resources(store):
        subject = f"<{resource.iri}>"
        for predicate, value in _triples(resource):
            out.write(f"{subject} <{_full(predicate)}> {_term(value, whole=True)} .\n")


def write_turtle(store: Store, out: TextIO) -> None:
    """A block for each resource, with short names for the terms."""
    for prefix, iri in PREFIXES.items():
        out.write(f"@prefix {prefix}: <{iri}> .\n")
    for resource in resources(store):
        said = []
        for predicate, values in groupby(_triples(resource), key=lambda pair: pair[0]):
            terms = ", ".join(_term(value, whole=False) for _, value in values)
            said.append(f"{'a' if predicate == _TYPE else predicate} {terms}")
        out.write(f"\n<{resource.iri}> " + " ;\n    ".join(said) + " .\n")


def write_jsonld(store: Store, out: TextIO) -> None:
    """One object with the context in it, so that reading it asks no network; a resource on each line of its graph."""
    head = json.dumps(context(), ensure_ascii=False, separators=(",", ":"))
    out.write(f'{{"@context":{head},\n"@graph":[')
    for number, resource in enumerate(resources(store)):
        out.write(("," if number else "") + "\n" + json.dumps(_object(resource), ensure_ascii=False))
    out.write("\n]}\n")


def _triples(resource: Resource) -> Iterator[tuple[str, Value]]:
    yield from ((_TYPE, ("name", name)) for name in resource.classes)
    yield from resource.values


@cache
def _full(name: str) -> str:
    prefix, _, rest = name.partition(":")
    return PREFIXES[prefix] + rest


def _term(value: Value, *, whole: bool) -> str:
    kind, text = value
    if kind == "iri":
        return f"<{text}>"
    if kind == "name":
        return f"<{_full(text)}>" if whole else text
    if kind == "xsd:integer" and not whole:
        return text
    quoted = '"' + _ESCAPED.sub(lambda found: _SHORT.get(found[0], f"\\u{ord(found[0]):04X}"), text) + '"'
    if not kind:
        return quoted
    return quoted + (f"^^<{_full(kind)}>" if whole else f"^^{kind}")


def _object(resource: Resource) -> dict[str, object]:
    made: dict[str, object] = {"@id": resource.iri}
    if resource.classes:
        made["@type"] = [name.partition(":")[2] if name.startswith("kg:") else name for name in resource.classes]
    for predicate, values in groupby(resource.values, key=lambda pair: pair[0]):
        listed = [_json(predicate, value) for _, value in values]
        short = predicate.partition(":")[2]
        before = made.get(short)
        if before is not None:
            listed = [*(before if isinstance(before, list) else [before]), *listed]
        made[short] = listed[0] if len(listed) == 1 else listed
    return made


def _json(predicate: str, value: Value) -> object:
    """The value, with its datatype where the context does not say it.

    Numbers are strings of that type: JSON-LD has rules of its own for how a number is to be spelt.
    """
    kind, text = value
    if kind == "name":
        return _full(text)
    return {"@value": text, "@type": kind} if kind not in ("", "iri", _coerced(predicate)) else text


@cache
def _coerced(predicate: str) -> str:
    said = context().get(predicate.partition(":")[2])
    return str(said["@type"]) if isinstance(said, dict) else ""
