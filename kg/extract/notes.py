"""What the components write on a Doc, and where.

``doc.spans["kg"]`` holds the spans, labelled with a node type (Dataset, Method, Task, Repository). What a span has no
room for stands in ``doc.user_data["kg"]``: a Detail under (first token, last token + 1, label). A pipeline from
elsewhere that fills the spans alone is served too: its spans count as certain, methods as named.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IDX, LENGTH, LOWER, SHAPE, SUFFIX  # type: ignore[import-not-found]
from spacy.tokens import Doc, Span

from kg.model import Kind, Role

__all__ = [
    "GROUP",
    "Detail",
    "Judged",
    "Offsets",
    "add",
    "columns",
    "detail_of",
    "details",
    "offsets",
    "replace",
    "spans_of",
    "text_of",
    "token_places",
]

GROUP = "kg"


class Judged(NamedTuple):
    """A candidate by its characters, its probabilities in the order of decide.LABELS, their sums by class, the
    component that brought it up, and the role that a cue gives it."""

    start: int
    end: int
    scores: list[float]
    by_class: list[float]
    source: str = "scorer"
    cue: Role | None = None


class Detail(NamedTuple):
    """What a component says of a span: who says so, how sure it is (0 to 1), the kind of a method, the role, and the
    name of its entity where that is certain."""

    source: str
    score: float
    kind: Kind | None = None
    role: Role | None = None
    name: str | None = None


class Offsets(NamedTuple):
    """First and last + 1 character of every token, ascending."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


def text_of(doc: Doc) -> str:
    """``doc.text``, which spaCy puts together token by token each time it is asked, kept once a Doc."""
    known = doc.user_data.get("kg.text")
    if known is None:
        known = doc.user_data["kg.text"] = doc.text
    return cast(str, known)


def columns(doc: Doc) -> NDArray[np.uint64]:
    """One row a token: offset, length, and the hashes of lower case, shape and suffix. Made once a Doc."""
    known = doc.user_data.get("kg.columns")
    if known is None:
        known = doc.user_data["kg.columns"] = doc.to_array([IDX, LENGTH, LOWER, SHAPE, SUFFIX])
    return cast("NDArray[np.uint64]", known)


def offsets(doc: Doc) -> Offsets:
    """The offsets of the tokens, made once a Doc."""
    known = doc.user_data.get("kg.offsets")
    if known is None:
        starts, lengths = columns(doc)[:, :2].T.astype(np.int64, order="C")
        known = doc.user_data["kg.offsets"] = Offsets(starts, starts + lengths)
    return cast(Offsets, known)


def token_places(doc: Doc, places: Sequence[tuple[int, int]]) -> list[tuple[int, int] | None]:
    """First token and last token + 1 of each stretch of characters; None for one that is no whole number of tokens."""
    if not places:
        return []
    starts, ends = offsets(doc)
    wanted = np.array(places, dtype=np.int64)
    first, last = starts.searchsorted(wanted[:, 0]), ends.searchsorted(wanted[:, 1])
    rows = zip(first.tolist(), last.tolist(), places, strict=True)
    size = len(starts)
    return [(i, j + 1) if i < size and j < size and (starts[i], ends[j]) == place else None for i, j, place in rows]


def details(doc: Doc) -> dict[tuple[int, int, str], Detail]:
    return cast("dict[tuple[int, int, str], Detail]", doc.user_data.setdefault(GROUP, {}))


def detail_of(doc: Doc, span: Span) -> Detail:
    known = details(doc).get((span.start, span.end, span.label_))
    return known or Detail("model", 1.0)


def add(doc: Doc, found: list[tuple[int, int, str, Detail]]) -> None:
    """Add spans, given as (first token, last token + 1, label, detail); a place and label already there stays."""
    noted = details(doc)
    spans = []
    for start, end, label, detail in found:
        if (start, end, label) not in noted:
            noted[start, end, label] = detail
            spans.append(Span(doc, start, end, label))
    if GROUP in doc.spans:
        doc.spans[GROUP].extend(spans)
    else:
        doc.spans[GROUP] = spans


def spans_of(doc: Doc) -> list[tuple[int, int, str, Detail]]:
    """What `add` has added so far."""
    return [(*place, detail) for place, detail in details(doc).items()]


def replace(doc: Doc, found: list[tuple[int, int, str, Detail]]) -> None:
    """Put these spans in the place of all that are there."""
    doc.user_data[GROUP] = {}
    if GROUP in doc.spans:
        del doc.spans[GROUP]
    add(doc, found)
