"""Saved Daily Papers pages, rendered from papers that are known, in the layouts that browsers give."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

HEADS = (
    "",
    "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nDaily Papers\n\n"
    "byAK and the research community\n\nMay 13\n\n",
    "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\n",
    "Get trending papers in your email inbox once a day!\nGet trending papers in your email inbox!\nSubscribe",
    "Daily Papers\nnew\nGet trending papers in your email inbox once a day!\nSubscribe\nMay 13\n",
    "Hugging Face\nModels\nDatasets\nSpaces\nDocs\nPricing\nLog In\nSign Up\nDaily Papers\n"
    "byAK and the research community\n-\nMay 13\n",
)
FEET = (
    "",
    "Previous\nNext\n",
    "Previous\n\n1\n\n2\n\n3\n\nNext\n\nSystem theme\n\nCompany\n\nTOS\n\nPrivacy\n\nAbout\n\nJobs\n\n",
)
ENDS = ("marked", "unmarked", "mixed")
COUNTS = ("", " 1", "\n12", "\n\n3")


@dataclass(frozen=True)
class Layout:
    """How to set a page: `blank` lines between its parts or none, `ends` of papers, a `count` of votes after dates,
    or `votes` on a line before the title."""

    head: str = ""
    foot: str = ""
    blank: bool = True
    ends: str = "marked"
    count: str = ""
    windows: bool = False
    votes: bool = False


@dataclass(frozen=True)
class Known:
    """A paper of the page as it must come back; `paragraphs` are those of its abstract."""

    title: str
    paragraphs: tuple[str, ...]
    author_count: int = 3
    date: tuple[str, str] = ("Sep 30, 2019", "2019-09-30")


def layouts() -> list[Layout]:
    """Every layout that a page may have."""
    return [
        Layout(head, foot, blank, ends, count, windows, votes)
        for head in HEADS
        for foot in FEET
        for blank in (True, False)
        for ends in ENDS
        for count in COUNTS
        for windows in (False, True)
        for votes in (False, True)
        if not (ends == "unmarked" and count) and not (windows and count) and not (votes and (count or windows))
    ]


def render(papers: list[Known], layout: Layout, random: Random) -> tuple[str, list[tuple[object, ...]]]:
    """The page, and what must be read from it: (title, abstract, author_count, date) of each paper."""
    gap = "\n\n" if layout.blank else "\n"
    text, expected = layout.head, []
    for paper in papers:
        marked = layout.ends == "marked" or (layout.ends == "mixed" and random.random() < 0.7)
        if layout.votes:
            text += f"{random.randint(0, 99)}{gap}"
        text += paper.title + gap + gap.join(paper.paragraphs) + gap
        if marked:
            count = layout.count if random.random() < 0.5 else ""
            text += f"  • {paper.author_count} authors\n·\n{paper.date[0]}{count}{gap}"
        known = (paper.author_count, paper.date[1]) if marked else (None, None)
        expected.append((paper.title, gap.join(paper.paragraphs), *known))
    text += layout.foot
    return text.replace("\n", "\r\n") if layout.windows else text, expected
