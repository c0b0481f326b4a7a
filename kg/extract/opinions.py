"""What the transformer thinks of a stretch of text: its judgement of single words, made one of whole candidates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

__all__ = ["CLASSES", "OPINIONS", "ROLES", "TAGS", "TAGS_NOTE", "TAG_ROLES_NOTE", "laid_out", "opinions"]

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

CLASSES = ("Dataset", "Named", "Technique", "Task")
TAGS = ("O", *(f"{bi}-{cls}" for cls in CLASSES for bi in "BI"))
ROLES = ("uses", "introduces", "compares", "mentions")
OPINIONS = ("none", *CLASSES, *ROLES)

TAGS_NOTE, TAG_ROLES_NOTE = "kg.tags", "kg.tag_roles"  # where they stand in doc.user_data

_BEGIN, _INSIDE = slice(1, None, 2), slice(2, None, 2)  # columns of TAGS
_LEAST = -12.0  # a log-probability below it says no more
_SURE = 0.9999
_LEFT = 1e-4  # the least probability of none
_OUTSIDE = -20.0


def laid_out(docs: Sequence[Doc], first: Ints, size: int) -> tuple[Floats, Floats] | None:
    """The notes of the Docs in arrays of `size` rows, those of a Doc from the row `first` says on; between them stands
    what ends every name. None where a Doc has no notes: the pipeline has no transformer."""
    tags = np.full((size, len(TAGS)), _OUTSIDE, dtype=np.float32)
    tags[:, 0] = 0
    roles = np.zeros((size, len(ROLES)), dtype=np.float32)
    for doc, at in zip(docs, first.tolist(), strict=True):
        if TAGS_NOTE not in doc.user_data:
            return None
        tags[at : at + len(doc)] = doc.user_data[TAGS_NOTE]
        roles[at : at + len(doc)] = doc.user_data[TAG_ROLES_NOTE]
    return tags, roles


def opinions(tags: Floats, roles: Floats, start: Ints, end: Ints) -> Floats:
    """One row a candidate, the tokens [start, end) of the rows of `tags` and `roles`, none of them empty.

    The columns are OPINIONS: the log-probabilities that just these tokens are a mention of each class, at least -12,
    before them of the rest, at least log .0001, and behind them the mean log-probability of each role over the words.
    Tokens of white space count for nothing. A row depends on its own tokens and the word behind them only.
    """
    size = len(tags)
    word = np.isfinite(tags[:, 1])  # white space has no chance of being in a name
    inside = np.where(word[:, None], tags[:, _INSIDE], np.float32(0))
    goes_on = np.vstack([tags[:, _INSIDE], np.full((1, len(CLASSES)), _OUTSIDE, dtype=np.float32)])
    following = np.append(np.where(word, np.arange(size), size), size)
    following = np.minimum.accumulate(following[::-1])[::-1]  # the first word from a token on

    result = np.empty((len(start), len(OPINIONS)), dtype=np.float32)
    mine = tags[start, _BEGIN] + np.log1p(-np.minimum(np.exp(goes_on[following[end]]), np.float32(_SURE)))
    means, words = roles[start], word[start].astype(np.float32)
    # Summed token by token: differences of running sums would depend on what else is in the arrays.
    for k in range(1, int((end - start).max(initial=0))):
        some = np.flatnonzero(start + k < end)
        at = start[some] + k
        mine[some] += inside[at]
        means[some] += roles[at]
        words[some] += word[at]
    result[:, 1 : 1 + len(CLASSES)] = np.maximum(mine, np.float32(_LEAST))
    result[:, 0] = np.log(np.maximum(1 - np.exp(result[:, 1 : 1 + len(CLASSES)]).sum(axis=1), np.float32(_LEFT)))
    result[:, 1 + len(CLASSES) :] = means / np.maximum(words, 1)[:, None]
    return result
