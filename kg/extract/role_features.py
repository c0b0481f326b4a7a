"""What is asked of an entity to tell its role: the words around each of its mentions, where they stand, and whether the
name is known from elsewhere.

As in features.py a feature is a slot and a value hashed into one of BUCKETS numbers, for all mentions of a batch at
once. Bucket 0 stands for no answer (the sentence is too short for it). Datasets and methods have weights of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.strings import get_string_id
from spacy.tokens import Doc

from kg.extract.lookup import Table
from kg.extract.notes import columns, offsets

__all__ = ["BUCKETS", "Known", "Place", "Places", "entity_sums", "known", "places", "role_features"]

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]

BITS = 14
BUCKETS = 1 << BITS
_GAP = 20  # empty tokens between Docs; more than any feature looks to either side
_LEFT, _RIGHT, _OPENING = 10, 5, 5  # tokens of the sentence that are read on either side, and where it opens
_SHIFT = np.uint64(64 - BITS)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_MIX_2 = np.uint64(0xC2B2AE3D27D4EB4F)
_MIX_3 = np.uint64(0x165667B19E3779F9)
# The words that tell what is done with a name, by what they say; the nearest ones count.
_CUES = {
    "make": """annotate annotated assemble build building builds built call called collect collected collecting compile
        compiled compiling constitute construct constructed constructing constructs contribute contributes
        contribution contributions create created creates creating curate curated describe described describes
        design designed develop developed developing develops devise devised dubbed establish formulate introduce
        introduced introduces introducing launch named namely offer offers present presented presenting presents
        propose proposed proposes proposing provide provides publish release released releases releasing
        resulting term termed yield yielding yields""",
    "own": "comprehensive first forthcoming i.e large-scale new newly novel our",
    "use": """accuracy achieve achieves adapt adopt adopts applied apply applying based combine combines combining
        conducted demonstrate demonstrates employ employing employs evaluate evaluated evaluating evaluation
        evaluations experiment experimental experiments extend extending extends fine finetune finetuning
        integrates integrating leverage leverages leveraging participated performance pretrained pretraining
        result results show shows state submission test tested testing tests train trained training use used uses
        using utilize utilizing validate validated via""",
    "beat": """against alternatives baseline baselines beat beats better comparable compare compared comparison
        comparisons competitive contrast exceed exceeds instead outperform outperformed outperforming outperforms
        over rather replacing superior surpass surpasses surpassing than unlike versus vs""",
    "others": """akin although as been can conventional could current despite existing has have however including
        inspired like limited many may might most often popular previous prior recent recently relies rely standard
        style such suffer traditional typically whereas while widely would""",
    "derive": "based built converted derived extended extension from in of on part subset using version",
    "data": """benchmark benchmarks challenge collection corpora corpus data database dataset datasets leaderboard
        resource resources suite testbed treebank""",
    "method": """algorithm algorithms approach approaches architecture architectures framework frameworks loss method
        methods model models module network networks system systems technique techniques""",
    "we": "our paper this we work",
}


class Place(NamedTuple):
    """A mention: index of its Doc, of its entity, of its class in CLASSES, first token, last token + 1."""

    doc: int
    entity: int
    cls: int
    start: int
    end: int


class Places(NamedTuple):
    """The mentions of a batch, one after another by entity, over the tokens of its Docs with gaps between them."""

    lower: Hashes
    sentence: Ints  # running number over the batch
    opens: Ints  # the first token of each sentence
    first: Ints  # of each mention, the first sentence of its Doc
    last: Ints  # of each mention, the last sentence of its Doc
    entity: Ints
    cls: Ints
    start: Ints
    end: Ints
    row: Ints  # of the lexicon's table, -1 for none
    cue: Ints  # index in cues.CUES, -1 for none


class Known(NamedTuple):
    """What the lexicon knows of each mention: annotated papers, class of the lists (-1 for none), unlabelled papers."""

    papers: Ints
    listed: Ints
    corpus: Ints


def places(docs: Sequence[Doc], found: Sequence[Place]) -> Places:
    """`found` in order of entities, which count up from 0."""
    size = sum(map(len, docs)) + _GAP * (len(docs) + 1)
    lower = np.zeros(size, dtype=np.uint64)
    opens = np.zeros(size, dtype=np.int64)
    at = _GAP
    firsts, hits, cues = [], [np.zeros((0, 3), dtype=np.int64)], [np.zeros((0, 3), dtype=np.int64)]
    for doc in docs:
        n = len(doc)
        firsts.append(at)
        if n:
            lower[at : at + n] = columns(doc)[:, 2]
            sentences = doc.user_data.get("kg.opens")
            if sentences is None:
                sentences = offsets(doc).starts.searchsorted(doc.user_data.get("kg.sentences", [0]))
            opens[at + sentences[sentences < n]] = 1
            if (mine := doc.user_data.get("kg.hits")) is not None:
                hits.append(mine + np.array([at, at, 0]))
            if announced := doc.user_data.get("kg.cues"):
                cues.append(np.array(announced, dtype=np.int64) + np.array([at, at, 0]))
        opens[at + n] = 1
        at += n + _GAP
    sentence = np.cumsum(opens)
    first = np.array(firsts, dtype=np.int64)
    doc_of, entity, cls, start, end = np.array(found, dtype=np.int64).reshape(-1, 5).T
    start, end = start + first[doc_of], end + first[doc_of]
    after = np.append(first[1:], size) - 1
    begins = np.concatenate([[0], np.flatnonzero(opens)])
    row = _rows(np.concatenate(hits), start, end, size)
    cue = _rows(np.concatenate(cues), start, end, size)
    # The gap behind a Doc is a sentence of its own.
    first_of, last_of = sentence[first][doc_of], sentence[after][doc_of] - 1
    return Places(lower, sentence, begins, first_of, last_of, entity, cls, start, end, row, cue)


def _rows(hits: Ints, start: Ints, end: Ints, size: int) -> Ints:
    if not len(hits):
        return np.full(len(start), -1, dtype=np.int64)
    keys = hits[:, 0] * size + hits[:, 1]
    order = np.argsort(keys)
    wanted = start * size + end
    at = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    return np.where(keys[order][at] == wanted, hits[order[at], 2], -1)


def known(p: Places, t: Table) -> Known:
    """What the lexicon knows of the mentions."""
    return Known(t.papers[p.row], t.listed[p.row], t.corpus_papers[p.row])


def role_features(p: Places, k: Known) -> NDArray[np.int64]:
    """One row a mention, one column a question; a number below BUCKETS for a dataset, below twice that for a method."""
    slots, answers = [], []
    for slot, values in _values(p, k):
        rows = values.reshape(-1, len(p.start))
        slots += [slot] * len(rows)
        answers.append(rows)
    values = np.concatenate(answers)
    mixed = values + np.array(slots, dtype=np.uint64)[:, None]
    mixed *= _MIX
    mixed ^= mixed >> np.uint64(29)
    mixed *= _MIX_2
    mixed >>= _SHIFT
    mixed[values == 0] = 0
    return (mixed.astype(np.int64) + np.where(p.cls == 0, 0, BUCKETS)).T


def entity_sums(weights: NDArray[np.float32], rows: Ints, entity: Ints) -> NDArray[np.float32]:
    """The weights of all features of each entity's mentions added up, a column of `weights` a column."""
    sums = weights[rows.T].sum(axis=0)
    opens = np.flatnonzero(np.diff(entity, prepend=-1))
    return np.asarray(np.add.reduceat(sums, opens, axis=0))


