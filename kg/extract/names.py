"""The component for names of one's own: one stands wherever it is written, whatever the other components think."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.entities import group_key
from kg.extract.lexicon import CLASSES, Entry
from kg.extract.lexicon.learned import Learned
from kg.extract.lexicon.own import NAMES, parse_own, written
from kg.extract.lookup import Table, longest
from kg.extract.notes import GROUP, Detail, detail_of, offsets, replace, text_of
from kg.extract.stored import Stored, file_of
from kg.model import Kind

__all__ = ["Names", "create_names"]

_Span = tuple[int, int, str, Detail]


class Names(Stored):
    """Puts the names of `entries` in the place of what is there. Only where a longer mention of something else holds
    one ("ImageNet" in "ImageNet-1K"), that stands."""

    def __init__(self) -> None:
        self.entries = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The names that are looked up."""
        return self._entries

    @entries.setter
    def entries(self, entries: Sequence[Entry]) -> None:
        self._entries = tuple(entries)
        self._table = Table(entries, Learned())
        self._names = {form: e.name for e in reversed(self._entries) for form in (e.name, *e.aliases)}

    def from_shipped(self) -> None:
        self.entries = ()

    def to_files(self) -> dict[str, bytes]:
        return {NAMES: written(self.entries)}

    def from_files(self, files: Mapping[str, bytes], folder: Path | None) -> None:
        self.entries = parse_own(file_of(files, NAMES, folder), (folder or Path()) / NAMES)

    def __call__(self, doc: Doc) -> Doc:
        hits = self._table.hits(doc).tolist() if len(doc) else []
        if not hits:
            return doc
        there = [(s.start, s.end, s.label_, detail_of(doc, s)) for s in doc.spans.get(GROUP, ())]
        at: dict[int, list[_Span]] = {}
        for span in there:
            for token in range(span[0], span[1]):
                at.setdefault(token, []).append(span)
        own = [n for n in map(self._named, longest(hits)) if not any(_longer(doc, s, n) for s in at.get(n[0], ()))]
        taken = {token for start, end, *_ in own for token in range(start, end)}
        rest = [s for s in there if s[2] == "Repository" or taken.isdisjoint(range(s[0], s[1]))]
        replace(doc, _joined(doc, rest, own) + own)
        return doc

    def _named(self, hit: tuple[int, int, int]) -> _Span:
        row = self._table.rows[hit[2]]
        type_, kind = CLASSES[row.best]
        return hit[0], hit[1], type_, Detail("lexicon", 1.0, cast("Kind | None", kind), None, self._names[row.form])


def _joined(doc: Doc, rest: list[_Span], own: list[_Span]) -> list[_Span]:
    """`rest`, where what the paper gives as the short or long form of an own name is that name too."""
    text, (starts, ends) = text_of(doc), offsets(doc)
    key_of = {(i, j): group_key(text[starts[i] : ends[j - 1]]) for i, j, *_ in (*rest, *own)}
    same: dict[str, _Span] = {}
    named = {key_of[n[:2]]: n for n in own}
    for pair in doc.user_data.get("kg.pairs", ()):
        short, long = group_key(pair.short), group_key(pair.long)
        for one, other in ((short, long), (long, short)):
            if one in named and other not in named:
                same[other] = named[one]
    return [
        (s[0], s[1], same[key][2], same[key][3]) if s[2] != "Repository" and (key := key_of[s[:2]]) in same else s
        for s in rest
    ]


def _longer(doc: Doc, span: _Span, own: _Span) -> bool:
    """Whether `span` is a longer name with `own` in it; a head word more ("ImageNet dataset") makes no other name."""
    if span[2] == "Repository" or not (span[0] <= own[0] and own[1] <= span[1] and span[:2] != own[:2]):
        return False
    text, (starts, ends) = text_of(doc), offsets(doc)
    whole, part = (text[starts[i] : ends[j - 1]] for i, j, *_ in (span, own))
    return group_key(whole) != group_key(part)


@Language.factory("kg_names")
def create_names(nlp: Language, name: str) -> Names:
    return Names()
