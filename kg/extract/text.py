"""One paper as one text, and back: the title and the abstract become one Doc, so that either explains the other.

Offsets count code points. Replacements keep the length, so that an offset in the text is an offset in the paper.
"""

from __future__ import annotations

import re

from kg.model import Field, Paper

__all__ = ["SEPARATOR", "compose", "folded", "place"]

# Two line ends: a sentence never runs from the title into the abstract, and no name holds an empty line.
SEPARATOR = "\n\n"
# Half a surrogate pair is no character; spaCy cannot store it. U+FFFD takes its place, one code point for one.
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACES = str.maketrans(
    dict.fromkeys("\n\r\t\v\f\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029\u2009\u202f-\u2010\u2011\u2013_", " ")
)


def compose(paper: Paper) -> str:
    """The text that is analysed: title, an empty line, abstract.

    >>> compose(Paper(id="1", title="A title", abstract="Some words."))
    'A title\\n\\nSome words.'
    """
    text = paper.title + SEPARATOR + paper.abstract
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def place(start: int, end: int, title_length: int) -> tuple[Field, int, int] | None:
    """The field and the offsets in it of a stretch of the composed text; None if it lies in no one field.

    >>> place(0, 3, 7), place(9, 13, 7), place(5, 12, 7)
    (('title', 0, 3), ('abstract', 0, 4), None)
    """
    if end <= title_length:
        return "title", start, end
    shift = title_length + len(SEPARATOR)
    return ("abstract", start - shift, end - shift) if start >= shift else None


def folded(text: str) -> str:
    """Lower case, with hyphens, underscores and every white space as a space; exactly as long as `text`.

    >>> folded("ResNet-50\\nand GPT")
    'resnet 50 and gpt'
    """
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    return low.translate(_SPACES)
