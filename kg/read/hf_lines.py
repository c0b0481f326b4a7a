"""What each line of a saved Daily Papers page is: text, the end of a paper (authors, date), or the page's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kg.read.dates import MONTHS, iso_date

__all__ = ["End", "Line", "is_page", "pieces", "unglued"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line that may be a title or a part of an abstract; `gap` says that a blank line stands before it."""

    number: int
    text: str
    gap: bool


@dataclass(frozen=True, slots=True)
class End:
    """What stands between papers. Sure where it names authors or a date, which end the paper before them."""

    sure: bool = False
    author_count: int | None = None
    date: str | None = None


# The page around the papers, in lower case: head, menus, foot.
_HEAD = (
    "get trending papers in your email inbox once a day!",
    "get trending papers in your email inbox!",
    "subscribe",
    "daily papers",
    "byak and the research community",
    "by ak and the research community",
)
_CHROME = {
    *_HEAD,
    *"new hot rising trending previous next company tos privacy about jobs careers website".split(),  # noqa: SIM905
    *"models datasets spaces buckets posts docs pricing enterprise community papers tasks".split(),  # noqa: SIM905
    *"search upvote discussion discord github blog forum learn collections languages".split(),  # noqa: SIM905
    *("hugging face", "hugging face's logo", "log in", "login", "sign up", "sign in", "settings", "system theme"),
    *("view all", "view all papers", "show more", "load more", "expand", "collapse", "submitted by", "see all"),
    *("trending papers", "today", "this week", "this month", "yesterday", "back to top", "inference endpoints"),
    *("inference providers", "huggingchat", "terms of service", "privacy policy", "no data", "paper page", "arxiv"),
    *("daily", "weekly", "monthly", "trending this week", "search papers", "search for papers", "submit a paper"),
}
_CHROME_SHAPE = re.compile(
    r"(?:upvotes?|comments?|likes?|views?)\s+\d[\d.,]*k?|submitted by\s+\S.{0,40}|#\d+ paper of the day"
    r"|[-–—|/+\s]+|[+±]\d+|©.{0,60}|\d+ (?:papers?|comments?|upvotes?|likes?|results)"
    r"|page \d+(?: of \d+)?|(?:\d+\s+|(?:\.\.\.|…)\s*){2,}\d*",
    re.IGNORECASE,
)
_AUTHORS = re.compile(r"(\d[\d,]*)\s+authors?", re.IGNORECASE)
_DATE = re.compile(
    rf"(?:(?:published|submitted|posted)(?: on)?\s+)?({MONTHS}\s+\d{{1,2}}(?:,\s*\d{{4}})?|\d{{4}}-\d{{2}}-\d{{2}})"
    r"(?:\s*\d[\d.,]*k?)?",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"(?:about |almost |over )?(?:\d+|an?) (?:minute|hour|day|week|month|year)s? ago(?:\s+\d[\d.,]*k?)?", re.IGNORECASE
)
_COUNT = re.compile(r"\d[\d.,]*k?", re.IGNORECASE)


def pieces(lines: Iterable[tuple[int, str]]) -> Iterator[Line | End]:
    """The lines of a page as text and what parts it; all that stands between two lines of text is one End."""
    gap, end, before = False, None, True
    glue, whose = True, False
    for number, raw in lines:
        text = raw.strip()
        if not text:
            gap = True
            continue
        if before and glue:
            # A button's word runs into the first title; a Subscribe on a line of its own was not glued.
            glue = text.casefold() != "subscribe"
            text = unglued(text) if glue else text
        mark = End() if whose and " " not in text else _mark(text)
        whose = text.casefold() == "submitted by"  # and on the next line, by whom
        if mark is not None:
            end = mark if end is None else _joined(end, mark)
            gap = True
            continue
        if end is not None:
            yield end
        yield Line(number, text, gap)
        gap, end, before = False, None, False
    if end is not None:
        yield end


def unglued(text: str) -> str:
    """The first title without the words of the page's head that are glued to it.

    >>> unglued("SubscribeReversible Column Networks"), unglued("Subscribers and Churn")
    ('Reversible Column Networks', 'Subscribers and Churn')
    """
    low = text.casefold()
    for words in _HEAD:
        rest = text[len(words) :]
        if low.startswith(words) and rest and not rest[0].isspace() and not re.match(r"(?:rs?|d|'s)\b|[:,.!?]", rest):
            return unglued(rest)
    return text


def is_page(text: str) -> bool:
    """Whether the front of a text shows the head of the page, or the authors of its papers.

    >>> is_page("new\\n\\nGet trending papers in your email inbox!"), is_page("Subscribe\\nto our list")
    (True, False)
    """
    found = [line.strip() for line in text.splitlines()]
    heads = any(line.casefold().startswith(words) for line in found for words in _HEAD if words != "subscribe")
    return heads or any(_AUTHORS.fullmatch(line.lstrip("•·*- ")) for line in found)


def _mark(text: str) -> End | None:
    """The End that a line stands for; None where it is text."""
    if text.casefold() in _CHROME or _CHROME_SHAPE.fullmatch(text):
        return End()
    end = End()
    for part in re.split(r"[•·∙|]", text):
        found = _part(part.strip(" \t*-–")) if part.strip() else End()
        if found is None:
            return None
        end = _joined(end, found)
    return end


def _part(text: str) -> End | None:
    if m := _AUTHORS.fullmatch(text):
        return End(sure=True, author_count=int(m[1].replace(",", "")))
    if m := _DATE.fullmatch(text):
        # A date with no year is of the year in which the page was saved, which the page does not say.
        return End(sure=True, date=iso_date(m[1]))
    if _AGO.fullmatch(text):
        return End(sure=True)
    return End() if not text or _COUNT.fullmatch(text) else None


def _joined(one: End, other: End) -> End:
    return replace(
        one,
        sure=one.sure or other.sure,
        author_count=one.author_count if one.author_count is not None else other.author_count,
        date=one.date or other.date,
    )
