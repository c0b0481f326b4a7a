"""The network of kg/extract/context.py in PyTorch, to be trained, and its conversion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from kg.extract.candidates import GAP
from kg.extract.context import LONGEST, SUFFIX_BITS, SUFFIXES, WIDE_SHARE, Context, Convolution
from kg.extract.decide import LABELS

from .reading import Read

__all__ = ["Batch", "Net", "Tables", "batch", "context", "tables"]

WIDTH, HIDDEN, SMALL, FLAG = 96, 128, 16, 4
DILATIONS = (1, 2, 4)
SHAPES = 255  # the most frequent ones have vectors of their own
FLAGS, BETWEEN = 5, 4
DROPOUT, WORD_DROPOUT = 0.2, 0.06
_MIX = np.uint64(0x9E3779B97F4A7C15)
_LEAST = 1e-6


class Tables(NamedTuple):
    """The hashes of words and shapes that have vectors, ascending, and the words' vectors to begin with."""

    words: NDArray[np.uint64]
    vectors: NDArray[np.float32]
    shapes: NDArray[np.uint64]


def tables(words: NDArray[np.uint64], vectors: NDArray[np.float32], read: Read) -> Tables:
    found, counts = np.unique(read.shape, return_counts=True)
    return Tables(words, vectors, np.sort(found[np.argsort(-counts, kind="stable")[:SHAPES]]))


def _rows(known: NDArray[np.uint64], asked: NDArray[np.uint64]) -> NDArray[np.int64]:
    at = np.searchsorted(known, asked)
    at[at == len(known)] = 0
    return np.where(known[at] == asked, at + 1, 0)


class Batch(NamedTuple):
    """Papers one after another with GAP empty tokens between them. `paper` is -1 there; `of` is the paper of each
    candidate, `number` its row of the Read."""

    word: Tensor
    shape: Tensor
    suffix: Tensor
    flag: Tensor
    paper: Tensor
    start: Tensor
    end: Tensor
    of: Tensor
    logs: Tensor
    target: Tensor
    number: NDArray[np.int64]
    papers: int


def batch(read: Read, papers: Sequence[int] | NDArray[np.int64], t: Tables) -> Batch:
    tokens, paper, start, end, of, number = [], [np.full(GAP, -1)], [], [], [], []
    at = GAP
    for k, p in enumerate(papers):
        a, b, mine = read.first[p], read.first[p + 1], np.arange(read.mine[p], read.mine[p + 1])
        tokens.append(np.arange(a, b))
        paper += [np.full(b - a, k), np.full(GAP, -1)]
        start.append(read.start[mine] + at)
        end.append(read.end[mine] + at)
        of.append(np.full(len(mine), k))
        number.append(mine)
        at += int(b - a) + GAP
    some, where, row = np.concatenate(tokens), np.concatenate(paper), np.concatenate(number)

    def spread(values: NDArray[np.int64], between: int = 0) -> Tensor:
        result = np.full(len(where), between)
        result[where >= 0] = values
        return torch.from_numpy(result)

    suffix = ((read.suffix[some] * _MIX) >> np.uint64(64 - SUFFIX_BITS)).astype(np.int64)
    return Batch(
        spread(_rows(t.words, read.lower[some])),
        spread(_rows(t.shapes, read.shape[some])),
        spread(suffix),
        spread(read.flags[some], BETWEEN),
        torch.from_numpy(where),
        torch.from_numpy(np.concatenate(start)),
        torch.from_numpy(np.concatenate(end)),
        torch.from_numpy(np.concatenate(of)),
        torch.from_numpy(np.log(read.wide[row] + np.float32(_LEAST))),
        torch.from_numpy(read.target[row]),
        row,
        len(papers),
    )


