"""kg train, kg extract --model and --lexicon, as a person runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

GOLD = Path(__file__).parent.parent / "data/extract/gold.jsonl"


def kg(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kg", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_a_model_is_trained_and_used(tmp_path: Path) -> None:
    done = kg("train", str(GOLD), "-o", "mine", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, f"{len(GOLD.read_text().splitlines())} papers: mine\n")
    assert "on papers that the model had not seen" in done.stdout
    (tmp_path / "papers.jsonl").write_text('{"title": "A study", "abstract": "We test on ImageNet."}\n')
    done = kg("extract", "papers.jsonl", "--model", "mine", cwd=tmp_path)
    assert [d["name"] for d in json.loads(done.stdout)["datasets"]] == ["ImageNet"]


def test_names_of_ones_own_are_found(tmp_path: Path) -> None:
    (tmp_path / "papers.jsonl").write_text('{"title": "A study", "abstract": "Zibba it is."}\n')
    (tmp_path / "mine.tsv").write_text("name\ttype\nZibba\tDataset\n")
    done = kg("extract", "papers.jsonl", "--lexicon", "mine.tsv", cwd=tmp_path)
    assert [(d["name"], d["score"]) for d in json.loads(done.stdout)["datasets"]] == [("Zibba", 1.0)]


def test_a_wrong_row_is_one_line_and_exit_1(tmp_path: Path) -> None:
    (tmp_path / "papers.jsonl").write_text('{"title": "A study", "abstract": ""}\n')
    (tmp_path / "mine.tsv").write_text("name\ttype\nZibba\tThing\n")
    for command in (("extract", "papers.jsonl"), ("build", "papers.jsonl", "-o", "graph")):
        done = kg(*command, "--lexicon", "mine.tsv", cwd=tmp_path)
        assert done.returncode == 1
        assert done.stderr.endswith("mine.tsv:2: 'Thing' is no type (one of Dataset, Method, Task)\n")


def test_gold_that_is_none_is_one_line_and_exit_1(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text("x\n")
    done = kg("train", "gold.jsonl", "-o", "mine", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("kg: gold.jsonl:1: is no JSON")
