"""A small network that reads each candidate in its context, and corrects the log-linear judgement of it.

Words become vectors (of the word, its shape, its ending, and whether it is glued on or in the title), three dilated
convolutions with maxout and residual connections (Goodfellow et al. 2013; Yu and Koltun 2016) tell each of its
neighbourhood, and a hidden layer reads the vectors of a candidate's first and last word, of the words on either side,
their mean and the mean of the paper. What it says is added to the log-probabilities of the log-linear model (Cheng et
al. 2016, "Wide & deep learning"). Trained with training/context, run in numpy over all tokens of a batch at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.strings import get_string_id
from threadpoolctl import ThreadpoolController

from kg.extract.candidates import Candidates, Tokens
from kg.extract.weights import packed, softmax, unpacked

__all__ = ["LONGEST", "SUFFIXES", "WIDE_SHARE", "Context", "Convolution", "load_context", "save_context"]

Floats = NDArray[np.float32]
Hashes = NDArray[np.uint64]
Ints = NDArray[np.int64]

SUFFIX_BITS = 11
SUFFIXES = 1 << SUFFIX_BITS  # endings are hashed into so many rows
LONGEST = 12  # tokens from which on the length of a candidate makes no difference
WIDE_SHARE = 0.3  # scale of the log-probabilities among the inputs of the hidden layer
_MIX = np.uint64(0x9E3779B97F4A7C15)
_BLOCK = 1024  # tokens taken at once: what they become fits the cache, and an endless abstract the memory
_NORM = 1e-5
_TITLE, _GAP = 2, 4  # rows of the flags: glued on or not, twice that in the title; between papers
_CANDIDATES = 8192
_LEAST = 1e-6
_BREAK = np.uint64(get_string_id("\n"))  # twice where the title ends: text.SEPARATOR


class Convolution(NamedTuple):
    """`weights`: 2W rows of 3W (token before, token, token behind, `dilation` apart); `bias`: 2W; the two of W scale
    and shift the normalised maxima."""

    dilation: int
    weights: Floats
    bias: Floats
    scale: Floats
    shift: Floats


class Context(NamedTuple):
    """The tables have a row more than `words` and `shapes` have hashes (ascending): row 0 is for all others."""

    words: Hashes
    word_vectors: Floats
    shapes: Hashes
    shape_vectors: Floats
    suffix_vectors: Floats
    flag_vectors: Floats
    input_weights: Floats
    input_bias: Floats
    convolutions: tuple[Convolution, ...]
    length_vectors: Floats
    hidden_weights: Floats
    hidden_bias: Floats
    output_weights: Floats
    output_bias: Floats
    trust: float  # in the log-probabilities that are corrected

    def probabilities(self, c: Candidates, wide: Floats) -> Floats:
        """`wide`: one row a candidate, one column a label, each row adding up to 1. So is what comes back."""
        # The products are small: threads of numpy's would wait for each other, and for those of other workers (three
        # times the time on a busy machine).
        with _blas().limit(limits=1, user_api="blas"):
            return self._probabilities(c, wide)

    def _probabilities(self, c: Candidates, wide: Floats) -> Floats:
        states = self.states(c.tokens)
        means = _paper_means(states, c.tokens)
        result = np.empty_like(wide)
        for at in range(0, len(wide), _CANDIDATES):
            some = slice(at, at + _CANDIDATES)
            logs = np.log(wide[some] + np.float32(_LEAST))
            read = self._read(states, means[c.doc[some]], c.start[some], c.end[some], logs)
            result[some] = softmax(read + np.float32(self.trust) * logs)
        return result

    def states(self, t: Tokens) -> Floats:
        """One row a token, W columns; rows of 0 between papers."""
        flags = _flags(t)
        result = np.empty((len(t.lower), len(self.input_bias)), dtype=np.float32)
        margin = sum(layer.dilation for layer in self.convolutions)
        for at in range(0, len(result), _BLOCK):
            first, last = max(0, at - margin), min(len(result), at + _BLOCK + margin)
            states = self._encoded(t, flags, slice(first, last))
            result[at : at + _BLOCK] = states[at - first : at - first + _BLOCK]
        return result

    def _encoded(self, t: Tokens, flags: Ints, some: slice) -> Floats:
        real = (t.ends[some] > t.starts[some])[:, None]
        suffix = ((t.suffix[some] * _MIX) >> np.uint64(64 - SUFFIX_BITS)).astype(np.int64)
        inputs = (
            self.word_vectors[_rows(self.words, t.lower[some])],
            self.shape_vectors[_rows(self.shapes, t.shape[some])],
            self.suffix_vectors[suffix],
            self.flag_vectors[flags[some]],
        )
        states: Floats = np.concatenate(inputs, axis=1) @ self.input_weights.T
        states += self.input_bias
        states *= real
        for layer in self.convolutions:
            states += _convolved(states, layer)
            states *= real
        return states

    def _read(self, states: Floats, means: Floats, start: Ints, end: Ints, logs: Floats) -> Floats:
        length = end - start
        inputs = (
            states[start],
            states[end - 1],
            _mean(states, start, length),
            states[start - 1],
            states[end],
            means,
            self.length_vectors[np.minimum(length, LONGEST)],
            logs * np.float32(WIDE_SHARE),
        )
        hidden = np.concatenate(inputs, axis=1) @ self.hidden_weights.T
        hidden += self.hidden_bias
        np.maximum(hidden, 0, out=hidden)
        return np.asarray(hidden @ self.output_weights.T + self.output_bias)


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


def _flags(t: Tokens) -> Ints:
    """The row of the flags' table of each token. The title is what stands before the separator."""
    number = np.arange(len(t.lower))
    flags = t.glued.astype(np.int64)
    if len(t.first):
        breaks = t.lower == _BREAK
        breaks[:-1] &= breaks[1:]
        breaks[-1] = False
        paper = np.searchsorted(t.first, number, side="right") - 1
        ends = np.minimum.reduceat(np.where(breaks, number, len(number)), t.first)
        ends[ends == len(number)] = 0
        flags += _TITLE * (number < ends[np.maximum(paper, 0)])
    flags[t.ends <= t.starts] = _GAP
    return flags


