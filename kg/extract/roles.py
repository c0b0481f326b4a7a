"""The component that says what the paper does with a name, where nothing before it has: from the words around it.

Introduces, uses, compares, mentions. What a paper is set against ("outperforms X", "unlike X", "compared with X") is
compared; what might be or others did ("could be applied to X", "such as X" in a remark on the field) is only mentioned.
"""

from __future__ import annotations

from bisect import bisect_right

import ahocorasick_rs
from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.notes import details, offsets, text_of
from kg.extract.sentences import sentence_bounds
from kg.model import Role

__all__ = ["Roles", "cue_words", "role_of"]

_REACH = 90  # characters to the left that are read
# Words that stand before a name, by what they say of it; the nearest to the name counts.
_WORDS: dict[Role, tuple[str, ...]] = {
    "compares": (
        *(
            "outperform",
            "surpass",
            "exceed",
            "compared to",
            "compared with",
            "comparable to",
            "comparable with",
            "versus ",
        ),
        *(
            "superior to",
            "inferior to",
            "better than",
            "faster than",
            "baseline",
            "unlike ",
            "competitive with",
            "than ",
        ),
        *("existing ", "previous ", "prior ", "conventional ", "traditional ", "compared against", "in contrast to"),
    ),
    "mentions": (
        *("could be", "might be", "may be", "future", "inspired by", "such as", "has been", "have been", "recent"),
    ),
    "introduces": ("propose", "introduce", "called ", "named ", "dubbed ", "termed "),
}
_ROLE_OF: list[Role] = [role for role, words in _WORDS.items() for _ in words]
_ANCHORS = ahocorasick_rs.AhoCorasick([w for words in _WORDS.values() for w in words])
# Nothing but words that fill in stands between "we propose" and the name.
_INTRODUCED = 45


def cue_words(text: str) -> list[tuple[int, Role]]:
    """(where it ends, what it says) of each word that tells a role, in order."""
    return [(end, _ROLE_OF[i]) for i, _, end in _ANCHORS.find_matches_as_indexes(text.lower(), overlapping=True)]


def role_of(words: list[tuple[int, Role]], sentence: int, start: int) -> Role:
    """The role of a name at `start` in a sentence that opens at `sentence`, by the nearest word of `words` before it.

    >>> texts = ("We propose a net called X", "It outperforms X", "We train on X", "It could be applied to X")
    >>> [role_of(cue_words(s), 0, s.index("X")) for s in texts]
    ['introduces', 'compares', 'uses', 'mentions']
    """
    i = bisect_right(words, (start, "")) - 1
    if i < 0 or words[i][0] < max(sentence, start - _REACH):
        return "uses"
    end, role = words[i]
    return "uses" if role == "introduces" and start - end > _INTRODUCED else role


class Roles:
    """Fills in the role of every dataset and method that has none."""

    def __call__(self, doc: Doc) -> Doc:
        noted = details(doc)
        open_places = [(p, d) for p, d in noted.items() if d.role is None and p[2] in ("Dataset", "Method")]
        if not open_places:
            return doc
        words = cue_words(text_of(doc))
        starts = offsets(doc).starts
        bounds = doc.user_data.get("kg.sentences") or sentence_bounds(text_of(doc))
        for place, detail in open_places:
            at = int(starts[place[0]])
            role = role_of(words, bounds[bisect_right(bounds, at) - 1], at)
            # A dataset is no rival, and a technique that a paper would introduce has a name.
            if (place[2] == "Dataset" and role == "compares") or (role == "introduces" and detail.kind == "technique"):
                role = "uses"
            noted[place] = detail._replace(role=role)
        return doc


@Language.factory("kg_roles")
def create_roles(nlp: Language, name: str) -> Roles:
    return Roles()
