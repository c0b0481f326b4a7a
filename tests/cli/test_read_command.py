"""kg read, as a person runs it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

KG = [sys.executable, "-m", "kg", "read"]


def kg_read(*arguments: str, cwd: Path, stdin: str = "") -> tuple[int, str, list[str]]:
    """Exit status, standard output, and the lines of standard error."""
    done = subprocess.run(
        [*KG, *arguments], cwd=cwd, input=stdin, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout, done.stderr.splitlines()


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with two files that share a paper, and one bad line."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl").write_text('{"title": "Network In Network", "year": 2013}\n{"title": \n')
    (tmp_path / "in" / "b.csv").write_text("title,abstract\nnetwork in network,Small nets.\nOther Paper,Text.\n")
    return tmp_path


NETWORK = {
    "id": "title:network-in-network-211be3",
    "title": "network in network",
    "abstract": "Small nets.",
    "year": 2013,
    "sources": ["in/a.jsonl:1", "in/b.csv:2"],
}
OTHER = {"id": "title:other-paper-3e5d4e", "title": "Other Paper", "abstract": "Text.", "sources": ["in/b.csv:3"]}


def lines(text: str) -> list[object]:
    return [json.loads(line) for line in text.splitlines()]


def test_writes_papers_once_and_rejects_beside(desk: Path) -> None:
    status, out, talk = kg_read("in", "-o", "papers.jsonl", cwd=desk)
    reject = {"file": "in/a.jsonl", "line": 2, "reason": "not JSON: the line breaks off"}
    assert (status, out) == (0, "")
    assert talk == [
        "in/a.jsonl:2: not JSON: the line breaks off",
        "2 papers (1 from several inputs), 1 reject: papers.jsonl.rejects.jsonl",
    ]
    assert lines((desk / "papers.jsonl").read_text()) == [NETWORK, OTHER]
    assert lines((desk / "papers.jsonl.rejects.jsonl").read_text()) == [reject]
    assert sorted(p.name for p in desk.iterdir()) == ["in", "papers.jsonl", "papers.jsonl.rejects.jsonl"]


def test_no_rejects_leave_no_file(desk: Path) -> None:
    kg_read("in", "-o", "papers.jsonl", cwd=desk)
    assert kg_read("in/b.csv", "-o", "papers.jsonl", cwd=desk)[2] == ["2 papers, 0 rejects"]
    assert not (desk / "papers.jsonl.rejects.jsonl").exists()


def test_standard_input_to_standard_output(desk: Path) -> None:
    status, out, talk = kg_read("-", cwd=desk, stdin='[{"id": 7, "title": "Café"}]')
    assert (status, lines(out), talk) == (
        0,
        [{"id": "7", "title": "Café", "sources": ["-:1"]}],
        ["1 paper, 0 rejects"],
    )


def test_second_reading_of_the_output_changes_nothing(desk: Path) -> None:
    kg_read("in", "-o", "one.jsonl", cwd=desk)
    kg_read("one.jsonl", "-o", "two.jsonl", cwd=desk)
    assert (desk / "two.jsonl").read_bytes() == (desk / "one.jsonl").read_bytes()


def test_output_within_the_folder_that_is_read_is_no_input(desk: Path) -> None:
    kg_read("in", "-o", "in/out.jsonl", cwd=desk)
    first = (desk / "in/out.jsonl").read_bytes()
    talk = kg_read("in", "-o", "in/out.jsonl", cwd=desk)[2]
    assert ((desk / "in/out.jsonl").read_bytes(), talk[-1][:34]) == (first, "2 papers (1 from several inputs), ")


def test_column_of_another_name(desk: Path) -> None:
    (desk / "c.csv").write_text("Name,Text\nA Title,An abstract.\n")
    _, out, _ = kg_read("c.csv", "--map", "title=Name", "--map", "abstract=Text", cwd=desk)
    assert [(p["title"], p["abstract"]) for p in map(json.loads, out.splitlines())] == [("A Title", "An abstract.")]


def test_format_that_is_insisted_on(desk: Path) -> None:
    (desk / "notes").write_text("A Title\nWe say what we did.\n")
    _, out, talk = kg_read("notes", "--format", "hf-papers", cwd=desk)
    assert ([p["title"] for p in map(json.loads, out.splitlines())], talk) == (["A Title"], ["1 paper, 0 rejects"])


@pytest.mark.parametrize(
    ("arguments", "status", "last"),
    [
        (["nowhere"], 1, "kg: nowhere: there is no such file or folder (that folder holds in, none)"),
        (["in", "--format", "xml"], 1, "kg: there is no format 'xml' (one of hf-papers, arxiv, "),
        (["none"], 1, "kg: none: the folder has nothing to read (kg read --help lists what is read)"),
        (["in", "--map", "titel=Name"], 1, "kg: papers have no field 'titel' (they have id, title,"),
        (["in", "--map", "title"], 2, "╰"),
        ([], 2, "╰"),
    ],
)  # fmt: skip
def test_wrong_use_is_said(arguments: list[str], status: int, last: str, desk: Path) -> None:
    (desk / "none").mkdir()
    found, out, talk = kg_read(*arguments, cwd=desk)
    assert (found, out, talk[-1][: len(last)]) == (status, "", last)


def test_no_paper_at_all_is_exit_1_and_touches_no_file(desk: Path) -> None:
    (desk / "x.png").write_bytes(b"\x89PNG\0\0")
    (desk / "out.jsonl").write_text("old\n")
    status, _, talk = kg_read("x.png", "-o", "out.jsonl", cwd=desk)
    assert (status, talk, (desk / "out.jsonl").read_text()) == (
        1,
        ["x.png: binary file: an image", "0 papers, 1 reject: out.jsonl.rejects.jsonl"],
        "old\n",
    )


def test_interrupted_leaves_the_old_file_and_nothing_half(desk: Path) -> None:
    (desk / "out.jsonl").write_text("old\n")
    with subprocess.Popen(
        [*KG, "-", "-o", "out.jsonl"], cwd=desk, stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdin
        run.stdin.write(b'{"title": "A"}\nbroken\n' * 20_000)
        run.stdin.flush()
        # The rejects file shows that reading is under way.
        end = time.monotonic() + 60
        while not (desk / ".out.jsonl.rejects.jsonl.new").exists() and time.monotonic() < end:
            time.sleep(0.02)
        os.kill(run.pid, signal.SIGINT)
        run.stdin.close()
        assert run.wait(60) == 130
    assert sorted(p.name for p in desk.iterdir()) == ["in", "out.jsonl"]
    assert (desk / "out.jsonl").read_text() == "old\n"