def _rows(known: Hashes, asked: Hashes) -> Ints:
    at = np.searchsorted(known, asked)
    at[at == len(known)] = 0
    return np.where(known[at] == asked, at + 1, 0)


def _convolved(states: Floats, layer: Convolution) -> Floats:
    """What one layer adds to the states."""
    width = states.shape[1]
    before, here, behind = (layer.weights[:, i * width : (i + 1) * width] for i in range(3))
    sums = states @ here.T
    sums += layer.bias
    sums[layer.dilation :] += states[: -layer.dilation] @ before.T
    sums[: -layer.dilation] += states[layer.dilation :] @ behind.T
    best = np.maximum(sums[:, :width], sums[:, width:])
    best -= best.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", best, best) / np.float32(width)
    best *= (1 / np.sqrt(variance + np.float32(_NORM)))[:, None]
    best *= layer.scale
    best += layer.shift
    return np.asarray(best)


def _mean(states: Floats, start: Ints, length: Ints) -> Floats:
    """Summed token by token: differences of running sums would depend on what else is in the batch."""
    sums = states[start]
    for k in range(1, int(length.max(initial=0))):
        more = np.flatnonzero(length > k)
        sums[more] += states[start[more] + k]
    return np.asarray(sums / length[:, None].astype(np.float32))


def _paper_means(states: Floats, t: Tokens) -> Floats:
    """One row a paper: the mean of its tokens' rows; the rows between papers are 0."""
    if not len(t.first):
        return np.zeros((0, states.shape[1]), dtype=np.float32)
    real = (t.ends > t.starts).astype(np.int64)
    counts = np.maximum(np.add.reduceat(real, t.first), 1)
    return np.asarray(np.add.reduceat(states, t.first, axis=0) / counts[:, None].astype(np.float32))


_PLAIN = ("shape_vectors", "suffix_vectors", "flag_vectors", "input_weights", "input_bias", "length_vectors")
_LATE = ("hidden_weights", "hidden_bias", "output_weights", "output_bias")


def save_context(context: Context) -> bytes:
    """A numpy archive: word vectors in eight bits with a scale a row, all other weights in sixteen."""
    scale = np.abs(context.word_vectors).max(axis=1) / 127
    scale[scale == 0] = 1
    small = np.round(context.word_vectors / scale[:, None]).astype(np.int8)
    arrays: dict[str, NDArray[np.generic]] = dict(_named(context))
    arrays |= {"words": context.words, "shapes": context.shapes, "trust": np.array([context.trust], dtype=np.float32)}
    arrays |= {"word_vectors": small, "word_scales": scale.astype(np.float32)}
    return packed(**arrays)


def _named(context: Context) -> Iterator[tuple[str, NDArray[np.generic]]]:
    for name in (*_PLAIN, *_LATE):
        yield name, getattr(context, name).astype(np.float16)
    for i, layer in enumerate(context.convolutions):
        yield f"dilation_{i}", np.array([layer.dilation])
        for name in ("weights", "bias", "scale", "shift"):
            yield f"{name}_{i}", getattr(layer, name).astype(np.float16)


def load_context(data: bytes, path: Path | None = None) -> Context:
    """What save_context has written. Raises ModelError, which names `path`, where it does not read."""
    with unpacked(data, "the network", path) as file:
        vectors = file["word_vectors"].astype(np.float32) * file["word_scales"][:, None]
        number = sum(name.startswith("dilation_") for name in file.files)
        layers = tuple(
            Convolution(
                int(file[f"dilation_{i}"][0]),
                *(file[f"{name}_{i}"].astype(np.float32) for name in ("weights", "bias", "scale", "shift")),
            )
            for i in range(number)
        )
        rest = {name: file[name].astype(np.float32) for name in (*_PLAIN, *_LATE)}
        words, shapes, trust = file["words"], file["shapes"], float(file["trust"][0])
    return Context(words=words, word_vectors=vectors, shapes=shapes, convolutions=layers, trust=trust, **rest)
