"""How the weights of trained models are kept, and turned into probabilities."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from kg.errors import ModelError

__all__ = ["eight_bits", "packed", "softmax", "unpacked"]


def packed(**arrays: NDArray[Any] | np.generic) -> bytes:
    """A numpy archive of the arrays, by name."""
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


@contextmanager
def unpacked(data: bytes, what: str, path: Path | None) -> Iterator[NpzFile]:
    """The archive, while the block takes its arrays.

    Raises ModelError, which says of `what` the weights are and names `path`, where it or an array does not read.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            yield file
    except (OSError, KeyError, ValueError, BadZipFile) as e:
        raise ModelError(f"the weights of {what} cannot be read: {e}", path=path) from e


def eight_bits(weights: NDArray[np.float32]) -> tuple[NDArray[np.int8], np.float32]:
    """The weights in eight bits, and the scale that brings them back."""
    scale = float(np.abs(weights).max()) / 127 or 1.0
    return np.round(weights / scale).astype(np.int8), np.float32(scale)


def softmax(sums: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities, one row a row of `sums`, which is overwritten."""
    sums -= sums.max(axis=1, keepdims=True)
    np.exp(sums, out=sums)
    return np.asarray(sums / sums.sum(axis=1, keepdims=True))