def _pair(a: Hashes, b: Hashes) -> Hashes:
    """0 where either is."""
    return np.where((a == 0) | (b == 0), np.uint64(0), (a * _MIX_2) ^ (b * _MIX_3))


def _whole(numbers: Ints) -> Hashes:
    return numbers.astype(np.uint64) + np.uint64(1)


def _values(p: Places, k: Known) -> Iterator[tuple[int, Hashes]]:
    """(slot, answers); several columns may share a slot, whose answers are then a bag."""
    s, e, here = p.start, p.end, p.sentence[p.start]
    left = _word(p, s - np.arange(1, _LEFT + 1)[:, None], here)
    right = _word(p, e + np.arange(_RIGHT)[:, None], here)
    opening = _word(p, p.opens[here] + np.arange(_OPENING)[:, None], here)
    yield 1, left
    yield 2, right
    yield 3, _pair(left[1:], left[:-1])
    yield 4, _pair(right[:-1], right[1:])
    yield 5, opening
    yield 6, _pair(opening[:-1], opening[1:])
    yield from ((10 + i, left[i]) for i in range(4))
    yield from ((14 + i, right[i]) for i in range(3))
    yield 20, _pair(left[0], right[0])
    yield 21, _pair(_pair(left[2], left[1]), left[0])
    yield 22, _pair(_pair(right[0], right[1]), right[2])
    # The name itself.
    yield 23, p.lower[s]
    yield 24, p.lower[e - 1]
    yield 25, _pair(p.lower[s], p.lower[e - 1])
    yield 26, _whole(p.cls)
    yield 27, _whole(np.minimum(e - s, 6))
    yield from _place(p, here)
    papers = _whole(np.searchsorted([1, 2, 4, 10, 30], k.papers, side="right"))
    corpus = _whole(np.searchsorted([1, 6, 16, 64], k.corpus, side="right"))
    yield 40, papers
    yield 41, _whole(k.listed + 1)
    yield 42, corpus
    together = _pair(_pair(papers, corpus), _whole((k.listed >= 0).astype(np.int64)))
    yield 43, together
    yield 44, _pair(together, _whole(p.cls))
    for i in range(3):
        yield 45 + i, _pair(together, left[i])
    yield 48, _pair(together, right[0])
    novel = _whole((k.papers > 0) * 1 + (k.listed >= 0) * 2 + (k.corpus >= 6) * 4)
    yield from _cue(p, here, novel)
    announced = _whole(p.cue + 1)
    yield 49, announced
    yield 59, _pair(announced, _whole(p.cls))
    yield 69, _pair(announced, novel)


