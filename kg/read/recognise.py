"""Which format an input has: by its name's ending and by what it begins with."""

from __future__ import annotations

import json
import re
from pathlib import PurePath

from kg.read.inputs import Source

__all__ = ["recognised"]

_BY_ENDING = {".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".bib": "bibtex", ".bibtex": "bibtex", ".xml": "acl"}
_JSON = {".json", ".jsonl", ".ndjson", ".jsonlines"}
_ENTRY = re.compile(
    r"^\s*@(?:article|book|conference|in(?:book|collection|proceedings)|misc|online|phdthesis|techreport|unpublished)"
    r"\s*[{(]",
    re.IGNORECASE | re.MULTILINE,
)


def recognised(source: Source) -> str | None:
    """The name of the format, None where it looks like none. Looks at the first 64 kB only."""
    ending = PurePath(source.name.lower().removesuffix(".gz")).suffix
    text = source.head.decode("utf-8-sig", "replace").lstrip()
    if ending in _JSON or re.match(r"\{|\[\s*\{", text):
        return "arxiv" if _is_arxiv(text) else "jsonl"
    if ending in _BY_ENDING:
        return _BY_ENDING[ending]
    if text.startswith(("<?xml", "<collection")):
        return "acl"
    # Plain text is mostly a page; in any other file, titles and abstracts in turn must be beyond doubt.
    return _of_text(text, least=40 if ending == ".txt" else 300)


def _of_text(text: str, *, least: int) -> str | None:
    from kg.read.csv import delimiter_of
    from kg.read.hf_lines import is_page
    from kg.read.hf_papers import looks_alternating

    if _ENTRY.search(text):
        return "bibtex"
    if delimiter := delimiter_of(text.split("\n", 1)[0]):
        return "tsv" if delimiter == "\t" else "csv"
    return "hf-papers" if is_page(text) or looks_alternating(text, least=least) else None


def _is_arxiv(text: str) -> bool:
    """By the first object that is whole: the first line of a file may be broken."""
    from kg.read.arxiv import is_arxiv

    for line in text.lstrip("[ \t\r\n").split("\n")[:20]:
        try:
            value = json.loads(line.strip().rstrip(",]"))
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            return is_arxiv(value)
    try:
        value, _ = json.JSONDecoder().raw_decode(text.lstrip("[ \t\r\n"))
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and is_arxiv(value)
