"""The tokenizer: cuts at white space and at every mark.

spaCy's English rules cut ``ImageNet-1K`` into ``ImageNet-1`` and ``K`` and leave ``CIFAR-10/100`` whole. Cut at every
mark, each name is a whole number of tokens, and one pass of one regular expression does it in time linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

__all__ = ["MarkTokenizer", "create_tokenizer"]

# A run of letters and digits, or one character of any other sort; then the one space that spaCy keeps with the token.
_TOKEN = re.compile(r"([^\W_]+|.)( ?)", re.DOTALL)
_ASCII_TOKEN = re.compile(r"([A-Za-z0-9]+|.)( ?)", re.DOTALL)  # the same, in less time


class MarkTokenizer:
    """Makes a Doc of a text; ``doc.text == text`` for every text without surrogates."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        pieces = (_ASCII_TOKEN if text.isascii() else _TOKEN).findall(text)
        if not pieces:
            return Doc(self.vocab)
        words, spaces = map(list, zip(*pieces, strict=True))
        # Any true value stands for a space, so the matched space itself will do.
        doc = Doc(self.vocab, words=words, spaces=cast("list[bool]", spaces))
        doc.user_data["kg.text"] = text
        return doc

    # A tokenizer without state of its own still has to answer when a pipeline is saved and opened.
    def to_bytes(self, *, exclude: object = ()) -> bytes:
        return b""

    def from_bytes(self, data: bytes, *, exclude: object = ()) -> MarkTokenizer:
        return self

    def to_disk(self, path: object, *, exclude: object = ()) -> None:
        return None

    def from_disk(self, path: object, *, exclude: object = ()) -> MarkTokenizer:
        return self


@registry.tokenizers("kg.MarkTokenizer.v1")  # type: ignore[untyped-decorator]
def create_tokenizer() -> Callable[[Language], MarkTokenizer]:
    def make(nlp: Language) -> MarkTokenizer:
        return MarkTokenizer(nlp.vocab)

    return make
