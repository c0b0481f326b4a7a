"""The component that says what the paper does with a name, where nothing before it has: from the words around it.

Introduces, uses, compares, mentions. What a paper is set against ("outperforms X", "unlike X", "compared with X") is
compared; what might be or others did ("could be applied to X", "such as X" in a remark on the field) is only mentioned.
"""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.notes import Detail, details, offsets, text_of
from kg.model import Role

__all__ = ["Roles", "role_of"]

_REACH = 90  # characters to the left that are read
_COMPARES = re.compile(
    r"\b(?:outperform|surpass|exceed|beat)(?:s|ed|ing)?\b|\b(?:compared?|comparable|superior|inferior|relative)\s+(?:to|with|against)\b"
    r"|\bbetter\s+than\b|\bover\s+(?:the\s+)?(?:strong\s+)?baselines?\b|\bbaselines?\b|\bversus\b|\bvs\b|\bunlike\b|\bthan\b"
    r"|\bcompeti(?:tive|ng)\s+(?:with|to)\b|\b(?:existing|previous|prior|conventional|traditional)\s+(?:[\w-]+\s+){0,2}$",
    re.IGNORECASE,
)
_MENTIONS = re.compile(
    r"\b(?:could|might|may)\s+(?:also\s+)?be\s+\w+\b|\bfuture\b|\binspired\s+by\b|\bin\s+the\s+spirit\s+of\b|\bsuch\s+as\b[^,.;]{0,30}$"
    r"|\bhas\s+been\b|\bhave\s+been\b|\brecent(?:ly)?\b",
    re.IGNORECASE,
)
_INTRODUCES = re.compile(
    r"\b(?:propos|present|introduc|releas|develop)\w{0,4}\s+(?:[\w,-]+\s+){0,6}$|\b(?:called|named|dubbed|termed)\s+\W?$",
    re.IGNORECASE,
)


def role_of(before: str) -> Role:
    """The role of a name by the words of its sentence `before` it.

    >>> before = ("We propose a net called ", "It outperforms ", "We train on ", "It could be applied to ")
    >>> [role_of(s) for s in before]
    ['introduces', 'compares', 'uses', 'mentions']
    """
    near = before[-_REACH:]
    if _INTRODUCES.search(near):
        return "introduces"
    if _COMPARES.search(near):
        return "compares"
    return "mentions" if _MENTIONS.search(near) else "uses"


class Roles:
    """Fills in the role of every dataset and method that has none."""

    def __call__(self, doc: Doc) -> Doc:
        noted = details(doc)
        text = text_of(doc)
        starts = offsets(doc).starts
        for place, detail in noted.items():
            start, _, label = place
            if detail.role is None and label in ("Dataset", "Method"):
                at = int(starts[start])
                opens = max(
                    text.rfind(". ", max(0, at - _REACH), at),
                    text.rfind("\n\n", max(0, at - _REACH), at),
                    at - _REACH,
                    0,
                )
                role = role_of(text[opens:at])
                if label == "Dataset" and role == "compares":
                    role = "uses"
                if detail.kind != "named" and label == "Method" and role == "introduces":
                    role = "uses"
                noted[place] = Detail(detail.source, detail.score, detail.kind, role)
        return doc


@Language.factory("kg_roles")
def create_roles(nlp: Language, name: str) -> Roles:
    return Roles()
