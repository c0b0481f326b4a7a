"""The component that looks up the names of the lexicon: all of them in one pass over the text (Aho and Corasick)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple, cast

import ahocorasick_rs
import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.strings import get_string_id
from spacy.tokens import Doc

from kg.extract.lexicon import CLASSES, Surface, corpus, listed, surfaces
from kg.extract.notes import Detail, add, columns, offsets, text_of
from kg.extract.text import folded
from kg.model import Kind

__all__ = ["Hits", "Lookup", "Table", "create_lookup", "table"]

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

    def __init__(self) -> None:
        rows: dict[str, Row] = {}
        known = surfaces()
        for key, s in zip(_keys(s.surface for s in known), known, strict=True):
            right = max(s.counts)
            rows[key] = Row(s.surface, s.exact, s.counts.index(right), (right + 0.2) / (s.papers + 1.0), s, -1)
        forms = [(form, e) for e in listed() for form in (e.name, *e.aliases)]
        for key, (form, e) in zip(_keys(form for form, _ in forms), forms, strict=True):
            best = CLASSES.index((e.type, e.kind))
            old = rows.get(key)
            if old is None:
                rows[key] = Row(form, e.exact, best, _LISTED[best], None, best)
            elif old.listed < 0:
                rows[key] = old._replace(listed=best)
        seen = dict(zip(_keys(form for form, _ in corpus()), corpus(), strict=True))
        for key, (form, means) in seen.items():
            if key not in rows:
                # Too unsure to stand alone: it only informs the scorer.
                rows[key] = Row(form, False, means.index(max(means[:-1])), 0.0, None, -1)
        self.keys = sorted(k for k in rows if len(k) > 1)
        self.rows = [rows[k] for k in self.keys]
        # Forms of one token are found by its hash; only the others need the automaton.
        single = {int(get_string_id(k)): i for i, k in enumerate(self.keys) if k.isalnum()}
        nothing = ("", (0,) * (len(CLASSES) + 1))
        numbers = [seen.get(k, nothing)[1] for k in self.keys]
        self.corpus = np.array([n[:-1] for n in numbers], dtype=np.int64)
        self.corpus_papers = np.array([n[-1] for n in numbers], dtype=np.int64)
        self.single = np.array(sorted(single), dtype=np.uint64)
        self.single_rows = np.array([single[h] for h in sorted(single)], dtype=np.int64)
        self.several = np.array([i for i, k in enumerate(self.keys) if not k.isalnum()], dtype=np.int64)
        self.counts = np.array(
            [r.surface.counts if r.surface else (0,) * len(CLASSES) for r in self.rows], dtype=np.int64
        )
        self.exact = np.array([r.exact for r in self.rows], dtype=np.bool_)
        self.papers = np.array([r.surface.papers if r.surface else 0 for r in self.rows], dtype=np.int64)
        self.listed = np.array([r.listed for r in self.rows], dtype=np.int64)
        self.automaton = ahocorasick_rs.AhoCorasick([self.keys[i] for i in self.several])

    def hits(self, doc: Doc) -> Hits:
        """Every form in `doc` that is a whole number of tokens, overlaps included."""
        text = text_of(doc)
        starts, ends = offsets(doc)
        lower = np.ascontiguousarray(columns(doc)[:, 2])
        at = np.searchsorted(self.single, lower)
        at[at == len(self.single)] = 0
        one = np.flatnonzero(self.single[at] == lower)
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


@cache
def table() -> Table:
    """The table of the shipped lexicon, made once a process."""
    return Table()


class Lookup:
    """Notes the forms of the lexicon for the components that follow; where `add_spans`, adds spans for the longest
    that are right in `at_least` of the papers they stand in."""

    def __init__(self, *, add_spans: bool, at_least: float) -> None:
        self.add_spans = add_spans
        self.at_least = at_least
        self.table = table()

    def __call__(self, doc: Doc) -> Doc:
        hits = self.table.hits(doc) if len(doc) else np.zeros((0, 3), dtype=np.int64)
        doc.user_data["kg.hits"] = hits
        if self.add_spans:
            add(doc, self._longest(hits))
        return doc

    def _longest(self, hits: Hits) -> list[tuple[int, int, str, Detail]]:
        found = []
        taken = -1
        for start, end, at in sorted(hits.tolist(), key=lambda h: (h[0], -h[1])):
            if start < taken:
                continue
            row = self.table.rows[at]
            if row.score >= self.at_least:
                type_, kind = CLASSES[row.best]
                found.append((start, end, type_, Detail("lexicon", row.score, cast("Kind | None", kind))))
                taken = end
        return found


@Language.factory("kg_lexicon", default_config={"add_spans": True, "at_least": 0.5})
def create_lookup(nlp: Language, name: str, add_spans: bool, at_least: float) -> Lookup:
    return Lookup(add_spans=add_spans, at_least=at_least)
