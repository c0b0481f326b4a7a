"""The nouns of the package: frozen values, standard library only.

    Paper ──extract──▶ Extraction(Mention...) ──resolve, build──▶ Node, Edge(Evidence...)

Offsets count Unicode code points, half-open: ``getattr(paper, m.field)[m.start:m.end] == m.text`` always holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "CodeStatus",
    "Edge",
    "Evidence",
    "Extraction",
    "Field",
    "Kind",
    "Link",
    "Mention",
    "Node",
    "Paper",
    "Reject",
    "Role",
]

Field = Literal["title", "abstract"]
Role = Literal["introduces", "uses", "compares", "mentions"]
Kind = Literal["named", "technique", "software"]
CodeStatus = Literal["released", "promised", "none"]


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper as one input gives it; title and abstract exactly as read.

    `identifiers` are sorted normal forms (``arxiv:2301.00001``, ``doi:10.1/x``, ``acl:2022.acl-long.1``): two papers
    that share one are the same paper. `date` is ISO 8601. `author_count` is known even where names are not.
    `sources` are the places it was read from, ``path:line``. None means not known, an empty tuple none given.
    """

    id: str
    title: str
    abstract: str = ""
    year: int | None = None
    date: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    author_count: int | None = None
    identifiers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reject:
    """A piece of input, or a paper, that was set aside: where it stands and why."""

    path: str
    line: int | None
    reason: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text that stands for an entity.

    `type` is a node type of the schema; `name` the entity's canonical name as far as this paper tells, the same for
    all mentions of one entity in one paper. `kind` is None for types other than Method; `role` None for tasks and
    repositories. `source` names the component that found it; `score` is 0 to 1. `sentence_start` and `sentence_end`
    bound the sentence around it in the same field.
    """

    field: Field
    start: int
    end: int
    text: str
    type: str
    name: str
    source: str
    score: float
    sentence_start: int
    sentence_end: int
    kind: Kind | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the paper that is no source-code repository; `kind` as in the schema's link_kinds."""

    url: str
    kind: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that was found in one paper. Mentions are in text order, title first.

    `pairs` holds (short form, long form, type) of every acronym that the paper spells out.
    """

    paper_id: str
    mentions: tuple[Mention, ...] = ()
    links: tuple[Link, ...] = ()
    code: CodeStatus = "none"
    pairs: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The exact words an edge rests on: a mention's place, source and score. The paper is the edge's subject."""

    field: Field
    start: int
    end: int
    text: str
    source: str
    score: float
    sentence_start: int
    sentence_end: int


PropertyValue = str | int | float | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the graph: `id` is unique within `type`; `properties` are those of the schema, id left out."""

    id: str
    type: str
    properties: Mapping[str, PropertyValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge of the graph, from `subject` (an id of `subject_type`) to `object` (an id of `object_type`)."""

    type: str
    subject: str
    subject_type: str
    object: str
    object_type: str
    properties: Mapping[str, PropertyValue] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
