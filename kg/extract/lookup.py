"""The component that looks up the names of the lexicon: all of them in one pass over the text (Aho and Corasick)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, cast

import ahocorasick_rs
import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.strings import get_string_id
from spacy.tokens import Doc

from kg.extract.lexicon import CLASSES, Entry, listed
from kg.extract.lexicon.learned import ANNOTATED, Learned, Surface, best_class
from kg.extract.notes import Detail, add, columns, offsets, text_of
from kg.extract.stored import Stored, file_of
from kg.extract.text import folded
from kg.model import Kind

__all__ = ["EMPTY", "Hits", "Lookup", "Table", "create_lookup", "longest", "table_of"]

# How often a name that only the lists know is right, measured in training/scores.md; by class.
_LISTED = (0.7, 0.6, 0.5, 0.5, 0.4)


# One row a form of the lexicon in the text: first token, last token + 1, row of the table.
Hits = NDArray[np.int64]


class Row(NamedTuple):
    """A form to look up. `best` indexes CLASSES; `score` is the share of papers in which the form is that."""

    form: str
    exact: bool
    best: int
    score: float
    surface: Surface | None
    listed: int


class Table:
    """The forms in one automaton; forms that fold to the same key share a pattern."""

    def __init__(self, entries: Iterable[Entry], learned: Learned) -> None:
        rows: dict[str, Row] = {}
        known = learned.surfaces
        for key, s in zip(_keys(s.surface for s in known), known, strict=True):
            best = best_class(s.counts)
            rows[key] = Row(s.surface, s.exact, best, (s.counts[best] + 0.2) / (s.papers + 1.0), s, -1)
        forms = [(form, e) for e in entries for form in (e.name, *e.aliases)]
        for key, (form, e) in zip(_keys(form for form, _ in forms), forms, strict=True):
            best = CLASSES.index((e.type, e.kind))
            old = rows.get(key)
            if old is None:
                rows[key] = Row(form, e.exact, best, _LISTED[best], None, best)
            elif old.listed < 0:
                rows[key] = old._replace(listed=best)
        seen = dict(zip(_keys(form for form, _ in learned.corpus), learned.corpus, strict=True))
        for key, (form, means) in seen.items():
            if key not in rows:
                # Too unsure to stand alone: it only informs the scorer.
                rows[key] = Row(form, False, means.index(max(means[:-1])), 0.0, None, -1)
        self.keys = sorted(k for k in rows if len(k) > 1)
        self.rows = [rows[k] for k in self.keys]
        # Forms of one token are found by its hash; only the others need the automaton.
        single = {int(get_string_id(k)): i for i, k in enumerate(self.keys) if k.isalnum()}
        self.single = np.array(sorted(single), dtype=np.uint64)
        self.single_rows = np.array([single[h] for h in sorted(single)], dtype=np.int64)
        self.several = np.array([i for i, k in enumerate(self.keys) if not k.isalnum()], dtype=np.int64)
        self.exact = np.array([r.exact for r in self.rows], dtype=np.bool_)
        self.automaton = ahocorasick_rs.AhoCorasick([self.keys[i] for i in self.several])
        # What is known of each row, and in the end of what stands in no row: -1 asks for that.
        nothing, none = ("", (0,) * (len(CLASSES) + 1)), (0,) * len(CLASSES)
        numbers = [*(seen.get(k, nothing)[1] for k in self.keys), nothing[1]]
        self.corpus = np.array([n[:-1] for n in numbers], dtype=np.int64)
        self.corpus_papers = np.array([n[-1] for n in numbers], dtype=np.int64)
        told = [*(r.surface for r in self.rows), None]
        self.counts = np.array([s.counts if s else none for s in told], dtype=np.int64)
        self.papers = np.array([s.papers if s else 0 for s in told], dtype=np.int64)
        self.listed = np.array([*(r.listed for r in self.rows), -1], dtype=np.int64)

    def hits(self, doc: Doc) -> Hits:
        """Every form in `doc` that is a whole number of tokens, overlaps included."""
        text = text_of(doc)
        starts, ends = offsets(doc)
        lower = np.ascontiguousarray(columns(doc)[:, 2])
        at = np.searchsorted(self.single, lower)
        at[at == len(self.single)] = 0
        one = np.flatnonzero(self.single[at] == lower) if len(self.single) else at[:0]
        first, last, rows = one, one, self.single_rows[at[one]]
        found = self.automaton.find_matches_as_indexes(folded(text), overlapping=True)
        if found:
            where = np.array(found, dtype=np.int64)
            i, j = np.searchsorted(starts, where[:, 1]), np.searchsorted(ends, where[:, 2])
            i[i == len(starts)] = 0
            j[j == len(ends)] = 0
            whole = (starts[i] == where[:, 1]) & (ends[j] == where[:, 2])
            first = np.concatenate([first, i[whole]])
            last = np.concatenate([last, j[whole]])
            rows = np.concatenate([rows, self.several[where[whole, 0]]])
        exact = np.flatnonzero(self.exact[rows])
        if len(exact):
            right = np.ones(len(rows), dtype=np.bool_)
            begins, stops = starts[first[exact]].tolist(), ends[last[exact]].tolist()
            forms = [self.rows[row].form for row in rows[exact].tolist()]
            right[exact] = [text[i:j] == form for i, j, form in zip(begins, stops, forms, strict=True)]
            first, last, rows = first[right], last[right], rows[right]
        return np.stack([first, last + 1, rows], axis=1)


def _keys(forms: Iterable[str]) -> list[str]:
    """The key of each form: folded, runs of space as one. All at once, since there are tens of thousands."""
    text = folded("\0".join(forms))
    while "  " in text:
        text = text.replace("  ", " ")
    return [key.strip() for key in text.split("\0")] if text else []


EMPTY = Table((), Learned())


def table_of(docs: Sequence[Doc]) -> Table:
    """The table that the rows of the Docs' hits count in; an empty one where no lexicon was asked."""
    return next((doc.user_data["kg.table"] for doc in docs if "kg.table" in doc.user_data), EMPTY)


