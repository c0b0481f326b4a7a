"""Tables: quotes that go wrong cost their own row alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.model import Reject
from kg.read import read_papers


def read(tmp_path: Path, text: str, name: str = "a.csv") -> list[tuple[int | None, str]]:
    file = tmp_path / name
    file.write_text(text, "utf-8", newline="")
    return [
        (one.line, one.reason)
        if isinstance(one, Reject)
        else (int(one.sources[0].rsplit(":", 1)[1]), f"{one.title}|{one.abstract}")
        for one in read_papers([file])
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('title,abstract\n"a\nb","c ""d"""\ne,f\n', [(2, 'a\nb|c "d"'), (4, "e|f")]),
        ("title,abstract\r\n\r\na,b\r\n", [(3, "a|b")]),
        (
            'title,abstract\na,"never closed\nb,c\nd,e\n',
            [(2, "not a row: unexpected end of data"), (3, "b|c"), (4, "d|e")],
        ),
        ('title,abstract\na,"b" c\nd,e\n', [(2, "not a row: ',' expected after '\"'"), (3, "d|e")]),
        ("title,abstract\na,b,c\nd,e,,\nf\n", [(2, "3 columns where the first row names 2"), (3, "d|e"), (4, "f|")]),
        ("title,abstract\n,b\n", [(2, "no title")]),
        ("foo,bar\n1,2\n", [(1, "no column 'title' among: foo, bar; name it with --map title=COLUMN")]),
        ("title,abstract\n", [(None, "no paper in it, read as csv")]),
        ("title;abstract\na;b\n", [(2, "a|b")]),
        ("title\na\n", [(2, "a|")]),
    ],
)
def test_rows(text: str, expected: list[tuple[int, str]], tmp_path: Path) -> None:
    assert read(tmp_path, text) == expected


def test_field_without_bound_is_set_aside(tmp_path: Path) -> None:
    found = read(tmp_path, "title,abstract\na," + "x" * (2 << 20) + "\nb,c\n")
    assert found == [(2, "not a row: field larger than field limit (1048576)"), (3, "b|c")]


def test_quotes_open_on_every_row_end(tmp_path: Path) -> None:
    found = read(tmp_path, "title,abstract\n" + 'a,"open\n' * 5000)
    assert (len(found), {reason[:9] for _, reason in found}) == (5000, {"not a row"})


def test_tabs_without_quoting_keep_their_quotation_marks(tmp_path: Path) -> None:
    found = read(tmp_path, 'title\tabstract\n"Why" Trust\tb\n"quoted\ttab"\tc\n', "a.tsv")
    assert found == [(2, '"Why" Trust|b'), (3, "quoted\ttab|c")]
