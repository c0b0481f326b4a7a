"""The page in a real browser: what a reader can do with it, and what it must never do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphs import HOSTILE_TITLE, example_graph
from playwright.sync_api import Browser, Page, sync_playwright

from kg.draw import draw
from kg.store import Store

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium; a machine without one fails these tests, for nobody would have looked at the page."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert program, "no Chromium: apt-get install chromium"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return example_graph(tmp_path_factory.mktemp("graph") / "g")


@pytest.fixture
def log() -> list[str]:
    """Every request, message and error of the page, in order."""
    return []


@pytest.fixture
def show(browser: Browser, store: Store, tmp_path: Path, log: list[str]) -> Iterator[Any]:
    """Draws, opens and waits until the picture has settled."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})

    def open_page(around: str, **options: int) -> Page:
        page = context.new_page()
        page.on("request", lambda request: log.append(f"request {request.url}"))
        page.on("console", lambda message: log.append(f"console {message.text}"))
        page.on("pageerror", lambda error: log.append(f"error {error}"))
        page.on("dialog", lambda dialog: (log.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.goto(draw(store, around, tmp_path / "page.html", **options).as_uri())
        page.wait_for_selector("html[data-settled]", state="attached")
        return page

    yield open_page
    context.close()


def names(page: Page, selector: str) -> list[str]:
    return [text or "" for text in page.locator(selector).all_text_contents()]


def visible(page: Page, kind: str) -> set[Any]:
    """Ids of the nodes or edges that the picture shows."""
    return set(page.evaluate(f"kgPage.{kind}.get().filter(one => !one.hidden).map(one => one.id)"))


def place(page: Page, script: str) -> tuple[float, float]:
    """Where on the screen the point is that `script` gives in the picture's own coordinates."""
    box = page.locator("#network").bounding_box()
    assert box
    point = page.evaluate(f"(() => kgPage.network.canvasToDOM({script}))()")
    return box["x"] + point["x"], box["y"] + point["y"]


def test_asks_for_nothing_and_reports_nothing(show: Any, log: list[str], tmp_path: Path) -> None:
    page = show("CIFAR-10", hops=2)
    page.fill("#search", "resnet")
    page.keyboard.press("Enter")
    for box in page.locator(".check input").all():
        box.click()
    page.get_by_role("button", name="Show all").click()
    page.wait_for_timeout(500)
    assert log == [f"request {(tmp_path / 'page.html').as_uri()}"]


def test_a_request_is_refused_even_if_a_script_makes_one(show: Any) -> None:
    page = show("CIFAR-10")
    refused = page.evaluate(
        """async () => {
          const refused = [];
          document.addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective));
          fetch('https://example.org/').catch(() => 0);
          new Image().src = 'https://example.org/x.png';
          document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = 1' }));
          document.body.append(Object.assign(document.createElement('iframe'), { src: 'https://example.org/' }));
          await new Promise((done) => setTimeout(done, 300));
          return [window.ran, ...refused.sort()];
        }"""
    )
    assert refused == [None, "connect-src", "frame-src", "img-src", "script-src-elem"]


def test_says_what_is_shown_and_how_much_was_left_out(show: Any) -> None:
    page = show("CIFAR-10", hops=2, limit=10)
    assert names(page, "h1, header p, #details h2") == [
        "CIFAR-10",
        "10 nodes and 15 edges within 2 hops; the nearest and best supported are shown, at least 2 more left out",
        "CIFAR-10",
    ]


def test_a_click_on_an_edge_shows_the_sentence_with_the_words_marked(show: Any) -> None:
    page = show("SGDR")
    middle = place(
        page,
        """(() => {
          const edge = kgPage.data.edges.find((one) => one.type === 'USES' &&
            kgPage.data.nodeDetails[one.to].name === 'CIFAR-100' || one.type === 'INTRODUCES');
          const ends = kgPage.network.getPositions([edge.from, edge.to]);
          return { x: (ends[edge.from].x + ends[edge.to].x) / 2, y: (ends[edge.from].y + ends[edge.to].y) / 2 };
        })()""",
    )
    page.mouse.click(*middle)
    assert names(page, "#details h2, #details .row span") == [
        "introduces",
        "SGDR: Stochastic Gradient Descent with Warm Restarts",
        "SGDR",
    ]
    assert page.locator("blockquote").evaluate_all("all => all.map(one => one.innerHTML)") == [
        "<mark>SGDR</mark>: Stochastic Gradient Descent with Warm Restarts<footer>title</footer>",
        "<mark>SGDR</mark> restarts the learning rate of SGD from time to time.<footer>abstract</footer>",
    ]


def test_a_click_on_a_node_shows_its_names_links_and_edges(show: Any) -> None:
    page = show("arxiv:1907.11692")
    page.mouse.click(*place(page, "kgPage.network.getPositions([0])[0]"))
    assert names(page, "#details h2, #details h3, #details .links li") == [
        "RoBERTa: A Robustly Optimized BERT Pretraining Approach",
        "Links",
        "https://arxiv.org/abs/1907.11692",
        "https://huggingface.co/roberta-base model",
        "introduces →  (1)",
        "uses →  (3)",
        "compares →  (1)",
        "addresses →  (1)",
    ]
    assert page.locator("#details a").evaluate_all("all => all.map(one => [one.href, one.rel, one.target])") == [
        ["https://arxiv.org/abs/1907.11692", "noopener noreferrer", "_blank"],
        ["https://huggingface.co/roberta-base", "noopener noreferrer", "_blank"],
    ]


def test_an_edge_that_follows_from_papers_names_them(show: Any) -> None:
    page = show("SGDR")
    page.get_by_role("button", name="CIFAR-100").first.click()
    assert names(page, "#details h2, #details .links li") == [
        "evaluated on",
        "SGDR: Stochastic Gradient Descent with Warm Restarts",
    ]


def test_search_finds_by_name_and_alias_in_any_spelling(show: Any) -> None:
    page = show("CIFAR-10", hops=2)
    found = {}
    for asked in ("cifar 100", "Vision Transformer", "no such thing"):
        page.fill("#search", asked)
        found[asked] = names(page, "#matches span, #match-count")
    assert found == {
        "cifar 100": ["1 found", "CIFAR-100"],
        "Vision Transformer": ["1 found", "ViT"],
        "no such thing": ["Nothing here by that name"],
    }


def test_search_works_from_the_keyboard_alone(show: Any) -> None:
    page = show("CIFAR-10", hops=2)
    page.keyboard.press("/")
    page.keyboard.type("cifar")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert names(page, "#details h2") == ["CIFAR-10"]
    assert page.evaluate("kgPage.network.getSelectedNodes()") == [0]
    assert page.locator("#matches").is_hidden()
    page.keyboard.press("Escape")
    assert names(page, "#details") == ["Click a node or an edge, or search."]


def test_the_mouse_does_not_take_the_keys_away_from_the_search(show: Any) -> None:
    page = show("CIFAR-10")
    page.focus("#search")
    page.mouse.move(200, 300)
    page.mouse.move(400, 500)
    page.keyboard.type("wrn")
    assert names(page, "#matches span") == ["WRN"]


def test_arrow_keys_plus_and_minus_move_the_picture(show: Any) -> None:
    page = show("CIFAR-10")
    page.emulate_media(reduced_motion="reduce")
    page.focus("#network")
    before = page.evaluate("[kgPage.network.getViewPosition(), kgPage.network.getScale()]")
    for key in ("ArrowRight", "ArrowDown", "+"):
        page.keyboard.press(key)
    position, scale = page.evaluate("[kgPage.network.getViewPosition(), kgPage.network.getScale()]")
    assert position["x"] > before[0]["x"]
    assert position["y"] > before[0]["y"]
    assert scale == pytest.approx(before[1] * 1.35)


def test_a_filter_hides_nodes_and_their_edges(show: Any) -> None:
    page = show("CIFAR-10", hops=2)
    data = page.evaluate("({nodes: kgPage.data.nodes, edges: kgPage.data.edges})")
    papers = {node["id"] for node in data["nodes"] if node["type"] == "Paper"}
    page.get_by_role("checkbox", name="Paper").uncheck()
    page.get_by_role("checkbox", name="variant of").uncheck()
    assert visible(page, "nodes") == {node["id"] for node in data["nodes"]} - papers
    assert visible(page, "edges") == {
        edge["id"] for edge in data["edges"] if edge["type"] != "VARIANT_OF" and not {edge["from"], edge["to"]} & papers
    }
    page.get_by_role("checkbox", name="Paper").check()
    page.get_by_role("checkbox", name="variant of").check()
    assert visible(page, "edges") == {edge["id"] for edge in data["edges"]}


def test_a_hostile_title_is_text(show: Any, log: list[str], tmp_path: Path) -> None:
    page = show("title:quoted-nets")
    assert names(page, "h1, #details h2") == [HOSTILE_TITLE] * 2
    assert page.locator("#details").evaluate("it => it.querySelectorAll('script, b, img').length") == 0
    assert log == [f"request {(tmp_path / 'page.html').as_uri()}"]


def test_nothing_moves_once_it_has_settled(show: Any) -> None:
    page = show("CIFAR-10", hops=2)
    before = page.evaluate("kgPage.network.getPositions()")
    page.wait_for_timeout(300)
    assert page.evaluate("kgPage.network.getPositions()") == before
    assert page.evaluate("kgPage.network.physics.physicsEnabled") is False


def test_the_same_page_lies_the_same_way_twice(show: Any) -> None:
    first, second = (show("CIFAR-10", hops=2).evaluate("kgPage.network.getPositions()") for _ in range(2))
    assert first == second


def test_a_single_node_is_fine(show: Any, log: list[str]) -> None:
    page = show("GLUE", hops=0)
    assert names(page, "h1, header p, #details h2") == ["GLUE", "1 node and 0 edges within 0 hops", "GLUE"]
    assert [line for line in log if not line.startswith("request")] == []


@pytest.mark.parametrize("size", [(390, 844), (1280, 720)])
def test_nothing_hangs_over_the_side(show: Any, size: tuple[int, int]) -> None:
    page = show("title:quoted-nets", hops=2)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
