"""Addresses from texts, which may hold anything, and the IRIs made of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib.term import _is_valid_uri

from kg.export.iri import node_iri, web_iri


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("https://github.com/a/b", "https://github.com/a/b"),
        (" https://example.org/a b ", "https://example.org/a%20b"),
        ('https://example.org/<script>"|`{}^', "https://example.org/%3Cscript%3E%22%7C%60%7B%7D%5E"),
        ("HTTPS://Example.ORG:443/A", "https://example.org/A"),
        ("http://example.org:8080", "http://example.org:8080"),
        ("https://example.org/%zz%2f", "https://example.org/%25zz%2F"),
        ("https://例え.jp/é", "https://xn--r8jz45g.jp/%C3%A9"),
        ("https://example.org/?q=[1]#a#b", "https://example.org/?q=%5B1%5D#a%23b"),
        ("http://[::1]/x", "http://[::1]/x"),
    ],
)
def test_what_an_address_may_not_hold_is_encoded(text: str, iri: str) -> None:
    assert web_iri(text) == iri


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "ftp://example.org/",
        "example.org",
        "//example.org",
        "https:///x",
        "https://a..b/",
        "https://-a.org/",
        "https://a_b.org/",
        "https://user:secret@example.org/",
        "https://example.org:99999/",
        "http://[::1%25eth0]/",
        "http://[broken/",
        "https://example.org/\nx",
        "https://example.org\\x",
        "https://" + "a" * 64 + ".org",
        "",
    ],
)
def test_what_is_no_web_address_is_refused(text: str) -> None:
    assert web_iri(text) is None


@given(st.text(max_size=40))
def test_whatever_comes_after_the_host_gives_a_valid_iri_and_the_same_one_again(rest: str) -> None:
    iri = web_iri("https://example.org/" + rest)
    if iri is not None:
        assert _is_valid_uri(iri)
        assert iri.isascii()
        assert web_iri(iri) == iri


IDS = st.one_of(st.text(max_size=20), st.sampled_from(["dataset:x", "paper/x", "paper:x", "x"]))


@given(st.lists(st.tuples(st.sampled_from(["Paper", "Dataset"]), IDS), max_size=6, unique=True))
def test_no_two_nodes_share_an_iri(refs: list[tuple[str, str]]) -> None:
    assert len({node_iri(*ref) for ref in refs}) == len(refs)
