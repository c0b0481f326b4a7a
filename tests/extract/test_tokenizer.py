"""The tokenizer: nothing is lost, and every name is a whole number of tokens."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.tokenizer import MarkTokenizer

TOKENIZER = MarkTokenizer(spacy.blank("xx").vocab)
# spaCy stores UTF-8: half a surrogate pair never reaches it (kg.extract.text replaces it).
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@given(TEXT)
def test_the_text_comes_back(text: str) -> None:
    assert TOKENIZER(text).text == text


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("ImageNet-1K", ["ImageNet", "-", "1K"]),
        ("CIFAR-10/100", ["CIFAR", "-", "10", "/", "100"]),
        ("(RevCol),", ["(", "RevCol", ")", ","]),
        ("my_name\nis", ["my", "_", "name", "\n", "is"]),
        ("a  b", ["a", " ", "b"]),
    ],
)
def test_it_cuts_at_white_space_and_at_every_mark(text: str, tokens: list[str]) -> None:
    assert [t.text for t in TOKENIZER(text)] == tokens
