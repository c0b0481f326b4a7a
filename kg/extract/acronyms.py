"""Short forms and the long forms that the text spells out for them.

The method of Schwartz and Hearst (2003, "A simple algorithm for identifying abbreviation definitions in biomedical
text"): match the letters of the short form backwards through the words before the bracket; the first letter has to
open a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.notes import text_of

__all__ = ["Acronyms", "Pair", "find_pairs"]


class Pair(NamedTuple):
    """A short and a long form, each with its place."""

    short: str
    short_start: int
    long: str
    long_start: int


_BRACKET = re.compile(r"[(\[]([^()\[\]\n]{2,60})[)\]]")
_STOP = re.compile(r"[.;:!?()\[\]]\s|[;:()\[\]]|\n\n")
_CUT = re.compile(r"[,;]|\bor\b|\baka\b")


def find_pairs(text: str) -> Iterator[Pair]:
    """Every pair that `text` defines, in order.

    >>> [(p.short, p.long) for p in find_pairs("Reversible Column Networks (RevCol) and LLMs (large language models).")]
    [('RevCol', 'Reversible Column Networks'), ('LLMs', 'large language models')]
    """
    for found in _BRACKET.finditer(text):
        inside, at = found[1], found.start(1)
        cut = _CUT.search(inside)
        short = (inside[: cut.start()] if cut else inside).strip()
        before_start = max(0, found.start() - 160)
        before = text[before_start : found.start()]
        stops = [m.end() for m in _STOP.finditer(before)]
        if stops:
            before_start, before = before_start + stops[-1], before[stops[-1] :]
        before = before.rstrip()
        if _is_short(short):
            start = _long_form(short, before)
            if start is not None:
                yield Pair(short, at + inside.index(short), before[start:], before_start + start)
                continue
        # The other way round: a short form before the bracket, its long form inside.
        word = before[before.rfind(" ") + 1 :] if before else ""
        if word and _is_short(word) and " " in inside.strip():
            start = _long_form(word, inside)
            if start is not None and not inside[:start].strip():
                yield Pair(word, before_start + len(before) - len(word), inside[start:].rstrip(), at + start)


def _is_short(s: str) -> bool:
    return 2 <= len(s) <= 14 and s.count(" ") <= 1 and s[0].isalnum() and any(c.isupper() for c in s)


def _long_form(short: str, before: str) -> int | None:
    """Where in `before` the long form of `short` starts; None if the letters are not there."""
    core = short[:-1] if short.endswith("s") and len(short) > 2 and short[-2].isupper() else short
    letters = [c for c in core.lower() if c.isalnum()]
    low = before.lower()
    if len(low) != len(before) or not letters:
        return None
    at = len(low)
    for i in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= 0 and (low[at] != letters[i] or (i == 0 and at > 0 and low[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return None
    at = _whole_word(low, at)
    long = before[at:]
    words = len(long.split())
    if words > min(len(letters) + 5, len(letters) * 2) or len(long) <= len(short) or short in long.split():
        return None
    return at if words > 1 or len(long) > 2 * len(short) else None


def _whole_word(low: str, at: int) -> int:
    """Where the hyphenated word around `at` begins, if with the same letter: Self-Supervised, not Supervised."""
    head = max(low.rfind(" ", 0, at), low.rfind("\n", 0, at)) + 1
    return head if head < at and low[at - 1] == "-" and low[head] == low[at] else at


class Acronyms:
    """Notes the pairs in ``doc.user_data["kg.pairs"]``."""

    def __call__(self, doc: Doc) -> Doc:
        text = text_of(doc)
        doc.user_data["kg.pairs"] = list(find_pairs(text)) if "(" in text or "[" in text else []
        return doc


@Language.factory("kg_acronyms")
def create_acronyms(nlp: Language, name: str) -> Acronyms:
    return Acronyms()
