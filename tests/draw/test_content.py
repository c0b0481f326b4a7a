"""What goes into a page, before any browser sees it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from graphs import example_graph
from hypothesis import given
from hypothesis import strategies as st

from kg import store
from kg.draw import draw
from kg.draw.content import content, marked, web_link
from kg.draw.page import page
from kg.errors import ExportError, NameNotFound
from kg.model import Node
from kg.views import Neighbourhood, neighbourhood


def data_of(text: str) -> object:
    found = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert len(found) == 1
    return json.loads(found[0])


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        " https://example.org",
        "data:text/html,<script>",
        "https://",
        "//example.org",
        "https://example.org/a b",
        'https://example.org/"onclick="x',
        "https://example.org/<b>",
        "https://[broken",
        "file:///etc/passwd",
        "",
    ],
)
def test_only_plain_web_addresses_become_links(url: str) -> None:
    assert web_link(url) is None


@pytest.mark.parametrize("url", ["https://github.com/a/b", "http://example.org/~x?a=1&b=2#c", "https://例え.jp/é"])
def test_web_addresses_stay_as_they_are(url: str) -> None:
    assert web_link(url) == url


def test_marks_count_code_points_and_join_where_they_overlap() -> None:
    text = "🧪🧪 We use CIFAR-10/100. Next."
    assert marked(text, 3, 23, [(10, 18), (16, 22), (25, 29)]) == [["We use ", 0], ["CIFAR-10/100", 1], [".", 0]]


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4))
def test_the_pieces_make_the_sentence_again(text: str, spans: list[tuple[int, int]]) -> None:
    ordered = [(min(span), max(span)) for span in spans]
    parts = marked(text, 0, len(text), ordered)
    inside = {i for a, b in ordered for i in range(a, min(b, len(text)))}
    assert "".join(part for part, _ in parts) == text
    assert [mark for part, mark in parts for _ in part] == [int(i in inside) for i in range(len(text))]


def test_the_page_holds_the_content_exactly_and_no_other_markup(tmp_path: Path) -> None:
    graph = example_graph(tmp_path / "g")
    centre = [("Paper", "title:quoted-nets")]
    said = content(graph, centre, neighbourhood(graph, centre, hops=2), hops=2)
    text = page(said)
    assert data_of(text) == said
    assert text.count("</script") == 3
    assert "<script>alert" not in text


@given(st.text(alphabet="<>&/!-scriptaé\u2028\u2029\"'\\", max_size=40))
def test_no_title_can_leave_its_place(title: str) -> None:
    said = {"title": title, "subtitle": "", "nodes": []}
    text = page(said)
    assert data_of(text) == said
    assert text.count("</script") == 3
    assert "\u2028" not in text.split('id="data">')[1].split("</script")[0]


def test_the_same_graph_gives_the_same_bytes(tmp_path: Path) -> None:
    graph = example_graph(tmp_path / "g")
    pages = [draw(graph, "BERT", tmp_path / name, hops=2).read_bytes() for name in ("a.html", "b.html")]
    assert pages[0] == pages[1]


def test_a_line_break_or_control_character_never_reaches_a_label(tmp_path: Path) -> None:
    node = Node("x", "Paper", {"title": "a\n\x1b\tb" + " long" * 20})
    graph = store.write(tmp_path / "g", [node], [])
    said = content(graph, [("Paper", "x")], Neighbourhood((node,), (), 0, True), hops=1)
    assert [n["label"] for n in said["nodes"]] == ["a b long long long long long…"]


def test_nothing_at_all_can_be_drawn(tmp_path: Path) -> None:
    graph = store.write(tmp_path / "g", [], [])
    said = content(graph, [], neighbourhood(graph, [], hops=1), hops=1)
    assert (said["title"], said["subtitle"], said["nodes"]) == (
        "Nothing to show",
        "0 nodes and 0 edges within 1 hop",
        [],
    )


def test_a_name_that_nobody_has_gets_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(NameNotFound) as refused:
        draw(example_graph(tmp_path / "g"), "CIFAR-11", tmp_path / "page.html")
    assert refused.value.suggestions[:3] == ("CIFAR-10", "CIFAR-100", "CIFAR")
    assert not (tmp_path / "page.html").exists()


def test_a_folder_is_not_written_over(tmp_path: Path) -> None:
    graph = example_graph(tmp_path / "g")
    with pytest.raises(ExportError, match="no plain file"):
        draw(graph, "BERT", tmp_path / "g")


def test_an_old_page_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    graph = example_graph(tmp_path / "g")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "page.html").write_text("old")
    draw(graph, "BERT", tmp_path / "out" / "page.html")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["page.html"]
    assert (tmp_path / "out" / "page.html").read_text().startswith("<!doctype html>")