class Net(nn.Module):
    """A Batch -> the logarithms of unnormalised probabilities, a row a candidate."""

    def __init__(self, t: Tables) -> None:
        super().__init__()
        scaled = t.vectors / np.linalg.norm(t.vectors, axis=1).mean()
        other = np.zeros((1, scaled.shape[1]), dtype=np.float32)
        self.word = nn.Embedding.from_pretrained(torch.from_numpy(np.concatenate([other, scaled])), freeze=False)
        self.shape, self.suffix = nn.Embedding(len(t.shapes) + 1, SMALL), nn.Embedding(SUFFIXES, SMALL)
        self.flag = nn.Embedding(FLAGS, FLAG)
        self.inputs = nn.Linear(scaled.shape[1] + 2 * SMALL + FLAG, WIDTH)
        self.convolutions = nn.ModuleList(nn.Linear(3 * WIDTH, 2 * WIDTH) for _ in DILATIONS)
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in DILATIONS)
        self.length = nn.Embedding(LONGEST + 1, SMALL)
        self.hidden = nn.Linear(6 * WIDTH + SMALL + len(LABELS), HIDDEN)
        self.output = nn.Linear(HIDDEN, len(LABELS))
        # It begins as the log-linear model.
        nn.init.zeros_(self.output.weight)
        nn.init.zeros_(self.output.bias)
        self.trust = nn.Parameter(torch.ones(1))
        self.dropout = nn.Dropout(DROPOUT)

    def states(self, b: Batch) -> Tensor:
        word = b.word
        if self.training:
            word = torch.where(torch.rand(word.shape) < WORD_DROPOUT, torch.zeros_like(word), word)
        x = torch.cat([self.word(word), self.shape(b.shape), self.suffix(b.suffix), self.flag(b.flag)], -1)
        real = (b.paper >= 0).float().unsqueeze(1)
        h: Tensor = self.inputs(self.dropout(x)) * real
        for away, convolution, norm in zip(DILATIONS, self.convolutions, self.norms, strict=True):
            around = torch.cat([torch.roll(h, away, 0), h, torch.roll(h, -away, 0)], -1)
            one, other = convolution(around).chunk(2, -1)
            h = (h + self.dropout(norm(torch.maximum(one, other)))) * real
        return h

    def forward(self, b: Batch) -> Tensor:
        h = self.states(b)
        real = b.paper >= 0
        sums = torch.zeros(b.papers, h.shape[1]).index_add_(0, b.paper[real], h[real])
        means = sums / torch.bincount(b.paper[real], minlength=b.papers).unsqueeze(1)
        running = torch.cat([torch.zeros(1, h.shape[1]), h.cumsum(0)])
        length = b.end - b.start
        mean = (running[b.end] - running[b.start]) / length.unsqueeze(1)
        ends = (h[b.start], h[b.end - 1], mean, h[b.start - 1], h[b.end], means[b.of])
        seen = torch.cat([*ends, self.length(length.clamp(max=LONGEST)), b.logs * WIDE_SHARE], -1)
        said: Tensor = self.output(self.dropout(torch.relu(self.hidden(self.dropout(seen)))))
        return said + self.trust * b.logs


def context(net: Net, t: Tables) -> Context:
    """The same network as kg runs it."""

    def of(parameter: Tensor) -> NDArray[np.float32]:
        return np.asarray(parameter.detach().numpy(), dtype=np.float32)

    layers = zip(DILATIONS, net.convolutions, net.norms, strict=True)
    return Context(
        words=t.words,
        word_vectors=of(net.word.weight),
        shapes=t.shapes,
        shape_vectors=of(net.shape.weight),
        suffix_vectors=of(net.suffix.weight),
        flag_vectors=of(net.flag.weight),
        input_weights=of(net.inputs.weight),
        input_bias=of(net.inputs.bias),
        convolutions=tuple(Convolution(k, of(c.weight), of(c.bias), of(n.weight), of(n.bias)) for k, c, n in layers),
        length_vectors=of(net.length.weight),
        hidden_weights=of(net.hidden.weight),
        hidden_bias=of(net.hidden.bias),
        output_weights=of(net.output.weight),
        output_bias=of(net.output.bias),
        trust=float(net.trust.detach()[0]),
    )
