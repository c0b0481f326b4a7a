"""The component that finds repositories and other links, and what the text says of its code."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.addresses import Address, find_addresses
from kg.extract.notes import Detail, add, offsets, text_of
from kg.model import CodeStatus

__all__ = ["Links", "code_status"]

_CODE = (
    r"(?:codes?|source[- ]codes?|codebases?|implementations?|software|toolkits?|librar(?:y|ies)|scripts?|packages?"
    r"|repositor(?:y|ies)|toolbox(?:es)?)"
)
_OPEN = (
    r"(?:released?|releas(?:es|ing)|available|open[- ]sourced?|open[- ]sourcing|published|public(?:ly)?|accessible"
    r"|provided?|found|shared|hosted|opened|downloaded)"
)
_HINTS = (
    *("code", "source code", "source-code", "implementation", "software", "toolkit", "toolbox", "librar", "script"),
    *("package", "repositor", "open-sourc", "open sourc"),
)
_REACH = 300
_STOPS = (". ", ".\n", "! ", "? ", "\n\n")
_CODE_WORD = re.compile(rf"\b{_CODE}\b|\bopen[- ]sourc(?:ed|ing)\b", re.I)
_OPEN_WORD = re.compile(rf"\b{_OPEN}\b|\bat:?\s+https?:|\bgithub\b", re.I)
_PROMISE = re.compile(
    rf"\b(?:will|shall|to)\s+(?:\w+\s+){{0,4}}(?:be\s+)?(?:\w+\s+){{0,3}}{_OPEN}\b|upon\s+(?:\w+\s+){{0,3}}(?:acceptance|publication)"
    r"|\bsoon\b|\bplan\s+to\b|once\s+accepted",
    re.I,
)


def code_status(text: str, addresses: list[Address]) -> CodeStatus:
    """Whether code is out, announced, or neither, by what the text says.

    >>> code_status("Our code will be released upon acceptance.", [])
    'promised'
    >>> code_status("The code is publicly available.", []), code_status("We crack a code.", [])
    ('released', 'none')
    """
    status: CodeStatus = "none"
    for address in addresses:
        if address.kind == "repository":
            # "Code will be available at" is a promise, the address notwithstanding.
            if not _PROMISE.search(_sentence(text, address.start, address.start)):
                return "released"
            status = "promised"
    if status == "promised":
        return status
    for start in _places(text):
        sentence = _sentence(text, start, start)
        if _OPEN_WORD.search(sentence):
            if not _PROMISE.search(sentence):
                return "released"
            status = "promised"
    return status


def _places(text: str) -> Iterator[int]:
    """Where a word for code may stand. Plain search is many times faster than a pattern, and most papers have none."""
    low = text.lower()
    for hint in _HINTS:
        at = low.find(hint)
        while at >= 0:
            if _CODE_WORD.match(text, at):
                yield at
            at = low.find(hint, at + 1)


def _sentence(text: str, start: int, end: int) -> str:
    """The sentence around a place, at most _REACH characters to either side; a full stop inside an address is none."""
    low = max(0, start - _REACH)
    opens = max(text.rfind(mark, low, start) for mark in _STOPS)
    closes = [at for mark in _STOPS if (at := text.find(mark, end, end + _REACH)) >= 0]
    return text[max(opens, low) : min(closes, default=end + _REACH)]


class Links:
    """Adds a Repository span for each repository, and notes all addresses and the state of the code."""

    def __call__(self, doc: Doc) -> Doc:
        text = text_of(doc)
        addresses = list(find_addresses(text))
        doc.user_data["kg.addresses"] = addresses
        doc.user_data["kg.code"] = code_status(text, addresses)
        repositories = [a for a in addresses if a.kind == "repository"]
        if repositories:
            starts, ends = offsets(doc)
            first = np.searchsorted(starts, [a.start for a in repositories], side="right") - 1
            last = np.searchsorted(ends, [a.end for a in repositories])
            detail = Detail("links", 1.0)
            add(doc, [(int(i), int(j) + 1, "Repository", detail) for i, j in zip(first, last, strict=True)])
        return doc


@Language.factory("kg_links")
def create_links(nlp: Language, name: str) -> Links:
    return Links()