class Lookup(Stored):
    """Notes the forms of the lexicon for the components that follow; where `add_spans`, adds spans for the longest
    that are right in `at_least` of the papers they stand in."""

    shipped = "lexicon"

    def __init__(self, *, add_spans: bool, at_least: float) -> None:
        self.add_spans = add_spans
        self.at_least = at_least
        self._learned: Learned | None = None
        self._table: Table | None = None

    @property
    def learned(self) -> Learned:
        """What the model has learned of forms."""
        if self._learned is None:
            self.from_shipped()
        return cast(Learned, self._learned)

    @learned.setter
    def learned(self, learned: Learned) -> None:
        self._learned = learned
        self._table = None

    @property
    def table(self) -> Table:
        """The listed names and the learned forms, put together when first asked for."""
        if self._table is None:
            self._table = Table(listed(), self.learned)
        return self._table

    def to_files(self) -> dict[str, bytes]:
        return self.learned.files()

    def from_files(self, files: Mapping[str, bytes], folder: Path | None) -> None:
        file_of(files, ANNOTATED, folder)
        self.learned = Learned.of(files, folder)
        self._table = Table(listed(), self.learned)  # now, not when the first paper waits for it

    def __call__(self, doc: Doc) -> Doc:
        hits = self.table.hits(doc) if len(doc) else np.zeros((0, 3), dtype=np.int64)
        doc.user_data["kg.hits"] = hits
        doc.user_data["kg.table"] = self.table
        if self.add_spans:
            add(doc, self._longest(hits))
        return doc

    def _longest(self, hits: Hits) -> list[tuple[int, int, str, Detail]]:
        sure = [h for h in hits.tolist() if self.table.rows[h[2]].score >= self.at_least]
        found = []
        for start, end, at in longest(sure):
            row = self.table.rows[at]
            type_, kind = CLASSES[row.best]
            found.append((start, end, type_, Detail("lexicon", row.score, cast("Kind | None", kind))))
        return found


def longest(hits: Iterable[Sequence[int]]) -> Iterator[tuple[int, int, int]]:
    """Of hits that overlap the first, and of those that start together the longest."""
    taken = -1
    for start, end, at in sorted(hits, key=lambda h: (h[0], -h[1])):
        if start >= taken:
            yield start, end, at
            taken = end


@Language.factory("kg_lexicon", default_config={"add_spans": True, "at_least": 0.5})
def create_lookup(nlp: Language, name: str, add_spans: bool, at_least: float) -> Lookup:
    return Lookup(add_spans=add_spans, at_least=at_least)
