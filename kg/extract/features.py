"""What is asked of a candidate: its words and shapes, the words around it, its place, and what the lexicon knows.

A feature is a slot (the question) and a value (the answer) hashed into one of BUCKETS numbers (Weinberger et al. 2009,
"Feature hashing for large scale multitask learning"), computed for all candidates of a batch at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.extract.candidates import COMPARE, DATA, GENERIC, HEAD, INTRODUCE, ON, USE, Candidates, Hashes, Ints, Tokens
from kg.extract.lexicon import CLASSES

__all__ = ["BUCKETS", "Prior", "features", "gate_features"]

BUCKETS = 1 << 17
_SHIFT = np.uint64(64 - 17)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_MIX_2 = np.uint64(0xC2B2AE3D27D4EB4F)
_MIX_3 = np.uint64(0x165667B19E3779F9)
_REACH = 7  # tokens to the left in which a cue verb counts


class Prior(NamedTuple):
    """What the lexicon knows of each candidate: `counts` by class of CLASSES, of `papers`; the class that lists give,
    -1 for none. Zero papers: not known. `corpus` is the mean probability in hundredths of each class, over
    `corpus_papers` unlabelled papers."""

    counts: Ints
    papers: Ints
    listed: Ints
    corpus: Ints
    corpus_papers: Ints

    def select(self, keep: Ints) -> Prior:
        return Prior(*(column[keep] for column in self))

    def unseen(self) -> Prior:
        """As if no unlabelled paper had been read."""
        return self._replace(corpus=np.zeros_like(self.corpus), corpus_papers=np.zeros_like(self.corpus_papers))


def features(c: Candidates, prior: Prior) -> NDArray[np.uint32]:
    """One row a candidate, one column a slot."""
    return _hashed(_values(c, prior))


def gate_features(c: Candidates, prior: Prior) -> NDArray[np.uint32]:
    """The few columns by which most candidates are turned away before the others are computed."""
    t, s, e = c.tokens, c.start, c.end
    return _hashed(
        iter(
            (
                t.lower[s],
                t.lower[e - 1],
                t.suffix[s],
                t.suffix[e - 1],
                (form := _form(t, s, e)),
                _pair(t.lower[np.maximum(e - 2, s)], t.lower[e - 1]),
                _whole(t.glued[s] * 2 + t.glued[e]),
                t.lower[s - 1],
                t.lower[e],
                _pair(t.lower[s - 1], t.shape[s]),
                _pair(t.lower[e], t.shape[e - 1]),
                _known(prior)[-1],
                _pair(_whole(c.pair * 8 + c.cue), form),
            )
        )
    )


def _hashed(values_of_slots: Iterator[Hashes]) -> NDArray[np.uint32]:
    columns = []
    for slot, values in enumerate(values_of_slots, 1):
        mixed = (values + np.uint64(slot)) * _MIX
        mixed = (mixed ^ (mixed >> np.uint64(29))) * _MIX_2
        columns.append((mixed >> _SHIFT).astype(np.uint32))
    return np.stack(columns).T if columns else np.zeros((0, 0), dtype=np.uint32)


def _pair(a: Hashes, b: Hashes) -> Hashes:
    return (a * _MIX_2) ^ ((b + np.uint64(1)) * _MIX_3)


def _whole(numbers: Ints) -> Hashes:
    return numbers.astype(np.uint64)


def _values(c: Candidates, prior: Prior) -> Iterator[Hashes]:
    t, s, e = c.tokens, c.start, c.end
    last = e - 1
    length = _whole(np.minimum(e - s, 8))
    shape_first, shape_last = t.shape[s], t.shape[last]
    known = _known(prior)
    single = _whole(e - s == 1)
    # The words of the candidate.
    yield t.lower[s]
    yield t.lower[last]
    yield shape_first
    yield shape_last
    yield t.suffix[s]
    yield t.suffix[last]
    yield length
    yield _pair(shape_last, length)
    yield _pair(shape_first, shape_last)
    form = _form(t, s, e)
    yield form
    yield _pair(t.lower[np.maximum(last - 1, s)], t.lower[last])
    for inner in (1, 2, 3):
        yield np.where(s + inner < last, t.lower[np.minimum(s + inner, last)], np.uint64(0))
    # Around it.
    glue = _whole(t.glued[s] * 2 + t.glued[e])
    yield glue
    yield _pair(glue, form)
    left, right = t.lower[s - 1], t.lower[e]
    left_2, right_2 = t.lower[s - 2], t.lower[e + 1]
    yield left
    yield right
    yield _pair(left_2, left)
    yield _pair(right, right_2)
    yield left_2
    yield right_2
    yield t.lower[s - 3]
    yield t.lower[e + 2]
    yield t.shape[s - 1]
    yield t.shape[e]
    yield _pair(left, shape_first)
    yield _pair(right, shape_last)
    yield _pair(left, right)
    yield _pair(left, t.lower[last])
    yield _pair(_pair(t.lower[s - 3], left_2), left)
    yield from _around(c, form)
    yield from _told(known, _seen(prior), (form, glue, left, right, single))


def _told(known: list[Hashes], seen: list[Hashes], beside: tuple[Hashes, ...]) -> Iterator[Hashes]:
    """What the lexicon knows of it and what is seen of it elsewhere, alone and with its form and its neighbours."""
    form, glue, left, right, single = beside
    yield from known
    yield _pair(known[-1], glue)
    yield _pair(known[-1], form)
    yield _pair(known[-1], left)
    yield _pair(known[-1], right)
    yield _pair(known[-1], single)
    yield from seen
    yield _pair(seen[-1], form)
    yield _pair(seen[-1], known[-1])
    yield _pair(seen[-1], right)


def _form(t: Tokens, s: Ints, e: Ints) -> Hashes:
    """How it looks as a whole: any inner capital, digit, hyphen, all capitals, all lower case; length to 3."""
    flags = np.zeros(len(s), dtype=np.int64)
    for k in range(4):
        at = np.minimum(s + k, e - 1)
        flags |= t.shapes[at]
    flags |= np.where((t.shapes[s] & 2) != 0, 32, 0) | np.where((t.shapes[e - 1] & 2) != 0, 64, 0)
    return _whole(flags * 4 + np.minimum(e - s, 3))


def _around(c: Candidates, form: Hashes) -> Iterator[Hashes]:
    """Place in the paper, cue words to the left in the sentence, repetitions, acronyms."""
    t, s, e = c.tokens, c.start, c.end
    first = t.first[c.doc]
    sentence = t.sentence[s] - t.sentence[first]
    place = np.minimum(sentence, 4) * 2 + (s == first)
    title_name = ((s == first) & t.in_title[s]) * 2 + (t.lower[e] == _COLON)
    yield _whole(place)
    yield _pair(_whole(place), form)
    yield _pair(_whole(title_name), form)
    index = np.arange(len(t.lower))
    cues = []
    for flag in (INTRODUCE, USE, COMPARE, ON):
        seen = np.maximum.accumulate(np.where((t.words & flag) != 0, index, -1))[s - 1]
        near = (seen >= 0) & (s - seen <= _REACH)
        near &= t.sentence[np.maximum(seen, 0)] == t.sentence[s]
        cues.append(np.where(near, np.minimum((s - seen + 1) // 2, 3), 0))
    yield _whole(cues[0])
    yield _whole(cues[1])
    yield _whole(cues[2])
    together = (cues[0] > 0) * 8 + (cues[1] > 0) * 4 + (cues[2] > 0) * 2 + (cues[3] > 0)
    yield _pair(_whole(together), form)
    yield _pair(_whole(cues[0] + 4 * title_name), form)
    # The nearest cue word itself.
    seen = np.maximum.accumulate(np.where((t.words & (INTRODUCE | USE | COMPARE)) != 0, index, -1))[s - 1]
    near = (seen >= 0) & (t.sentence[np.maximum(seen, 0)] == t.sentence[s]) & (s - seen <= 12)
    yield np.where(near, t.lower[np.maximum(seen, 0)], np.uint64(0))
    yield _pair(_whole(c.pair), form)
    after = ((t.words[e] & GENERIC) != 0) * 2 + ((t.words[e] & HEAD) != 0)
    yield _pair(_whole(after), form)
    inside = (t.shapes[s - 1] & 2) + ((t.shapes[e] & 2) << 1)
    yield _pair(_whole(inside), form)
    times = _times(c)
    yield _pair(_whole(times), form)
    yield _whole(c.cue)
    yield from _generic(c, form)


def _generic(c: Candidates, form: Hashes) -> Iterator[Hashes]:
    """The nearest words for data, and the nearest generic words, on either side in the sentence."""
    t, s, e = c.tokens, c.start, c.end
    size = len(t.lower)
    index = np.arange(size)
    for flag in (DATA, GENERIC):
        marked = (t.words & flag) != 0
        left = np.maximum.accumulate(np.where(marked, index, -1))[s - 1]
        right = np.minimum.accumulate(np.where(marked, index, size)[::-1])[::-1][e]
        near_left = (left >= 0) & (t.sentence[np.maximum(left, 0)] == t.sentence[s])
        near_right = (right < size) & (t.sentence[np.minimum(right, size - 1)] == t.sentence[s])
        far_left = np.where(near_left, np.searchsorted([1, 3, 7, 15], s - left), 7)
        far_right = np.where(near_right, np.searchsorted([1, 2, 4, 8, 16], right - e + 1), 7)
        yield _pair(_whole(far_left * 8 + far_right), form)
        near_right &= right - e < 12
        near_left &= s - left < 12
        yield _pair(np.where(near_right, t.lower[np.minimum(right, size - 1)], np.uint64(0)), form)
        yield _pair(np.where(near_left, t.lower[np.maximum(left, 0)], np.uint64(0)), form)


def _times(c: Candidates) -> Ints:
    """How often the same words are a candidate in the paper, to 4; in the title as well: + 8."""
    t, s, e = c.tokens, c.start, c.end
    key = _pair(_pair(t.lower[s], t.lower[e - 1]), _pair(t.lower[(s + e) // 2], _whole(e - s)))
    key = _pair(key, _whole(c.doc))
    unique, inverse, counts = np.unique(key, return_inverse=True, return_counts=True)
    title = np.zeros(len(unique), dtype=np.int64)
    np.maximum.at(title, inverse, t.in_title[s].astype(np.int64))
    return np.minimum(counts[inverse], 4) + 8 * title[inverse]


def _known(prior: Prior) -> list[Hashes]:
    papers = np.searchsorted([1, 2, 3, 6, 16], prior.papers, side="right")
    share = prior.counts / np.maximum(prior.papers, 1)[:, None]
    level = np.searchsorted([0.0001, 0.15, 0.35, 0.55, 0.75, 0.92], share, side="right")
    columns = [_whole(level[:, k] * 8 + papers) for k in range(len(CLASSES))]
    columns.append(_whole(prior.listed + 1))
    best = share.argmax(axis=1)
    top = level[np.arange(len(best)), best] if len(best) else best
    columns.append(_whole(np.where(prior.papers > 0, (best + 1) * 64 + top * 8 + papers, prior.listed + 1)))
    return columns


def _seen(prior: Prior) -> list[Hashes]:
    papers = np.searchsorted([1, 6, 16, 64], prior.corpus_papers, side="right")
    level = np.searchsorted([5, 15, 30, 45, 60, 75, 90], prior.corpus, side="right")
    columns = [_whole(level[:, k] * 8 + papers) for k in range(len(CLASSES))]
    best = prior.corpus.argmax(axis=1)
    top = level[np.arange(len(best)), best] if len(best) else best
    columns.append(_whole(np.where(prior.corpus_papers > 0, (best + 1) * 64 + top * 8 + papers, 0)))
    return columns


def _colon() -> np.uint64:
    from spacy.strings import get_string_id

    return np.uint64(get_string_id(":"))


_COLON = _colon()