def _word(p: Places, at: Ints, here: Ints) -> Hashes:
    """The word there, 0 where another sentence has begun."""
    return np.where(p.sentence[at] == here, p.lower[at], np.uint64(0))


def _cue(p: Places, here: Ints, novel: Hashes) -> Iterator[tuple[int, Hashes]]:
    """For each sort of telling words the nearest one on either side, how far it is, and what comes together."""
    cls = _whole(p.cls)
    at = _CUE_HASHES.searchsorted(p.lower)
    at[at == len(_CUE_HASHES)] = 0
    sorts = np.where(_CUE_HASHES[at] == p.lower, _CUE_SORTS[at], 0)
    far_left, far_right, words = [], [], []
    for slot in range(len(_CUES)):
        telling = np.concatenate([[0], np.flatnonzero(sorts & (1 << slot)), [len(sorts) - 1]])
        before = telling[telling.searchsorted(p.start) - 1]
        after = telling[telling.searchsorted(p.end)]
        word = _word(p, before, here)
        words.append(word)
        yield 60 + slot, word
        far_left.append(np.where(word != 0, p.start - before, 99))
        far_right.append(np.where(_word(p, after, here) != 0, after - p.end, 99))
        close = _whole(np.searchsorted([2, 3, 5, 9, 16, 30], far_left[-1], side="right"))
        yield 70 + slot, close
        yield 80 + slot, _pair(close, novel)
        yield 90 + slot, _whole(np.searchsorted([1, 2, 4, 8, 16, 30], far_right[-1], side="right"))
    # Which sort is nearest, of those that say what is done, and whether "we" stands before it.
    left = np.stack(far_left[:5])
    nearest = left.argmin(axis=0)
    none = left.min(axis=0) == 99
    nearest[none] = 5
    doer = far_left[-1] < 99
    near = _whole(nearest * 2 + doer)
    yield 100, near
    yield 101, _pair(near, novel)
    yield 102, _pair(near, cls)
    verb = np.stack([far_left[0], far_left[2], far_left[3], far_left[4]])
    verbs = verb.argmin(axis=0)
    verbs[verb.min(axis=0) == 99] = 4
    yield 103, _pair(_whole(verbs), novel)
    yield 104, _pair(_pair(_whole(verbs), novel), cls)
    present = sum((f < 99).astype(np.int64) << i for i, f in enumerate(far_left[:5]))
    yield 105, _whole(np.asarray(present))
    yield 106, _pair(_whole(np.asarray(present)), novel)
    yield 107, _pair(_pair(words[0], words[5]), novel)
    yield 108, _pair(_whole(verbs), _whole(np.minimum(far_right[6], 4)))
    yield 109, _pair(_pair(_whole(verbs), _whole(np.minimum(far_right[6], 4))), novel)
    # All that the entity's mentions say of it together.
    made = np.bincount(p.entity, weights=verbs == 0) > 0
    used = np.bincount(p.entity, weights=verbs == 1) > 0
    beaten = np.bincount(p.entity, weights=verbs == 2) > 0
    said = _whole(made * 4 + used * 2 + beaten)[p.entity]
    yield 110, said
    yield 111, _pair(said, novel)
    yield 112, _pair(_pair(said, novel), cls)


