"""What the components with weights share: Docs are judged many at a time, since numpy is quick only so."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from spacy.tokens import Doc

__all__ = ["Batched"]

_BATCH = 64


class Batched(ABC):
    """A spaCy component that judges Docs in batches."""

    @abstractmethod
    def judge(self, docs: Sequence[Doc]) -> None:
        """Write to each Doc what it makes of it."""

    def __call__(self, doc: Doc) -> Doc:
        self.judge([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = _BATCH) -> Iterator[Doc]:
        """The same Docs in the same order, judged `batch_size` at a time."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            self.judge(batch)
            yield from batch
