"""Stretches of text that could be a name or a phrase worth a node, and the features by which they are judged.

All work is done on arrays over the tokens of a batch of Docs, with a gap between Docs, so that a candidate costs
nanoseconds and not a Python call. A feature is a number: a slot (which question) and a value (its answer) hashed into
BUCKETS (Weinberger et al. 2009, "Feature hashing for large scale multitask learning").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.strings import get_string_id
from spacy.tokens import Doc

from kg.extract.acronyms import Pair
from kg.extract.lookup import Hits
from kg.extract.notes import columns, offsets, token_places

__all__ = ["Candidates", "Vocabulary", "candidates"]

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]

GAP = 8  # empty tokens between Docs; more than any feature looks to either side
LONGEST = 11  # tokens of a candidate, marks counted
WORDS = 6  # words of a candidate

# Flags of a token, from its shape.
WORD, UPPER, DIGIT, INNER, LONE = 1, 2, 4, 8, 16
# Flags of a token, from its word.
STOP, INSIDE, HEAD, JOINT, INTRODUCE, USE, COMPARE, ON, GENERIC, DATA = (1 << i for i in range(10))

WORDS_FILE = Path(__file__).parent / "words.txt"
_FLAGS = {
    "STOP": STOP,
    "INSIDE": INSIDE,
    "JOINT": JOINT,
    "INTRODUCE": INTRODUCE,
    "USE": USE,
    "COMPARE": COMPARE,
    "ON": ON,
    "GENERIC": GENERIC,
    "DATA": DATA,
}


def _flagged_words() -> Iterator[tuple[int, str]]:
    flag = 0
    for line in WORDS_FILE.read_text(encoding="utf-8").split("\n"):
        if line.startswith("[") and line.endswith("]") and line[1:-1] in _FLAGS:
            flag = _FLAGS[line[1:-1]]
        elif not line.startswith("#"):
            yield from ((flag, word.replace("\\n", "\n")) for word in line.split(" ") if word)


class Vocabulary:
    """Flags of words by their hash; `heads` are hashes of the words that end a phrase worth a node."""

    def __init__(self, heads: Iterable[int]) -> None:
        flags: dict[int, int] = {}
        for flag, word in _flagged_words():
            h = int(get_string_id(word))
            flags[h] = flags.get(h, 0) | flag
        for h in heads:
            flags[int(h)] = flags.get(int(h), 0) | HEAD
        order = sorted(flags)
        self.hashes: Hashes = np.array(order, dtype=np.uint64)
        self.flags: Ints = np.array([flags[h] for h in order], dtype=np.int64)
        self._shapes: dict[int, int] = {0: 0}

    def words(self, lower: Hashes) -> Ints:
        at = np.searchsorted(self.hashes, lower)
        at[at == len(self.hashes)] = 0
        return np.where(self.hashes[at] == lower, self.flags[at], 0)

    def shapes(self, shape: Hashes, doc: Doc | None) -> Ints:
        unique, inverse = np.unique(shape, return_inverse=True)
        known = self._shapes
        found = np.empty(len(unique), dtype=np.int64)
        for i, h in enumerate(unique.tolist()):
            flags = known.get(h)
            if flags is None:
                assert doc is not None
                flags = known[h] = _shape_flags(doc.vocab.strings[h])
            found[i] = flags
        return found[inverse]


def _shape_flags(shape: str) -> int:
    flags = 0
    if any(c in "Xxd" or c.isalnum() for c in shape):
        flags |= WORD
    if "X" in shape:
        flags |= UPPER
    if "d" in shape:
        flags |= DIGIT
    if "X" in shape[1:]:
        flags |= INNER
    if len(shape) == 1:
        flags |= LONE
    return flags


class Tokens(NamedTuple):
    """The tokens of a batch, Docs one after another with GAP empty tokens before, between and behind."""

    first: Ints  # of each Doc, its first token
    lower: Hashes
    shape: Hashes
    suffix: Hashes
    starts: Ints  # its characters in its Doc
    ends: Ints
    glued: NDArray[np.bool_]  # no space before it
    sentence: Ints
    in_title: NDArray[np.bool_]
    words: Ints
    shapes: Ints


class Candidates(NamedTuple):
    """`start` and `end` index the batch's tokens; `doc` the batch; `row` the lexicon's table, -1 for none."""

    tokens: Tokens
    doc: Ints
    start: Ints
    end: Ints
    row: Ints
    pair: Ints  # 1 short, 2 long form of an acronym
    cue: Ints  # 1 + index of the cue that announces it, 0 for none
    shaped: NDArray[np.bool_]  # found by its looks, not only in the lexicon

    def select(self, keep: Ints) -> Candidates:
        t, doc, start, end, row, pair, cue, shaped = self
        return Candidates(t, doc[keep], start[keep], end[keep], row[keep], pair[keep], cue[keep], shaped[keep])


def _tokens(docs: Sequence[Doc], vocabulary: Vocabulary) -> Tokens:
    gap = np.zeros((GAP, 5), dtype=np.uint64)
    parts = [gap]
    for doc in docs:
        parts += (columns(doc), gap)
    at, length, lower, shape, suffix = np.concatenate(parts).T.copy()
    starts, ends = at.astype(np.int64), (at + length).astype(np.int64)
    real = length > 0
    glued = np.zeros(len(at), dtype=np.bool_)
    glued[1:] = (starts[1:] == ends[:-1]) & real[1:] & real[:-1]
    opens = np.zeros(len(at), dtype=np.int64)
    in_title = np.zeros(len(at), dtype=np.bool_)
    first = np.cumsum([GAP, *(len(d) + GAP for d in docs)])
    for doc, begin in zip(docs, first.tolist(), strict=False):
        n = len(doc)
        if n:
            sentences = doc.user_data.get("kg.opens")
            if sentences is None:
                sentences = np.searchsorted(offsets(doc).starts, doc.user_data.get("kg.sentences", [0]))
            opens[begin + sentences[sentences < n]] = 1
            title = int(sentences[1]) if len(sentences) > 1 else n
            in_title[begin : begin + title] = True
        opens[begin + n] = 1
    shapes = vocabulary.shapes(shape, docs[0] if docs else None)
    return Tokens(
        first[:-1],
        lower,
        shape,
        suffix,
        starts,
        ends,
        glued,
        np.cumsum(opens),
        in_title,
        vocabulary.words(lower),
        shapes,
    )


def candidates(docs: Sequence[Doc], vocabulary: Vocabulary) -> Candidates:
    """Every candidate of the Docs: forms of the lexicon, acronyms with their long forms, and what looks like a name
    or ends like a phrase."""
    t = _tokens(docs, vocabulary)
    start, end = _shaped(t)
    span = len(t.lower) + 1
    each = [_hits(doc) for doc in docs]
    hits = np.concatenate(each)
    hits[:, :2] += np.repeat(t.first, [len(h) for h in each])[:, None]
    by_shape, by_form = start * span + end, hits[:, 0] * span + hits[:, 1]
    marked: dict[int, tuple[int, int]] = {}  # start * span + end -> (pair, cue)
    for doc, first in zip(docs, t.first.tolist(), strict=True):
        if doc.user_data.get("kg.pairs"):
            _add_pairs(doc, doc.user_data["kg.pairs"], first, span, marked)
        for i, j, number in doc.user_data.get("kg.cues", ()):
            key = (first + i) * span + first + j
            marked[key] = (marked.get(key, (0, 0))[0], number + 1)
    by_mark = np.fromiter(marked, dtype=np.int64, count=len(marked))
    keys = np.unique(np.concatenate([by_shape, by_form, by_mark]))
    shaped = np.zeros(len(keys), dtype=np.bool_)
    shaped[np.searchsorted(keys, by_shape)] = True
    row = np.full(len(keys), -1, dtype=np.int64)
    row[np.searchsorted(keys, by_form)] = hits[:, 2]
    pair, cue = np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=np.int64)
    if marked:
        at_keys = np.searchsorted(keys, by_mark)
        pair[at_keys], cue[at_keys] = np.array(list(marked.values()), dtype=np.int64).T
    start, end = keys // span, keys % span
    doc_of = np.searchsorted(t.first, start, side="right") - 1
    return Candidates(t, doc_of, start, end, row, pair, cue, shaped)


def _hits(doc: Doc) -> Hits:
    hits: Hits | None = doc.user_data.get("kg.hits")
    return np.zeros((0, 3), dtype=np.int64) if hits is None else hits


def _add_pairs(doc: Doc, pairs: list[Pair], at: int, span: int, places: dict[int, tuple[int, int]]) -> None:
    forms = [f for p in pairs for f in ((1, p.short_start, p.short), (2, p.long_start, p.long))]
    where = token_places(doc, [(start, start + len(form)) for _, start, form in forms])
    for (which, _, _), place in zip(forms, where, strict=True):
        if place is not None:
            places[(at + place[0]) * span + at + place[1]] = (which, 0)


def _shaped(t: Tokens) -> tuple[Ints, Ints]:
    word = (t.shapes & WORD) != 0
    stop = ((t.words & STOP) != 0) & ((t.shapes & INNER) == 0)
    namelike = word & ((t.shapes & (UPPER | DIGIT)) != 0)
    # A sentence opens with a capital whatever the word; the shape says nothing there unless it goes on inside.
    opens = np.empty_like(word)
    opens[0] = True
    opens[1:] = t.sentence[1:] != t.sentence[:-1]
    plain = namelike & opens & ((t.shapes & (INNER | DIGIT)) == 0)
    head = (t.words & HEAD) != 0
    # "Three-layer", "In-context": a word of grammar opens a phrase where a hyphen ties it to the next.
    tied = np.zeros_like(word)
    tied[:-2] = t.glued[1:-1] & t.glued[2:] & (t.lower[1:-1] == _HYPHEN)
    can_open = word & (~stop | tied)
    can_close = word & ~stop & (head | namelike)
    inner_name = namelike & ~plain
    # Marks join only where no space stands on either side; words of grammar join inside a phrase.
    joint = (t.words & JOINT) != 0
    tight = joint & t.glued
    tight[:-1] &= t.glued[1:]
    inside = (word & (~stop | tied)) | ((t.words & INSIDE) != 0) | tight
    # A line break is white space, and a hyphen or slash before it breaks a word.
    inside |= (t.lower == _NEWLINE) | (t.lower == _AND)
    blocked = np.concatenate([[0], np.cumsum(~inside)])
    counted = np.concatenate([[0], np.cumsum(word)])
    names = np.concatenate([[0], np.cumsum(inner_name)])
    grammar = np.concatenate([[0], np.cumsum((t.words & INSIDE) != 0)])
    plainly = np.concatenate([[0], np.cumsum(word & ~namelike & ~stop)])
    openers = np.flatnonzero(can_open)
    found_start, found_end = [], []
    for length in range(1, LONGEST + 1):
        s = openers[openers + length <= len(word)]
        e = s + length
        ok = can_close[e - 1] & (blocked[e] == blocked[s]) & (counted[e] - counted[s] <= WORDS)
        ok &= grammar[e] - grammar[s] <= 2
        s, e = s[ok], e[ok]
        # Either the phrase ends in a word that ends phrases, or it is a name: mostly name-like words.
        is_phrase = head[e - 1]
        is_name = (names[e] > names[s]) & (plainly[e] - plainly[s] <= 1)
        keep = is_phrase | is_name
        found_start.append(s[keep])
        found_end.append(e[keep])
        # What cannot go on drops out.
        openers = openers[openers + length < len(word)]
        openers = openers[blocked[openers + length] == blocked[openers]]
    return np.concatenate(found_start), np.concatenate(found_end)


_NEWLINE, _AND, _HYPHEN = (np.uint64(get_string_id(s)) for s in ("\n", "&", "-"))
