"""Saved Daily Papers pages: rendered from known papers in every layout, exactly those papers must come back."""

from __future__ import annotations

import io
from pathlib import Path
from random import Random

import pytest
from hf_pages import Known, Layout, layouts, render
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.model import Paper
from kg.read import read_papers
from kg.read.hf_papers import papers

_NOUNS = ["networks", "graphs", "models", "labels", "tokens", "images", "speech", "policies", "proteins", "kernels"]
_ADJECTIVES = ["sparse", "deep", "robust", "causal", "neural", "federated", "continual", "spectral", "generative"]
_VERBS = ["Learning", "Pruning", "Aligning", "Scaling", "Rethinking", "Probing", "Compressing", "Distilling"]
_NAMES = ["FooNet", "BarGNN", "xLSTM", "gSDF", "Quux-2", "DataComp", "3D-R2N2"]
_FIRST = [
    "We study how",
    "In this work, we ask whether",
    "Recently,",
    "Despite their success,",
    "This paper shows that",
]
_TAILS = ["Code is available at https://github.com/example/code.", "Our code is released.", "• A point about tokens"]


def _title(random: Random) -> str:
    words = [random.choice(_VERBS), *random.sample(_ADJECTIVES, random.randint(1, 3)), random.choice(_NOUNS)]
    text = " ".join(words if random.random() < 0.3 else [w.capitalize() for w in words])
    if random.random() < 0.5:
        text = f"{random.choice(_NAMES)}: {text}"
    return text + random.choice(["", "", "", "", "?", "!"])


def _sentence(random: Random, least: int) -> str:
    words = [random.choice(_FIRST), *(random.choice(_NOUNS + _ADJECTIVES) for _ in range(random.randint(least, 20)))]
    return " ".join(words) + random.choice(
        [" are better.", " can be trained (see below).", " reach 88.2% on CIFAR-10."]
    )


def _paragraph(random: Random, sentences: int) -> str:
    return " ".join(_sentence(random, 6) for _ in range(sentences))


def _known(random: Random) -> Known:
    paragraphs = [_paragraph(random, random.randint(1, 9))]
    if random.random() < 0.1:
        paragraphs.append(_paragraph(random, random.randint(3, 6)))
    if random.random() < 0.05:
        paragraphs.append(random.choice(_TAILS))
    dates = [("Sep 30, 2019", "2019-09-30"), ("May 3, 2021", "2021-05-03"), ("Dec 26, 2025", "2025-12-26")]
    return Known(_title(random), tuple(paragraphs), random.randint(1, 40), random.choice(dates))


def _read(page: str) -> list[tuple[object, ...]]:
    lines = enumerate(io.StringIO(page, newline=None), 1)
    return [(p.title, p.abstract, p.author_count, p.date) for p in papers(lines, "page") if isinstance(p, Paper)]


@settings(deadline=None, max_examples=200)
@given(seed=st.integers(0, 10**6), layout=st.sampled_from(layouts()), number=st.integers(1, 12))
@example(seed=0, layout=Layout(), number=1)
def test_rendered_papers_come_back_exactly(seed: int, layout: Layout, number: int) -> None:
    random = Random(seed)
    page, expected = render([_known(random) for _ in range(number)], layout, random)
    assert _read(page) == expected


@pytest.mark.parametrize("blank", [True, False])
def test_page_longer_than_what_is_cut_at_once_comes_back_whole(blank: bool) -> None:
    random = Random(1)
    layout = Layout(ends="unmarked", blank=blank)
    page, expected = render([_known(random) for _ in range(2000)], layout, random)
    assert _read(page) == expected


def test_paper_with_no_author_line_is_not_merged_with_its_neighbours() -> None:
    three = [
        Known("Data Filtering Networks", ("We filter the Web. It helps on ImageNet more than we hoped for.",)),
        Known("Learning to Chain Operations", ("Modules share one workspace. We train them to take turns.",)),
        Known("FloydNet: Global Reasoning", ("We refine a table of all pairs. It is like dynamic programming.",)),
    ]
    lines = [[k.title, "", *k.paragraphs, ""] for k in three]
    page = "\n".join(lines[0] + ["  • 3 authors", "·", "Sep 30, 2019", ""] + lines[1] + lines[2] + ["  • 1 author", ""])
    assert [(p[0], p[2], p[3]) for p in _read(page)] == [
        (three[0].title, 3, "2019-09-30"),
        (three[1].title, None, None),
        (three[2].title, 1, None),
    ]


@pytest.mark.parametrize(
    ("mark", "known"),
    [
        ("  • 5 authors\n·\nSep 30, 2019", (5, "2019-09-30")),
        ("  • 1 author\n·\nSep 30, 2019 12", (1, "2019-09-30")),
        ("• 1,024 authors · Sep 29, 2023 1", (1024, "2023-09-29")),
        ("5 authors\n\n·\n\nSep 29, 2023\n\n1.2k", (5, "2023-09-29")),
        ("Sep 29, 20231", (None, "2023-09-29")),
        ("·\nPublished on Sep 29, 2023\nUpvote 12\n-\n+3", (None, "2023-09-29")),
        ("Submitted by\nsomeone\n•\n3 authors\n·\n2 days ago", (3, None)),
        ("  • 5 authors\n·\nJan 26", (5, None)),  # of the year in which the page was saved, which it does not say
        ("  • 5 authors\n·\nFeb 31, 2024", (5, None)),
    ],
)
def test_what_ends_a_paper(mark: str, known: tuple[int | None, str | None]) -> None:
    abstracts = ("We put a small net where a filter was. It works.", "We ask more.")
    page = f"Network In Network\n\n{abstracts[0]}\n\n{mark}\n\nSecond Title\n\n{abstracts[1]}"
    assert _read(page) == [
        ("Network In Network", abstracts[0], *known),
        ("Second Title", abstracts[1], None, None),
    ]


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("Subscribe", "Reversible Column Networks"),
        ("Subscribe", "netFound: Foundation Model"),
        ("Daily Papers\nSubscribe", "3D Gaussians"),
        ("SubscribeDaily Papers", "Reversible Column Networks"),
        ("Subscribe\n", "Subscribers and What They Read"),
        ("Get trending papers in your email inbox!Subscribe", "Reversible Column Networks"),
        ("", "Subscribers and What They Read"),
    ],
)
def test_title_glued_to_the_head_is_freed(head: str, title: str) -> None:
    assert _read(f"{head}{title}\nWe study columns. They are good.\n") == [
        (title, "We study columns. They are good.", None, None)
    ]


def test_page_of_head_and_foot_alone_has_no_paper(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(
        "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nDaily Papers\n\nMay 13\n\nPrevious\n\nNext\n"
    )
    (reject,) = read_papers([page])
    assert reject.reason == "no paper in it, read as hf-papers"  # type: ignore[union-attr]


def test_abstract_with_no_title_is_set_aside(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(
        f"Daily Papers\n{_paragraph(Random(3), 6)}\n  • 5 authors\n·\nSep 30, 2019\nA Title\nWe say it. It is.\n"
    )
    first, second = read_papers([page])
    assert (first.reason, first.line, second.title) == (  # type: ignore[union-attr]
        "an abstract with no title before it",
        2,
        "A Title",
    )
