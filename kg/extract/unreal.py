"""Tells where a text speaks of something that is not done: "unlike ImageNet", "could be applied to MIMIC-III"."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["unreal_places"]

# What is denied stands close behind its word; what is only thought of may stand further on. Both end with the clause.
_DENIED = r"""(?P<denied>\b(?:
    unlike | without | rather\s+than | instead\s+of | as\s+opposed\s+to | contrary\s+to | in\s+contrast\s+to
  | differs?\s+from | different\s+from
  | (?:not|never)\s+(?:\w+\s+){0,2}?
    (?:use|using|used|need|needing|require|requiring|rely|relying|trained|based)(?:\s+on)?
)\b)"""
_THOUGHT = r"""(?P<thought>\b(?:
    (?:could|might|may|would)\s+(?:\w+\s+){0,3}?be\s+(?:\w+\s+){0,2}?
    (?:adapted|applied|evaluated|extended|generali[sz]ed|ported|tested|transferred|tried)\s+(?:to|on|with|for|in)
  | future\s+work | in\s+(?:the\s+)?future
)\b)"""
_WORDS = re.compile(f"{_DENIED}|{_THOUGHT}", re.IGNORECASE | re.VERBOSE)
_REACH = {"denied": 4, "thought": 12}  # words between it and the name
_LONGEST = 160  # characters between them
_CLAUSE_ENDS = {"denied": re.compile(r"[.;:,!?](?:\s|$)"), "thought": re.compile(r"[.;:!?](?:\s|$)")}


def unreal_places(text: str, starts: Sequence[int]) -> list[bool]:
    """For each of the places that start there, ascending, whether it is only denied or thought of.

    >>> text = "Unlike ImageNet, we use CIFAR-10, which could be extended to SVHN."
    >>> unreal_places(text, [text.index(name) for name in ("ImageNet", "CIFAR", "SVHN")])
    [True, False, True]
    """
    answers = [False] * len(starts)
    at = 0
    for word in _WORDS.finditer(text):
        sort = word.lastgroup or ""
        while at < len(starts) and starts[at] < word.end():
            at += 1
        for i in range(at, len(starts)):
            between = text[word.end() : starts[i]]
            if len(between) > _LONGEST:
                break
            near = len(between.split()) <= _REACH[sort] and not _CLAUSE_ENDS[sort].search(between)
            answers[i] = answers[i] or near
    return answers
