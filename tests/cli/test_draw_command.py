"""kg draw, as a person runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from graphs import example_graph


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    return example_graph(tmp_path / "g").path


def kg(*arguments: str | Path, **environment: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "kg", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    return done.returncode, done.stdout, done.stderr


def test_writes_the_page_and_says_where(graph: Path, tmp_path: Path) -> None:
    page = tmp_path / "new" / "page.html"
    assert kg("draw", graph, "--around", "cifar 10", "-o", page) == (0, "", f"wrote {page}\n")
    assert page.read_text().startswith("<!doctype html>")


def test_a_name_nobody_has_gets_suggestions(graph: Path, tmp_path: Path) -> None:
    code, out, said = kg("draw", graph, "--around", "RezNet", "-o", tmp_path / "page.html")
    assert (code, out, said.count("\n")) == (1, "", 1)
    assert "ResNet" in said
    assert not (tmp_path / "page.html").exists()


def test_a_name_of_several_things_asks_which(graph: Path, tmp_path: Path) -> None:
    code, _, said = kg("draw", graph, "--around", "SGD", "-o", tmp_path / "page.html")
    assert (code, "dataset:sgd" in said, "method:sgd" in said) == (1, True, True)


@pytest.mark.parametrize("wrong", [["--hops", "-1"], ["--limit", "0"], ["--hops", "x"], []])
def test_wrong_usage_is_exit_2(graph: Path, tmp_path: Path, wrong: list[str]) -> None:
    around = ["--around", "BERT"] if wrong else []
    assert kg("draw", graph, *around, *wrong, "-o", tmp_path / "page.html")[0] == 2


def test_open_shows_the_page_in_the_browser(graph: Path, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/shown\n')
    browser.chmod(0o755)
    page = tmp_path / "a page.html"
    assert kg("draw", graph, "--around", "BERT", "-o", page, "--open", BROWSER=f"{browser} %s")[0] == 0
    assert (tmp_path / "shown").read_text().strip() == page.as_uri()
