"""kg build and kg stats, as a person types them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PAPERS = [
    {
        "id": "1512.03385",
        "title": "Deep Residual Learning for Image Recognition",
        "abstract": "We propose ResNet, which learns what is left over. It is trained on CIFAR-10.",
        "year": 2015,
    },
    {"id": "x", "abstract": "no title"},
]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    lines = "".join(json.dumps(p) + "\n" for p in PAPERS)
    (tmp_path / "papers.jsonl").write_text(lines, encoding="utf-8")
    return tmp_path


def kg(desk: Path, *words: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "kg", *words]
    done = subprocess.run(command, cwd=desk, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def test_build_says_what_came_of_it_what_was_set_aside_and_what_to_do_next(desk: Path) -> None:
    status, printed, said = kg(desk, "build", "papers.jsonl", "-o", "graph")
    first, second, last = said.splitlines()
    assert (status, printed) == (0, "")
    assert first.startswith("1 paper, ")
    assert first.partition(" edges: ")[2].startswith("graph (")
    assert second == "1 set aside: graph.rejects.jsonl"
    assert last == "next: kg query graph papers-using-dataset -p dataset=CIFAR-10"
    status, printed, said = kg(desk, *last.removeprefix("next: kg ").split())
    assert status == 0, said
    assert "Deep Residual Learning" in printed


def test_stats_in_both_formats(desk: Path) -> None:
    kg(desk, "build", "papers.jsonl", "-o", "graph")
    status, printed, said = kg(desk, "stats", "graph", "--format", "json")
    figures = json.loads(printed)
    assert (status, said) == (0, "")
    assert list(figures) == ["nodes", "edges", "papers_by_year", "papers_by_code", "top"]
    assert (figures["nodes"]["Paper"], figures["papers_by_year"]) == (1, {"2015": 1})
    assert {"name": "CIFAR-10", "papers": 1} in figures["top"]["Dataset"]
    status, printed, said = kg(desk, "stats", "graph")
    assert (status, said) == (0, "")
    assert [line.split() for line in printed.splitlines() if "Paper" in line.split()] == [["Paper", "1"]]


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["build", "papers.jsonl", "-o", "papers.jsonl"], 1, "kg: papers.jsonl: exists and is no graph folder"),
        (["build", "nothing.jsonl", "-o", "graph"], 1, "kg: nothing.jsonl: there is no such file"),
        (["build", "papers.jsonl", "-o", "graph", "--memory", "lots"], 1, "kg: memory 'lots' is no size"),
        (["build", "papers.jsonl", "-o", "graph", "--map", "title"], 2, "'title' is not COLUMN=NAME"),
        (["build", "papers.jsonl", "-o", "graph", "--workers", "-1"], 2, "greater than or equal to 0"),
        (["build", "papers.jsonl"], 2, "Missing option"),
        (["build", "papers.jsonl", "-o", "papers.jsonl/graph"], 1, "kg: "),
        (["stats", "nothing"], 1, "kg: nothing: no such graph folder (make one: kg build INPUT... -o nothing)"),
    ],
)
def test_wrong_use_is_one_clear_message(desk: Path, words: list[str], status: int, message: str) -> None:
    code, printed, said = kg(desk, *words)
    assert (code, printed) == (status, "")
    assert message in " ".join(said.replace("│", " ").split())
    assert "Traceback" not in said
    if status == 1:
        assert len(said.splitlines()) == 1


def test_ctrl_c_says_that_the_build_can_go_on(desk: Path) -> None:
    command = [sys.executable, "-m", "kg", "build", "-", "-o", "graph", "--format", "jsonl"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=desk, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        end = time.monotonic() + 60
        while not (desk / ".graph.building" / "rejects.jsonl").exists():
            assert time.monotonic() < end
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        # Standard input stays open: the build must not wait for more of it.
        assert process.wait(timeout=30) == 130
        assert process.stderr is not None
        assert process.stderr.read() == "kg: interrupted; the same command goes on from here\n"
