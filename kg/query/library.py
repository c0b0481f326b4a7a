"""Named queries: the files queries/NAME.cypher, each with its question and parameters at the head.

    // question: Which papers use this dataset?
    // parameter dataset: dataset with variants
    // parameter since: number = 0
    // example: dataset=CIFAR-10
    MATCH ...

A name is found by any alias and usual spelling, and reaches the text as a list of ids: one id, or with its variants.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg.errors import NameNotFound, QueryError
from kg.query.answer import Answer
from kg.query.engine import Engine
from kg.query.ladybug_engine import Ladybug
from kg.query.mistakes import nearest
from kg.query.names import Names
from kg.resources import folder
from kg.store import Store

__all__ = ["NamedQuery", "Parameter", "all_queries", "ask", "get", "values"]

_TYPES: Mapping[str, tuple[str, ...]] = {
    "dataset": ("Dataset",),
    "method": ("Method",),
    "task": ("Task",),
    "paper": ("Paper",),
    "repository": ("Repository",),
    "thing": ("Dataset", "Method", "Task", "Repository", "Paper"),
}
_LIMIT = "limit"
_HEAD = re.compile(r"// (question|parameter|one of|note|example)(?: (\w+))?: (.+)")
_PARAMETER = re.compile(
    r"(?P<kinds>\w+(?: or \w+)*?)(?P<text> as text)?(?P<variants> with variants)?(?P<optional>, optional)?"
    r"(?: = (?P<default>.+))?"
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: `kinds` are dataset, method, task, paper, repository, thing, number or text.

    With `choice` it is one of these words. `default` is None for one that must be given.
    """

    name: str
    kinds: tuple[str, ...]
    choice: bool = False
    variants: bool = False
    optional: bool = False
    default: str | None = None

    @property
    def types(self) -> tuple[str, ...]:
        """The node types whose names it takes; none for numbers and text."""
        return () if self.choice else tuple(t for k in self.kinds for t in _TYPES.get(k, ()))

    def __str__(self) -> str:
        what = " or ".join(self.kinds) + (" (and variants)" if self.variants else "")
        default = f" = {self.default}" if self.default is not None else ""
        shown = f"{self.name}: {what}{default}"
        return f"[{shown}]" if self.optional else shown


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A named query. `statements` are tried in order until one has rows; `one_of` names what at least one must be."""

    name: str
    question: str
    parameters: tuple[Parameter, ...]
    one_of: tuple[str, ...]
    note: str
    example: str
    text: str

    @property
    def statements(self) -> tuple[str, ...]:
        """The Cypher, without the head."""
        body = "\n".join(line for line in self.text.splitlines() if not line.startswith("// "))
        return tuple(part.strip() for part in body.split(";\n"))


@cache
def all_queries() -> Mapping[str, NamedQuery]:
    """Every named query by name, sorted."""
    files = sorted(folder("queries").glob("*.cypher"))
    return {f.stem: _read(f.stem, f.read_text(encoding="utf-8")) for f in files}


def _read(name: str, text: str) -> NamedQuery:
    heads = [m for line in text.splitlines() if (m := _HEAD.fullmatch(line))]
    words = {m[1]: m[3] for m in heads}
    parameters = [_parameter(m[2], m[3]) for m in heads if m[1] == "parameter"]
    if not any(p.name == _LIMIT for p in parameters):
        parameters.append(Parameter(_LIMIT, ("number",), default="100"))
    one_of = tuple(words["one of"].split(", ")) if "one of" in words else ()
    return NamedQuery(name, words["question"], tuple(parameters), one_of, words.get("note", ""), words["example"], text)


def _parameter(name: str, text: str) -> Parameter:
    found = _PARAMETER.fullmatch(text)
    assert found, text
    kinds = tuple(found["kinds"].split(" or "))
    return Parameter(
        name, kinds, bool(found["text"]), bool(found["variants"]), bool(found["optional"]), found["default"]
    )


def get(name: str) -> NamedQuery:
    """The named query; NameNotFound, with the nearest names, if there is none."""
    known = all_queries()
    if name not in known:
        near = nearest(name, known)
        raise NameNotFound(
            f"no query is called {name!r}", suggestions=near, remedy=None if near else "kg query --list shows them all"
        )
    return known[name]


def ask(source: Store | Engine, name: str, parameters: Mapping[str, Any], *, timeout: float = 60.0) -> Answer:
    """The answer of a named query, from a graph folder or an opened engine; `timeout` in seconds for each statement.

    Names are looked up by any alias and usual spelling, or given as an id or ``type:name``. Raises NameNotFound with
    the nearest names, QueryError where a parameter is missing, of the wrong kind, or several things have the name.
    """
    query = get(name)
    given = values(source, query, parameters)
    engine = Ladybug.open(source) if isinstance(source, Store) else source
    try:
        for statement in query.statements:
            answer = engine.ask(statement, given, timeout=timeout)
            if answer.rows:
                break
    finally:
        if engine is not source:
            engine.close()
    return answer


def values(source: Store | Engine, query: NamedQuery, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """What the statements of a query are given: ids for names, numbers, text."""
    known = {p.name: p for p in query.parameters}
    for name in parameters:
        if name not in known:
            near = nearest(name, known)
            raise NameNotFound(
                f"{query.name} has no parameter {name!r}",
                suggestions=near,
                remedy=None if near else "it has " + ", ".join(known),
            )
    if query.one_of and not any(parameters.get(name) for name in query.one_of):
        raise QueryError(f"{query.name} needs {' or '.join(query.one_of)}", remedy=f"for example -p {query.example}")
    result: dict[str, Any] = {}
    wanted: dict[str, str] = {}
    for p in query.parameters:
        value = parameters.get(p.name)
        if value is None and p.default is None and not p.optional:
            raise QueryError(f"{query.name} needs {p.name}", remedy=f"for example -p {query.example}")
        if not p.types:
            result[p.name] = _plain(p, p.default if value is None else value)
        elif value is None:
            result[p.name] = []
        else:
            wanted[p.name] = str(value)
    if wanted:
        with Names.open(source) if isinstance(source, Store) else source.names() as names:
            for name, text in wanted.items():
                found = names.find(text, known[name].types)
                result[name] = list(names.variants(found.id)) if known[name].variants else [found.id]
    return result


def _plain(p: Parameter, value: Any) -> Any:
    if p.choice:
        if value not in p.kinds:
            raise QueryError(f"{p.name} is {value!r}", remedy="it is one of " + ", ".join(p.kinds))
        return value
    if p.kinds == ("text",):
        return str(value)
    try:
        number = int(str(value))
    except ValueError:
        raise QueryError(f"{p.name} is {value!r}", remedy="it is a whole number") from None
    if number < 0:
        raise QueryError(f"{p.name} is {number}", remedy="it is 0 or more")
    return number
