"""The component that looks up the names of the lexicon: all of them in one pass over the text (Aho and Corasick)."""

from __future__ import annotations

from typing import NamedTuple, cast

import ahocorasick_rs
import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.lexicon import CLASSES, Surface, entries, surfaces
from kg.extract.notes import Detail, add, offsets, text_of
from kg.extract.text import folded
from kg.model import Kind

__all__ = ["Hit", "Lookup", "Table", "create_lookup", "table"]

# How often a name that only the lists know is right, measured in training/scores.md; by class.
_LISTED = (0.7, 0.6, 0.5, 0.5, 0.4)


class Hit(NamedTuple):
    """A form of the lexicon in the text: first token, last token + 1, and its row in the table."""

    start: int
    end: int
    row: int


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
        for s in surfaces():
            best = max(range(len(CLASSES)), key=s.counts.__getitem__)
            score = (s.counts[best] + 0.2) / (s.papers + 1.0)
            rows[_key(s.surface)] = Row(s.surface, s.exact, best, score, s, -1)
        for e in entries():
            if e.source != "annotated":
                best = CLASSES.index((e.type, e.kind))
                for form in (e.name, *e.aliases):
                    key = _key(form)
                    old = rows.get(key)
                    if old is None:
                        rows[key] = Row(form, e.exact, best, _LISTED[best], None, best)
                    elif old.listed < 0:
                        rows[key] = old._replace(listed=best)
        self.keys = sorted(k for k in rows if len(k) > 1)
        self.rows = [rows[k] for k in self.keys]
        self.counts = np.array(
            [r.surface.counts if r.surface else (0,) * len(CLASSES) for r in self.rows], dtype=np.int64
        )
        self.papers = np.array([r.surface.papers if r.surface else 0 for r in self.rows], dtype=np.int64)
        self.listed = np.array([r.listed for r in self.rows], dtype=np.int64)
        self.automaton = ahocorasick_rs.AhoCorasick(self.keys)

    def hits(self, doc: Doc) -> list[Hit]:
        """Every form in `doc` that is a whole number of tokens, overlaps included, in order of their ends."""
        text = text_of(doc)
        found = self.automaton.find_matches_as_indexes(folded(text), overlapping=True)
        if not found:
            return []
        where = np.array(found, dtype=np.int64)
        starts, ends = offsets(doc)
        first = np.searchsorted(starts, where[:, 1])
        last = np.searchsorted(ends, where[:, 2])
        first[first == len(starts)] = 0
        last[last == len(ends)] = 0
        whole = (starts[first] == where[:, 1]) & (ends[last] == where[:, 2])
        hits = []
        for i, j, row, s, e in zip(first[whole].tolist(), last[whole].tolist(), *where[whole].T.tolist(), strict=True):
            known = self.rows[row]
            if not known.exact or text[s:e] == known.form:
                hits.append(Hit(i, j + 1, row))
        return hits


def _key(form: str) -> str:
    return " ".join(folded(form).split())


_TABLE: Table | None = None


def table() -> Table:
    """The table of the shipped lexicon, made once a process."""
    global _TABLE
    if _TABLE is None:
        _TABLE = Table()
    return _TABLE


class Lookup:
    """Adds a span for the longest forms of the lexicon, and notes all of them for the components that follow."""

    def __init__(self, *, at_least: float) -> None:
        self.at_least = at_least
        self.table = table()

    def __call__(self, doc: Doc) -> Doc:
        hits = self.table.hits(doc) if len(doc) else []
        doc.user_data["kg.hits"] = hits
        found = []
        taken = -1
        for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
            if hit.start < taken:
                continue
            row = self.table.rows[hit.row]
            if row.score >= self.at_least:
                type_, kind = CLASSES[row.best]
                found.append((hit.start, hit.end, type_, Detail("lexicon", row.score, cast("Kind | None", kind))))
                taken = hit.end
        add(doc, found)
        return doc


@Language.factory("kg_lexicon", default_config={"at_least": 0.5})
def create_lookup(nlp: Language, name: str, at_least: float) -> Lookup:
    return Lookup(at_least=at_least)
