"""Cutting Cypher into tokens."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import QueryError
from kg.query.lexer import tokens


def test_words_inside_strings_comments_and_quotes_are_no_words() -> None:
    found = tokens("MATCH (`CREATE x`) /* SET */ WHERE a.b = 'it\\'s DELETE' // DROP\rRETURN $p, 1.5, [1..3] <> \"q\"")
    assert [(t.kind, t.text) for t in found] == [
        ("name", "MATCH"),
        ("mark", "("),
        ("quoted", "`CREATE x`"),
        ("mark", ")"),
        ("name", "WHERE"),
        ("name", "a"),
        ("mark", "."),
        ("name", "b"),
        ("mark", "="),
        ("string", "'it\\'s DELETE'"),
        ("name", "RETURN"),
        ("parameter", "$p"),
        ("mark", ","),
        ("number", "1.5"),
        ("mark", ","),
        ("mark", "["),
        ("number", "1"),
        ("mark", ".."),
        ("number", "3"),
        ("mark", "]"),
        ("mark", "<>"),
        ("string", '"q"'),
    ]


@pytest.mark.parametrize("text", ["RETURN 'a", 'RETURN "a\\"', "RETURN `a", "RETURN 1 /* a"])
def test_what_does_not_end_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(QueryError, match=r"line 1, column \d+: this (quote|comment) does not end"):
        tokens(text)


@given(st.text(alphabet="aZ09 '\"`\\/*$.-<>=[]{}()\n\r,:é"))
def test_tokens_are_the_text_in_order(text: str) -> None:
    try:
        found = tokens(text)
    except QueryError:
        return
    assert all(text[t.start : t.end] == t.text for t in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
