"""What stays of an extraction where only the surer mentions are wanted."""

from __future__ import annotations

from dataclasses import replace

from kg.errors import ModelError
from kg.model import Extraction

__all__ = ["checked_score", "kept"]


def kept(extraction: Extraction, at_least: float) -> Extraction:
    """The extraction with those mentions alone whose score reaches `at_least`, 0 to 1.

    Links and the state of the code are read from the text, not judged, and stay; so do repositories, whose score is 1.
    Of the acronyms those stay of which either form is still a mention.
    """
    mentions = tuple(m for m in extraction.mentions if m.score >= at_least)
    if len(mentions) == len(extraction.mentions):
        return extraction
    forms = {(" ".join(m.text.split()), m.type) for m in mentions}
    pairs = tuple(p for p in extraction.pairs if (p[0], p[2]) in forms or (p[1], p[2]) in forms)
    return replace(extraction, mentions=mentions, pairs=pairs)


def checked_score(at_least: float) -> float:
    """`at_least`, if it is from 0 to 1. Raises ModelError where it is not."""
    if not 0 <= at_least <= 1:  # nor not-a-number
        raise ModelError(f"no score reaches {at_least:g}", remedy="at_least is from 0 to 1")
    return at_least
