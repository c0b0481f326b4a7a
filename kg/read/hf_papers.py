"""A saved Hugging Face Daily Papers page as text: titles and abstracts, perhaps with authors and dates between them.

https://huggingface.co/papers. The text of a page comes in many layouts, by browser and by what was copied: with blank
lines or without, with a line of authors and date under each paper, under some or under none. `hf_lines` says what
each line is by itself, `hf_grammar` which of the rest are titles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice, pairwise

from kg import ids
from kg.model import Paper, Reject
from kg.read.dates import year_of
from kg.read.hf_grammar import Layout, layout_of, parts, prose
from kg.read.hf_lines import End, Line, pieces
from kg.read.inputs import Source
from kg.read.lines import lines
from kg.read.record import Columns

__all__ = ["looks_alternating", "papers", "read"]

# Lines from which the layout is told.
_FRONT = 600
# In characters. Of 75,000 titles on arXiv the longest has 226.
_LONGEST_TITLE = 400
# Lines that are cut into papers at once where nothing ends a paper for sure, and how many of the last papers among
# them wait for what follows.
_STRETCH, _WAIT = 400, 3


def read(source: Source, columns: Columns) -> Iterator[Paper | Reject]:
    """The papers of one page, in its order. A page has no columns to rename."""
    faults: list[Reject] = []
    for paper in papers(_good(source, faults), source.name):
        yield from faults
        faults.clear()
        yield paper
    yield from faults


def _good(source: Source, faults: list[Reject]) -> Iterator[tuple[int, str]]:
    for line in lines(source):
        if isinstance(line, Reject):
            faults.append(line)
        else:
            yield line


def papers(numbered: Iterator[tuple[int, str]], path: str) -> Iterator[Paper | Reject]:
    """The papers on these numbered lines; a Reject for an abstract with no title."""
    page = pieces(numbered)
    front = list(islice(page, _FRONT))
    layout = layout_of(front)
    block: list[Line] = []
    broken: list[bool] = []
    loose = False
    for piece in chain(front, page):
        if isinstance(piece, End) and not piece.sure:
            loose = True
        elif isinstance(piece, End):
            yield from _block(block, broken, layout, piece, path)
            block, broken, loose = [], [], False
        else:
            block.append(piece)
            broken.append(loose)
            loose = False
            if len(block) >= _STRETCH:
                yield from _stretch(block, broken, layout, path)
    yield from _block(block, broken, layout, None, path)


def _stretch(block: list[Line], broken: list[bool], layout: Layout, path: str) -> Iterator[Paper | Reject]:
    """The papers of a long block but its last few, which are left in it: so a page of any length is streamed."""
    named = parts(block, broken, layout, ended=False)
    starts = [i for i, part in enumerate(named) if part == "title"]
    # A block with hardly a title is no page; it is not kept.
    cut = starts[-_WAIT] if len(starts) > _WAIT else len(block)
    yield from _cut(block[:cut], named[:cut], None, path)
    del block[:cut], broken[:cut]


def _names_authors(end: End | None) -> bool:
    # A date alone stands in the head, too, under words of the page.
    return end is not None and end.author_count is not None


def _block(
    block: Sequence[Line], broken: Sequence[bool], layout: Layout, end: End | None, path: str
) -> Iterator[Paper | Reject]:
    if block:
        yield from _cut(block, parts(block, broken, layout, ended=_names_authors(end)), end, path)


def _cut(block: Sequence[Line], named: Sequence[str], end: End | None, path: str) -> Iterator[Paper | Reject]:
    """The papers of a block whose lines are named; `end` belongs to the last of them."""
    starts = [i for i, part in enumerate(named) if part == "title"]
    for line, part in zip(block, named, strict=True):
        if part in ("stray", "title") and len(line.text) > _LONGEST_TITLE:
            yield Reject(path, line.number, "an abstract with no title before it")
    for start, after in zip(starts, [*starts[1:], len(block)], strict=False):
        if len(block[start].text) > _LONGEST_TITLE:
            continue
        yield _paper(
            block[start],
            [line for line, part in zip(block[start:after], named[start:after], strict=True) if part in _ABSTRACT],
            end if after == len(block) else None,
            path,
        )


_ABSTRACT = {"abstract", "more"}


def _paper(title: Line, abstract: Sequence[Line], end: End | None, path: str) -> Paper:
    text = "".join((("\n\n" if line.gap else "\n") if i else "") + line.text for i, line in enumerate(abstract))
    date = end.date if end else None
    return Paper(
        id=ids.paper_id(title=title.text, identifiers=()),
        title=title.text,
        abstract=text,
        year=year_of(date),
        date=date,
        author_count=end.author_count if end else None,
        sources=(f"{path}:{title.number}",),
    )


def looks_alternating(text: str, *, least: int) -> bool:
    """Whether a text with none of the page's words is titles and abstracts (of `least` characters) in turn."""
    page = [p for p in pieces(enumerate(text.splitlines(), 1)) if isinstance(p, Line)]
    named = parts(page, [False] * len(page), layout_of(page), ended=False) if page else []
    sound = 0
    for (title, one), (abstract, other) in pairwise(zip(page, named, strict=True)):
        if (one, other) == ("title", "abstract") and len(abstract.text) >= least:
            sound += prose(title.text) < 1 and prose(abstract.text) > 2
    # Further paragraphs, and titles that look like sentences, are the smaller part.
    return sound * 2 >= 0.6 * len(page) > 0
