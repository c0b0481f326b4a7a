"""JSON: lines, arrays, and what is neither."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Paper, Reject
from kg.read import read_papers
from kg.read.jsonl import paper_line


def read(tmp_path: Path, text: str | bytes) -> list[tuple[int, str]]:
    """(line, title or reason) of all that is read."""
    file = tmp_path / "a.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = []
    for one in read_papers([file]):
        if isinstance(one, Reject):
            found.append((one.line or 0, one.reason))
        else:
            found.append((int(one.sources[0].rsplit(":", 1)[1]), one.title))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[{"title": "A"}, {"title": "B"}]', [(1, "A"), (1, "B")]),
        ('[\n {"title": "A"},\n {\n  "title": "B"}\n]\n', [(2, "A"), (3, "B")]),
        ('{\n  "title": "A",\n  "id": 1\n}\n', [(1, "A")]),
        ('{\r\n  "title": "A"\r\n}\r\n{\r\n  "title": "B"\r\n}', [(1, "A"), (4, "B")]),
        ('[{"title": "A"}, 3]', [(1, "A"), (1, "not a JSON object with the fields of a paper")]),
        ('[{"title": "A"},\n', [(1, "A"), (2, "the array breaks off: its end is missing")]),
        (
            '[{"title": "A"},\n{"title": }]',
            [(1, "A"), (2, "not JSON: Expecting value; what follows in the array is left out")],
        ),
        (
            b'[{"title": "A"},\n{"title": "caf\xe9"}]',
            [(1, "not UTF-8: byte 0xe9; what follows is left out")],
        ),
    ],
)
def test_array_or_objects_over_several_lines(
    text: str | bytes, expected: list[tuple[int, str]], tmp_path: Path
) -> None:
    assert read(tmp_path, text) == expected


def test_array_longer_than_the_buffer(tmp_path: Path) -> None:
    titles = [f"Title {i} " + "x" * 1000 for i in range(500)]
    assert read(tmp_path, json.dumps([{"title": t} for t in titles], indent=1)) == [
        (3 * i + 2, title) for i, title in enumerate(titles)
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"title": ' + "[" * 100_000 + "]" * 100_000 + "}", "not read: JSON nested too deep"),
        ('{"title": "x", "abstract": "' + "x" * (17 << 20) + '"}', "a line of more than 16 MB"),
        ('{"title": "half', "not JSON: the line breaks off"),
        ('{"title" "x"}', "not JSON: Expecting ':' delimiter at column 10"),
        ('{"title": "a\0b"}', "not JSON: Invalid control character at column 13"),
        ('{"title": true}', "the title is true or false, not text"),
        ('{"id": {}, "title": "x"}', "the id is an object, not text"),
        ('{"title": "\\ud83d"}', "half a character: an unpaired surrogate such as \\ud83d"),
        ("null", "not a JSON object with the fields of a paper"),
    ],
    ids=range(9),
)
def test_bad_line_is_set_aside_and_the_next_is_read(line: str, reason: str, tmp_path: Path) -> None:
    assert read(tmp_path, f'{{"title": "First"}}\n{line}\n{{"title": "Last"}}\n') == [
        (1, "First"),
        (2, reason),
        (3, "Last"),
    ]


def test_number_of_thousands_of_digits_is_set_aside(tmp_path: Path) -> None:
    ((line, reason),) = read(tmp_path, '{"title": "x", "year": ' + "9" * 5000 + "}")
    assert (line, reason[:17]) == (1, "not read: Exceeds")


def test_values_of_other_kinds_are_not_known_rather_than_wrong(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    record = {
        "title": "T",
        "year": "soon",
        "date": [],
        "url": {},
        "authors": [1, {"name": "A B"}],
        "doi": 3,
        "sources": "x",
    }
    file.write_text(json.dumps(record)[:-1] + ', "abstract": NaN, "author_count": Infinity, "categories": {}}')
    assert list(read_papers([file])) == [
        Paper("title:t-bf725e", "T", authors=("A B",), author_count=1, sources=(f"{file}:1",))
    ]


_TEXT = st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip)


@given(
    title=_TEXT,
    abstract=_TEXT,
    id=_TEXT,
    authors=st.lists(_TEXT.map(str.strip), max_size=3).map(tuple),
    year=st.none() | st.integers(1000, 2999),
)
def test_any_paper_reads_back_equal(
    title: str,
    abstract: str,
    id: str,
    authors: tuple[str, ...],
    year: int | None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    paper = Paper(
        id, title, abstract, year, authors=authors, author_count=len(authors) or None, identifiers=("doi:10.1000/x",),
        categories=("cs.CL", "Computer Vision"), sources=("a b.jsonl:3", "-:1"),
    )  # fmt: skip
    file = tmp_path_factory.mktemp("json") / "a.jsonl"
    file.write_bytes(paper_line(paper).encode())
    (back,) = read_papers([file], format="jsonl")
    assert isinstance(back, Paper)
    # An id can be an identifier as well; nothing else may be added.
    assert (back, set(back.identifiers) >= {"doi:10.1000/x"}) == (
        Paper(**{**{f: getattr(paper, f) for f in Paper.__slots__}, "identifiers": back.identifiers}),
        True,
    )