def _place(p: Places, here: Ints) -> Iterator[tuple[int, Hashes]]:
    ahead, behind = np.minimum(here - p.first, 6), np.minimum(np.maximum(p.last - here, 0), 3)
    title = (ahead == 0).astype(np.int64)
    opens = (p.start == p.opens[here]).astype(np.int64)
    colon = (p.lower[p.end] == _COLON).astype(np.int64)
    behind_colon = (np.maximum.accumulate(np.where(p.lower == _COLON, p.sentence, 0))[p.start - 1] == here).astype(
        np.int64
    )
    yield 50, _whole(ahead)
    yield 51, _whole(behind)
    yield 52, _whole(title * 8 + opens * 4 + colon * 2 + behind_colon)
    yield 53, _pair(_whole(title * 8 + opens * 4 + colon * 2 + behind_colon), _whole(p.cls))
    # How often, and how far apart, the entity is spoken of.
    n = np.bincount(p.entity)
    times = n[p.entity]
    in_title = np.bincount(p.entity, weights=title) > 0
    yield 54, _whole(np.minimum(times, 6) * 2 + in_title[p.entity])
    yield 55, _pair(_whole(np.minimum(times, 6) * 2 + in_title[p.entity]), _whole(p.cls))
    brackets = (p.lower[p.start - 1] == _OPEN).astype(np.int64) * 2 + (p.lower[p.end] == _CLOSE)
    yield 56, _whole(brackets)
    yield 57, _pair(_whole(brackets), _whole(p.cls))
    yield 58, _pair(_whole(ahead), _whole(np.minimum(times, 3)))


def _hash(word: str) -> np.uint64:
    return np.uint64(get_string_id(word))


def _cue_table() -> tuple[Hashes, Ints]:
    """The telling words by hash, ascending, and a bit for each sort that they belong to."""
    sorts: dict[int, int] = {}
    for i, words in enumerate(_CUES.values()):
        for w in words.split():
            h = int(get_string_id(w))
            sorts[h] = sorts.get(h, 0) | 1 << i
    order = sorted(sorts)
    return np.array(order, dtype=np.uint64), np.array([sorts[h] for h in order], dtype=np.int64)


_CUE_HASHES, _CUE_SORTS = _cue_table()
_COLON, _OPEN, _CLOSE = _hash(":"), _hash("("), _hash(")")
