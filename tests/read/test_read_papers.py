"""Whole files of each format, against what must be read from them, and how a format is told."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.model import Paper, Reject
from kg.read import FORMATS, files, read_papers
from kg.read.jsonl import paper_line, reject_line

DATA = Path(__file__).parent.parent / "data" / "read"
NAMES = sorted(p.name for p in DATA.iterdir() if p.is_file())


def written(results: list[Paper | Reject]) -> str:
    return "".join(paper_line(r) if isinstance(r, Paper) else reject_line(r) for r in results)


@pytest.mark.parametrize("name", NAMES)
def test_file_reads_as_expected(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DATA)
    assert written(list(read_papers([name]))) == (DATA / "expected" / f"{name}.jsonl").read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_packed_file_reads_the_same(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / f"{name}.gz").write_bytes(gzip.compress((DATA / name).read_bytes()))
    monkeypatch.chdir(DATA)
    plain = written(list(read_papers([name])))
    monkeypatch.chdir(tmp_path)
    assert written(list(read_papers([f"{name}.gz"]))).replace(f"{name}.gz", name) == plain


@pytest.mark.parametrize("name", [n for n in NAMES if n != "page-no-head.txt"])
def test_format_is_told_without_the_name(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DATA)
    plain = written(list(read_papers([name])))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((DATA / name).read_bytes())))
    assert written(list(read_papers(["-"]))) == plain.replace(f'"{name}', '"-')


def test_what_is_written_reads_back_equal(tmp_path: Path) -> None:
    papers = [p for p in read_papers([DATA]) if isinstance(p, Paper)]
    out = tmp_path / "papers.jsonl"
    out.write_text("".join(map(paper_line, papers)), "utf-8", newline="\n")
    assert list(read_papers([out])) == papers


def test_bad_file_does_not_stop_the_next(tmp_path: Path) -> None:
    (tmp_path / "1.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (tmp_path / "2.jsonl").write_bytes(b"")
    (tmp_path / "3.jsonl.gz").write_bytes(gzip.compress(b'{"title": "x"}\n' * 1000)[:60])
    (tmp_path / "4.py").write_text("import this\n")
    (tmp_path / "5.csv").write_bytes("title,abstract\na,b\n".encode("utf-16"))
    (tmp_path / "6.jsonl").write_text('{"title": "The Last"}\n')
    (tmp_path / ".hidden.jsonl").write_text('{"title": "Hidden"}\n')
    found = [
        (Path(r.path).name, r.line, r.reason[:22]) if isinstance(r, Reject) else r.title
        for r in read_papers([tmp_path])
    ]
    assert found == [
        ("1.png", None, "binary file: an image"),
        ("2.jsonl", None, "empty file"),
        ("3.jsonl.gz", None, "cannot be read to its "),
        ("4.py", None, "not a kind of file tha"),
        ("5.csv", None, "UTF-16 text; save it a"),
        "The Last",
    ]


def test_line_that_is_not_utf8_is_set_aside_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"title": "A"}\r\n{"title": "caf\xe9"}\r\n\r\n{"title": "B"}\r\n')
    a, bad, b = read_papers([file])
    assert (a.title, bad, b.title, b.sources) == (  # type: ignore[union-attr]
        "A",
        Reject(str(file), 2, "not UTF-8: byte 0xe9 at byte 15"),
        "B",
        (f"{file}:4",),
    )


def test_column_of_another_name_is_mapped(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("Name,Text,title\nReal Title,An abstract.,not this\n")
    (paper,) = read_papers([file], columns={"title": "Name", "abstract": "text"})
    assert isinstance(paper, Paper)
    assert (paper.title, paper.abstract) == ("Real Title", "An abstract.")


def test_mapped_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("title,abstract\na,b\n")
    (tmp_path / "b.jsonl").write_text('{"title": "a"}\n')
    reasons = [r.reason for r in read_papers([tmp_path], columns={"title": "Name"}) if isinstance(r, Reject)]
    assert reasons == [
        "no column 'Name' among: title, abstract; name it with --map title=COLUMN",
        "no title: no field 'Name'",
    ]


def test_files_are_expanded_sorted_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("b/2.csv", "b/a/1.csv", "b/.git/x", "a.jsonl", "c.jsonl"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert files(["c.jsonl", "b", "*.jsonl", "-"]) == ("c.jsonl", "b/2.csv", "b/a/1.csv", "a.jsonl", "-")


@pytest.mark.parametrize(
    ("inputs", "options", "message"),
    [
        (["nowhere.jsonl"], {}, "nowhere.jsonl: there is no such file or folder (that folder holds empty)"),
        ([""], {}, "an input without a name (perhaps a variable of the shell that is not set)"),
        (["*.jsonl"], {}, "*.jsonl: no file matches this pattern (check the folder and the ending)"),
        (["empty"], {}, "empty: the folder has nothing to read (kg read --help lists what is read)"),
        ([], {}, "no input given (name a file, a folder, a glob, or - for standard input)"),
        (["empty"], {"format": "xml"}, f"there is no format 'xml' (one of {', '.join(FORMATS)})"),
    ],
)
def test_nothing_to_read_is_an_error_at_once(
    inputs: list[str], options: dict[str, str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as raised:
        read_papers(inputs, **options)  # type: ignore[arg-type]
    assert str(raised.value) == message


def test_a_link_to_nothing_is_an_error_that_says_where_it_points(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("link.jsonl").symlink_to("gone.jsonl")
    with pytest.raises(InputError) as raised:
        read_papers(["link.jsonl"])
    assert str(raised.value) == "link.jsonl: a link to something that is not there (it points to gone.jsonl)"


def test_unknown_field_of_ours_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("title\na\n")
    with pytest.raises(InputError, match="papers have no field 'titel'"):
        read_papers([tmp_path], columns={"titel": "x"})


def test_importing_the_readers_loads_none_of_them() -> None:
    code = "import kg.read, sys; print(*sorted(m for m in sys.modules if m.startswith('kg.read.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["kg.read.inputs"]
