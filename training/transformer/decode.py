"""From probabilities of tags to spans, to score the network by itself. The product leaves that to its scorer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from kg.extract.opinions import CLASSES, TAGS

__all__ = ["best_path", "f1", "spans_of"]

Places = set[tuple[int, int, str]]  # (first word, last word + 1, class)


def _transitions() -> NDArray[np.float32]:
    """0 where tag j may follow tag i, else a large negative number; the last row is the start."""
    table = np.zeros((len(TAGS) + 1, len(TAGS)), dtype=np.float32)
    for j, after in enumerate(TAGS):
        for i, before in enumerate((*TAGS, "O")):
            if after[0] == "I" and before[2:] != after[2:]:
                table[i, j] = -1e4
    return table


_TRANSITIONS = _transitions()


def best_path(scores: NDArray[np.float32]) -> list[int]:
    """The likeliest sequence of tags in which no I lacks its B (Viterbi). `scores`: log-probabilities, a row a word."""
    if not len(scores):
        return []
    value = scores[0] + _TRANSITIONS[-1]
    back = []
    for row in scores[1:]:
        ways = value[:, None] + _TRANSITIONS[:-1]
        back.append(ways.argmax(0))
        value = ways.max(0) + row
    path = [int(value.argmax())]
    for best in reversed(back):
        path.append(int(best[path[-1]]))
    return path[::-1]


def spans_of(tags: Sequence[int]) -> Places:
    found = set()
    for at, tag in enumerate(tags):
        if TAGS[tag][0] == "B":
            end = at + 1
            while end < len(tags) and tags[end] == tag + 1:
                end += 1
            found.add((at, end, TAGS[tag][2:]))
    return found


def f1(pairs: Iterable[tuple[Places, Places]]) -> dict[str, float]:
    """F1 of exact spans by class and over all, of (gold, found) for each paper."""
    both, either = dict.fromkeys((*CLASSES, "all"), 0), dict.fromkeys((*CLASSES, "all"), 0)
    for gold, found in pairs:
        for spans, sums, times in ((gold & found, both, 2), (gold, either, 1), (found, either, 1)):
            for *_, cls in spans:
                sums[cls] += times
                sums["all"] += times
    return {key: round(both[key] / either[key], 4) for key in both if either[key]}
