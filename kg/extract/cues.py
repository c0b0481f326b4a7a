"""The component that knows how papers announce a name: "we propose X", "X: a ...", "on the X dataset", "outperforms X".

One compiled pattern a cue, each anchored at a rare word, so that a text is passed in time linear in its length. Alone,
the component adds spans; before the scorer, what it found is one more piece of evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import ahocorasick_rs
from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.notes import Detail, add, text_of, token_places
from kg.model import Role

__all__ = ["CUES", "Cue", "Cues", "find_cues"]

# A capital, a digit or an inner capital opens each word of a name; marks inside a word belong to it.
_PART = (
    r"(?:[A-Z][\w+*]{0,40}|[a-z]{1,12}[A-Z][\w+*]{0,40}|\d[\w]{0,20}[A-Z]\w{0,20})"
    r"(?:[-./’'][A-Za-z0-9][\w+*]{0,40}){0,4}"
)
_NAME = rf"(?P<name>{_PART}(?:\s(?:{_PART}|\d[\w.]{{0,6}}\b)){{0,4}})"
_FILLER = (
    r"(?:(?:an?|the|our|two|novel|new|simple|yet|effective|efficient|first|large|general|lightweight|unified"
    r"|,|and|multilingual|method|model|approach|framework|algorithm|network|architecture|dataset"
    r"|benchmark|corpus|system|called|named|dubbed|termed|namely|as|first-of-its-kind|large-scale"
    r"|end-to-end|open-source|publicly|available|comprehensive|challenging"
    r")\s+){0,8}"
)
_DATA = r"(?:data\s?sets?|benchmarks?|corpus|corpora|test\s?suite|challenge|shared\s+task|database|leaderboard)\b"


class Cue(NamedTuple):
    """A cue and what it says of the name it finds: a node type, a role and how often that is so, as measured."""

    name: str
    pattern: re.Pattern[str]
    type: str
    role: Role
    score: float


CUES = (
    Cue("title", re.compile(rf"\A{_NAME}\s?:\s"), "Method", "introduces", 0.72),
    Cue(
        "proposed",
        re.compile(
            rf"\b(?:propose|present|introduce|develop|describe|release|design|build|construct|create|offer|contribute)"
            rf"(?:s|d|ed)?\s+{_FILLER}[\"“'‘(]?{_NAME}(?!\s+{_DATA})"
        ),
        "Method",
        "introduces",
        0.66,
    ),
    Cue(
        "called",
        re.compile(rf"\b(?:called|named|dubbed|termed|coined|namely)\s+(?:as\s+)?[\"“'‘(]?{_NAME}"),
        "Method",
        "introduces",
        0.68,
    ),
    Cue(
        "data",
        re.compile(rf"\b(?:[Oo]n|[Uu]sing|[Ww]ith|[Ff]rom|[Tt]he|[Ii]n)\s+(?:the\s+)?{_NAME}(?=\s+(?:\w+\s)?{_DATA})"),
        "Dataset",
        "uses",
        0.75,
    ),
    Cue(
        "beaten",
        re.compile(
            rf"\b(?:outperform|surpass|exceed|beat)(?:s|ed|ing)?\s+(?:the\s+)?(?:strong\s+|previous\s+)?{_NAME}"
        ),
        "Method",
        "compares",
        0.52,
    ),
)


# A pattern is tried only where one of its words stands; finding those is one quick pass (Aho and Corasick).
_WORDS = {
    "proposed": "propose present introduce develop describe release design build construct create offer contribute",
    "called": "called named dubbed termed coined namely",
    "data": "dataset data|set benchmark corpus corpora test|suite challenge shared|task database leaderboard",
    "beaten": "outperform surpass exceed beat",
}
_CUE_OF = [i for i, cue in enumerate(CUES) for _ in _WORDS.get(cue.name, "").split()]
_ANCHORS = ahocorasick_rs.AhoCorasick([w.replace("|", " ") for c in CUES for w in _WORDS.get(c.name, "").split()])
_DATA_CUE = next(i for i, cue in enumerate(CUES) if cue.name == "data")
_BEFORE = 90  # characters in which a dataset's name stands before its head


def find_cues(text: str) -> Iterator[tuple[int, int, int]]:
    """(index in CUES, start, end) of each name that a cue announces.

    >>> text = "RevCol: a backbone\\n\\nWe propose RevCol. It outperforms ConvNeXt on the COCO dataset."
    >>> [(CUES[i].name, text[s:e]) for i, s, e in find_cues(text)]
    [('title', 'RevCol'), ('proposed', 'RevCol'), ('beaten', 'ConvNeXt'), ('data', 'COCO')]
    """
    seen: set[tuple[int, int, int]] = set()
    none_before = -1  # the cue for datasets stands nowhere between the last place tried and this one
    for row, start, _ in [(-1, 0, 0), *_ANCHORS.find_matches_as_indexes(text, overlapping=True)]:
        i = _CUE_OF[row] if row >= 0 else 0
        if i == _DATA_CUE:
            # The words before a dataset's head hold its name, so that cue is looked for to the left of its anchor.
            at = max(0, start - _BEFORE)
            if at <= none_before:
                continue
            found = CUES[i].pattern.search(text, at)
            none_before = found.start() if found else len(text)
        else:
            found = CUES[i].pattern.match(text, start)
        if found and (place := (i, found.start("name"), found.end("name"))) not in seen:
            seen.add(place)
            yield place


class Cues:
    """Notes the announced names in ``doc.user_data["kg.cues"]``, and adds spans for them where `add_spans`."""

    def __init__(self, *, add_spans: bool) -> None:
        self.add_spans = add_spans

    def __call__(self, doc: Doc) -> Doc:
        found = list(find_cues(text_of(doc)))
        places = token_places(doc, [(s, e) for _, s, e in found])
        noted = [(*place, cue) for (cue, _, _), place in zip(found, places, strict=True) if place]
        doc.user_data["kg.cues"] = noted
        if self.add_spans:
            add(doc, [(i, j, CUES[k].type, _detail(CUES[k])) for i, j, k in noted])
        return doc


def _detail(cue: Cue) -> Detail:
    return Detail("cues", cue.score, "named" if cue.type == "Method" else None, cue.role)


@Language.factory("kg_cues", default_config={"add_spans": True})
def create_cues(nlp: Language, name: str, add_spans: bool) -> Cues:
    return Cues(add_spans=add_spans)
