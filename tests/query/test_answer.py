"""The rows of an answer, as dicts, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from kg.query.answer import Answer

ANSWER = Answer(("title", "year", "words"), (('a "b"\n,c', 2016, ("x", "y")), ("=1+1", None, ())))


def test_rows_are_dicts_and_counted() -> None:
    assert list(ANSWER) == [
        {"title": 'a "b"\n,c', "year": 2016, "words": ("x", "y")},
        {"title": "=1+1", "year": None, "words": ()},
    ]
    assert len(ANSWER) == 2


def test_json_gives_the_rows_back() -> None:
    assert json.loads(ANSWER.json()) == [
        {"title": 'a "b"\n,c', "year": 2016, "words": ["x", "y"]},
        {"title": "=1+1", "year": None, "words": []},
    ]
    assert Answer(("a",), ()).json() == "[]\n"


def test_csv_is_whole_and_runs_no_formula() -> None:
    assert ANSWER.csv() == 'title,year,words\n"a ""b""\n,c",2016,"[""x"", ""y""]"\n\'=1+1,,[]\n'


@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"])), st.integers())))
def test_csv_reads_back(rows: list[tuple[str, int]]) -> None:
    answer = Answer(("t", "n"), tuple(rows))
    read = list(csv.reader(io.StringIO(answer.csv(), newline="")))[1:]
    unarmed = [(t[1:] if t[:1] == "'" and t[1:2] in tuple("=+-@\t\r") else t, int(n)) for t, n in read]
    assert unarmed == rows
