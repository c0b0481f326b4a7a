"""LaTeX as bibliographies hold it, into plain text: accents, dashes, quotes, braces. Mathematics stays as written."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]

__all__ = ["plain"]

_MARKED = re.compile(r"[\\{}$~]|--|``|''")
_ADDRESS = re.compile(r"(?:https?|ftp)://[^\s{}\\]+")
_LINK = re.compile(r"\\href\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_PERCENT = re.compile(r"(?<!\\)%")
_BARE = {"~": r"\textasciitilde{}", "--": "-{}-", "''": "'{}'"}
_LIGATURE = re.compile("|".join(_BARE))


def plain(text: str) -> str:
    """`text` without LaTeX, its white space single: in BibTeX, a line break in a value means a space.

    What cannot be decoded stays as it is written.

    >>> plain(r"{\\'E}cole of {CIFAR}-10: 5\\% of $x_1$,   see \\url{https://example.org/~a_b}")
    'École of CIFAR-10: 5% of $x_1$, see https://example.org/~a_b'
    """
    text = " ".join(text.split())
    if not _MARKED.search(text):
        return text
    # The decoder takes % for a comment, and ~ and -- in an address for a space and a dash.
    text = _LINK.sub(_link, text)
    text = _PERCENT.sub(r"\\%", text)
    text = _ADDRESS.sub(lambda m: _LIGATURE.sub(lambda n: _BARE[n[0]], m[0]), text)
    try:
        return " ".join(_decoder().latex_to_text(text).split())
    except Exception:  # the decoder raises whatever comes up: what it cannot read stays as written
        return text


def _link(found: re.Match[str]) -> str:
    """The words of a link and its address: an abstract's only mention of its code may be there."""
    address, words = found[1], found[2]
    return words if words == address else f"{words} ({address})"


@cache
def _decoder() -> LatexNodes2Text:
    from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

    context = get_default_latex_context_db()
    # The defaults put addresses in angle brackets, and "<cit.>" for a citation.
    macros = [
        MacroTextSpec("url", simplify_repl="%s"),
        *(MacroTextSpec(name, discard=True) for name in ("cite", "citep", "citet", "ref", "label", "footnote")),
    ]
    context.add_context_category("bibliography", prepend=True, macros=macros)
    return LatexNodes2Text(latex_context=context, math_mode="verbatim")
