"""Which lines of a page are titles and which abstracts, where nothing on the page says so.

A page is a run of papers, a paper a title and then the paragraphs of its abstract. Of all ways to cut the lines so,
the cheapest is taken (Viterbi's algorithm): each line costs as much as it looks unlike what it is taken for, each
unusual turn (a second paragraph, a paper with no abstract, a stray line) a fixed price. So no line is judged alone:
a title that ends like a sentence, or an abstract shorter than its title, is told by what stands around it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from kg.read.hf_lines import End, Line

__all__ = ["Layout", "Part", "layout_of", "parts", "prose"]

Part = Literal["title", "abstract", "more", "stray"]
_PARTS: tuple[Part, ...] = ("title", "abstract", "more", "stray")

# Prices, in the same units as `prose`. Set by rendering real titles and abstracts in every layout and counting
# papers that did not come back whole, with abstracts cut into paragraphs and to single sentences, too.
_PARAGRAPH = 1.5
_NO_ABSTRACT = 8.0
_NO_ABSTRACT_BEFORE_END = 6.0
_TITLE_AS_PARAGRAPH = 0.6
_STRAY = 6.0
_FULL_STOP = 5.0
_NEXT_STRAY = 1.0
_STRAY_PROSE = 12.0
_MISSING_END = 1.0
_END_WITHIN = 5.0

_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*$")
_INNER_END = re.compile(r"[a-z)\d\]%][.!?][\"'”’)]*\s+[\"'“‘(]*[A-Z]")
_PROSE_WORD = re.compile(
    r"\b(?:we|our|us|this paper|this work|these|it|its|is|are|was|were|has|have|been|be|can|which|that|however"
    r"|shows?|propose|present|introduce|available)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://|www\.|github\.com")
_ITEM = re.compile(r"[•*–-]\s|[(\d]+[.)]\s")
_CONTINUES = re.compile(r"[a-z(]|(?i:code|project|data|keywords?|website|demo)\b[^.]{0,40}[:.]")
_LENGTHS = ((40, -2.0), (120, -1.5), (160, -0.5), (220, 1.0), (300, 2.5))


@dataclass(frozen=True, slots=True)
class Layout:
    """How a page sets its papers: whether most end in a mark, and what a blank line costs at either joint.

    `gap_in` and `gap_between` hold (price of no blank line, price of a blank line) between a title and its abstract,
    and between an abstract and the next title.
    """

    marked: bool = False
    gap_in: tuple[float, float] = (1.0, 1.0)
    gap_between: tuple[float, float] = (1.0, 1.0)


def layout_of(page: Sequence[Line | End]) -> Layout:
    """The layout that the front of a page shows, from the joints that are beyond doubt."""
    inside, between = [1, 1], [1, 1]
    sure_ends = long = 0
    for one, other in pairwise(page):
        if isinstance(one, Line) and len(one.text) > 300:
            long += 1
            sure_ends += isinstance(other, End) and other.sure
        if isinstance(one, Line) and isinstance(other, Line):
            first, second = prose(one.text), prose(other.text)
            if first < -1 and second > 4:
                inside[other.gap] += 2
            elif first > 4 and second < -1:
                between[other.gap] += 2
    return Layout(sure_ends * 2 > long, _prices(inside), _prices(between))


def _prices(counts: list[int]) -> tuple[float, float]:
    no, yes = (min(4.0, -math.log2(n / sum(counts))) for n in counts)
    return no, yes


def parts(lines: Sequence[Line], broken: Sequence[bool], layout: Layout, *, ended: bool) -> list[Part]:
    """What each line is, cheapest on the whole. `broken` tells before which lines words of the page stand that may
    part two papers; `ended` that the authors of a paper follow, so that the last line belongs to one."""
    costs: dict[Part, float] = {"title": 0.0, "abstract": math.inf, "more": math.inf, "stray": _STRAY}
    back: list[dict[Part, Part]] = []
    for i, line in enumerate(lines):
        looks = _looks(line.text)
        if i == 0:
            costs = {part: costs[part] + looks[part] for part in _PARTS}
            continue
        turns = _turns(line, broken[i], layout)
        reached: dict[Part, float] = {}
        came: dict[Part, Part] = {}
        for part in _PARTS:
            best = min(_PARTS, key=lambda before: costs[before] + turns.get((before, part), math.inf))
            reached[part] = costs[best] + turns.get((best, part), math.inf) + looks[part]
            came[part] = best
        costs = reached
        back.append(came)
    costs["title"] += _NO_ABSTRACT_BEFORE_END if ended else _NO_ABSTRACT
    if ended:
        costs["stray"] = math.inf
    part = min(_PARTS, key=lambda p: costs[p])
    path = [part]
    for came in reversed(back):
        part = came[part]
        path.append(part)
    return path[::-1]


def _turns(line: Line, broken: bool, layout: Layout) -> dict[tuple[Part, Part], float]:
    """The price of each step from the line before to this one; a step that is not listed cannot be."""
    within = _END_WITHIN if broken else 0.0
    new = layout.gap_between[line.gap] + (_MISSING_END if layout.marked and not broken else 0.0)
    return {
        ("title", "abstract"): layout.gap_in[line.gap] + within,
        ("title", "title"): _NO_ABSTRACT + 1.0,
        ("title", "stray"): _NO_ABSTRACT + _STRAY,
        ("abstract", "more"): _PARAGRAPH + 1.0 + within,
        ("abstract", "title"): new,
        ("abstract", "stray"): _STRAY,
        ("more", "more"): _PARAGRAPH + 1.0 + within,
        ("more", "title"): new,
        ("more", "stray"): _STRAY,
        ("stray", "title"): 1.0,
        ("stray", "stray"): _NEXT_STRAY,
    }


def _looks(text: str) -> dict[Part, float]:
    score = prose(text)
    away = max(0.0, -score)
    # Three words with no stop are no abstract, and no paragraph of one.
    scrap = 6.0 if len(text.split()) < 4 and not _SENTENCE_END.search(text) and not _ADDRESS.search(text) else 0.0
    item = _ITEM.match(text) is not None
    return {
        "title": max(0.0, score) + (3.0 if item else 0.0),
        "abstract": away + scrap,
        "more": _TITLE_AS_PARAGRAPH * away
        + (0.0 if item else scrap)
        - (1.0 if item or _CONTINUES.match(text) else 0.0),
        "stray": _STRAY_PROSE if score > 4 else _STRAY if len(text) > 80 else 0.0,
    }


def prose(text: str) -> float:
    """How much a line looks like an abstract (above 0) rather than a title (below), from about -5 to 16."""
    score = next((value for length, value in _LENGTHS if len(text) <= length), 6.0)
    score += 1.5 * min(3, len(_INNER_END.findall(text)))
    score += (_FULL_STOP if text.rstrip("\"'”’)").endswith(".") else 0.0) if _SENTENCE_END.search(text) else -1.0
    score += min(2.0, 0.7 * len(_PROSE_WORD.findall(text[:400])))
    score += 3.0 if _ADDRESS.search(text) else 0.0
    words = [word for word in re.findall(r"[^\W\d_][\w'-]*", text[:300]) if len(word) > 3]
    if len(words) > 2 and sum(word[0].isupper() for word in words) >= 0.75 * len(words):
        score -= 1.5
    return score
