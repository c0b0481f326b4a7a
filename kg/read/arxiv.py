"""arXiv's metadata as JSON lines: the Kaggle and OAI dumps, and subsets of them.

https://www.kaggle.com/datasets/Cornell-University/arxiv describes the fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from kg.model import Paper, Reject
from kg.read.dates import iso_date
from kg.read.inputs import Source
from kg.read.jsonl import parsed
from kg.read.record import Columns, paper_of

__all__ = ["is_arxiv", "read"]

# YYMM.NNNNN since April 2007, before it archive/YYMMNNN: the year and month of the first submission.
_ID = re.compile(
    r"(?:arxiv:)?(?:(?=\d{4}\.\d{4,5}(?!\d))|[a-z-]+(?:\.[a-z]{2})?/(?=\d{7}))(\d\d)[\d.]+(?:v\d+)?", re.IGNORECASE
)


def is_arxiv(record: Mapping[str, object]) -> bool:
    """Whether an object looks like a line of arXiv's metadata: an arXiv id, and categories.

    >>> is_arxiv({"id": "2501.06184", "categories": ["cs.CV"], "title": "PEACE"}), is_arxiv({"id": "2501.06184"})
    (True, False)
    """
    return _ID.fullmatch(str(record.get("id"))) is not None and "categories" in record


def read(source: Source, columns: Columns) -> Iterator[Paper | Reject]:
    """The papers of arXiv's metadata. The year is that of the id, so of the first submission."""
    for number, record in parsed(source):
        if isinstance(record, str):
            yield Reject(source.name, number, record)
            continue
        paper = paper_of(record, f"{source.name}:{number}", columns, arxiv=True)
        yield Reject(source.name, number, paper) if isinstance(paper, str) else _completed(paper, record)


def _completed(paper: Paper, record: Mapping[str, object]) -> Paper:
    found = _ID.fullmatch(paper.id)
    if not found:
        return paper
    year = int(found[1])
    authors = _authors(record.get("authors_parsed")) or paper.authors
    return replace(
        paper,
        year=1900 + year if year > 90 else 2000 + year,
        date=_first_version(record.get("versions")) or paper.date,
        url=paper.url or "https://arxiv.org/abs/" + paper.id.removeprefix("arxiv:"),
        authors=authors,
        author_count=len(authors) or paper.author_count,
    )


def _first_version(versions: object) -> str | None:
    """The date of version 1; update_date is that of the last change to the record."""
    if isinstance(versions, list) and versions and isinstance(versions[0], dict):
        created = versions[0].get("created")
        return iso_date(created) if isinstance(created, str) else None
    return None


def _authors(names: object) -> tuple[str, ...]:
    """[["Last", "First", "Jr."], ...] as "First Last Jr."."""
    if not isinstance(names, list):
        return ()
    people = []
    for name in names:
        if isinstance(name, list) and all(isinstance(part, str) for part in name[:3]):
            last, first, suffix = [*name[:3], "", "", ""][:3]
            people.append(" ".join(part.strip() for part in (first, last, suffix) if part.strip()))
    return tuple(p for p in people if p)
