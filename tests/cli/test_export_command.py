"""kg export, as a person runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from graphs import EDGES, NODES, example_graph

from kg.export import TARGETS


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    return example_graph(tmp_path / "g").path


def kg(*arguments: str | Path) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "kg", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("target", TARGETS)
def test_writes_and_says_what(target: str, graph: Path, tmp_path: Path) -> None:
    size = len(NODES) + len(EDGES)
    said = f"wrote {tmp_path / 'out'}: {size} nodes and edges as {target}\n"
    assert kg("export", graph, "--to", target, "-o", tmp_path / "out") == (0, "", said)
    assert (tmp_path / "out").exists()


def test_an_unknown_target_is_wrong_usage_and_lists_the_known(graph: Path, tmp_path: Path) -> None:
    code, out, said = kg("export", graph, "--to", "excel", "-o", tmp_path / "out")
    assert (code, out) == (2, "")
    assert all(target in said for target in TARGETS)


def test_a_place_that_cannot_be_written_is_one_line(graph: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    code, out, said = kg("export", graph, "--to", "turtle", "-o", tmp_path / "file" / "out.ttl")
    assert (code, out, said.count("\n"), "Traceback" in said) == (1, "", 1, False)
