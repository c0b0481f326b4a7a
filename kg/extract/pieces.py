"""What the transformer reads: word pieces, the looks of the words, and windows over a text that is too long for it.

Words are given by their characters: at run time the tokens of a Doc, in training what kg's tokenizer would make.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["LONGEST", "PLACES", "SHAPES", "Pieces", "Reader", "Window", "windows"]

Ints = NDArray[np.int64]

LONGEST = 512  # pieces that the network has places for, the opening and the closing one counted
OVERLAP = 128  # pieces that two windows share: each word is judged where it has 64 or more on both sides
SHAPES, PLACES = 9, 4  # kinds of shapes (of words and of chunks) and of places; 0 is that of no word

_WORD_MOST = 64  # pieces of one word: a run of a million Chinese characters is one word
_CHARACTERS_MOST = 101  # of a word, what WordPiece looks at: longer ones are unknown to it
_REMEMBERED = 100_000  # words
_CHUNK = re.compile(r"\S+")
_OPENS = re.compile(r"[.!?:\n]\s{1,3}(?=\S)")


class Pieces(NamedTuple):
    """`ids` and `shapes` (shape of the word, of the white-space chunk around it, place) have a row a piece, `first`
    has the first piece of each word."""

    ids: Ints
    shapes: Ints
    first: Ints

    def window(self, start: int, end: int) -> Pieces:
        """The words [start, end) on their own."""
        a = int(self.first[start])
        b = int(self.first[end]) if end < len(self.first) else len(self.ids)
        return Pieces(self.ids[a:b], self.shapes[a:b], self.first[start:end] - a)


class Window(NamedTuple):
    """Words [start, end) are read together; those of [kept_from, kept_to) are judged there."""

    start: int
    end: int
    kept_from: int
    kept_to: int


class Reader:
    """Cuts words into pieces. Words seen before are remembered."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        self._known: dict[str, tuple[list[int], int]] = {}
        self.opening, self.unknown, self.closing = map(self._id, ("[CLS]", "[UNK]", "[SEP]"))

    @classmethod
    def open(cls, file: Path) -> Reader:
        """From a tokenizer.json."""
        from tokenizers import Tokenizer

        return cls(Tokenizer.from_file(str(file)))

    def _id(self, piece: str) -> int:
        known = self._tokenizer.token_to_id(piece)
        if known is None:
            raise ValueError(f"the tokenizer has no piece {piece}")
        return int(known)

    def read(self, text: str, starts: Sequence[int], ends: Sequence[int]) -> Pieces:
        """The pieces of the words text[start:end]; no word is empty or has white space at its start."""
        ids: list[int] = []
        first, shapes = [], []
        for start, end in zip(starts, ends, strict=True):
            pieces, shape = self._word(text[start : min(end, start + _CHARACTERS_MOST)])
            first.append(len(ids))
            shapes.append(shape)
            ids += pieces
        per_word = np.stack([np.array(shapes, dtype=np.int64), *_surroundings(text, starts)], axis=1)
        counts = np.diff([*first, len(ids)])
        return Pieces(np.array(ids, dtype=np.int64), per_word.repeat(counts, axis=0), np.array(first, dtype=np.int64))

    def closed(self, part: Pieces) -> Pieces:
        """With the opening and the closing piece, which the network expects."""
        ids = np.concatenate([[self.opening], part.ids, [self.closing]])
        return Pieces(ids, np.pad(part.shapes, ((1, 1), (0, 0))), part.first + 1)

    def _word(self, word: str) -> tuple[list[int], int]:
        known = self._known.get(word)
        if known is None:
            ids = self._tokenizer.encode(word, add_special_tokens=False).ids[:_WORD_MOST]
            known = ids or [self.unknown], _shape(word)
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[word] = known
        return known


def windows(first: Ints, pieces: int) -> Iterator[Window]:
    """Windows of at most LONGEST pieces over all words; one where they fit."""
    bounds = np.append(first, pieces)
    start = kept = 0
    while True:
        end = int(bounds.searchsorted(bounds[start] + LONGEST - 2, side="right")) - 1
        if end >= len(first):
            yield Window(start, len(first), kept, len(first))
            return
        middle = int(bounds.searchsorted(bounds[end] - OVERLAP // 2))
        yield Window(start, end, kept, middle)
        start, kept = int(bounds.searchsorted(bounds[end] - OVERLAP)), middle


def _surroundings(text: str, starts: Sequence[int]) -> tuple[Ints, Ints]:
    """For each word: 1 + flags of the white-space chunk that it stands in (hyphen, digit, capital inside), and its
    place (1 inside a sentence, 2 at the start of one, 3 in the title)."""
    at = np.asarray(starts, dtype=np.int64)
    chunks = list(_CHUNK.finditer(text))
    flags = np.array([_chunk_shape(c.group()) for c in chunks] or [1], dtype=np.int64)
    ends = np.array([c.end() for c in chunks], dtype=np.int64)
    chunk = flags[np.minimum(ends.searchsorted(at, side="right"), len(flags) - 1)]
    opens = np.isin(at, [0, *(m.end() for m in _OPENS.finditer(text))])
    return chunk, np.where(at < text.find("\n\n"), 3, np.where(opens, 2, 1))


def _shape(word: str) -> int:
    tests = (
        not word[0].isalnum(),
        word.isdigit(),
        any(c.isdigit() for c in word),
        word.islower(),
        len(word) > 1 and word.isupper(),
        word[0].isupper() and word[1:].islower(),
        len(word) == 1,
        True,
    )
    return 1 + tests.index(True)


def _chunk_shape(chunk: str) -> int:
    core = chunk.strip(".,;:()[]")
    return 1 + (("-" in core) | any(c.isdigit() for c in core) << 1 | any(c.isupper() for c in core[1:]) << 2)
