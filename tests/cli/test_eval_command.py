"""kg eval as a person runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

DATA = Path(__file__).parent.parent / "data/evaluate"


def run(*args: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kg", "eval", *args],
        cwd=DATA,
        capture_output=True,
        text=True,
        input=text,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "80"},
    )


def test_figures_and_errors_as_printed() -> None:
    done = run("gold.jsonl", "predicted.jsonl", "--errors", "2")
    assert (done.returncode, done.stdout) == (0, (DATA / "printed.txt").read_text(encoding="utf-8"))
    assert done.stderr.splitlines() == [
        "gold.jsonl: 1 line gives way to a later one with the same id",
        "predicted.jsonl: 1 line gives way to a later one with the same id",
        "10 papers; 1 without a prediction, 1 predicted that gold.jsonl lacks",
    ]


def test_json_for_machines() -> None:
    done = run("gold.jsonl", "predicted.jsonl", "--json", "--errors", "1")
    found = json.loads(done.stdout)
    assert list(found) == [
        *("papers", "absent", "unknown", "scores", "agreements", "code", "roles", "calibration", "errors"),
    ]
    assert found["scores"]["repos"] == {"precision": 0.8, "recall": 0.8, "f1": 0.8, "found": 4, "wrong": 1, "missed": 1}
    assert [e["sort"] for e in found["errors"]] == ["missed", "wrong", "type", "kind", "role", "name", "code"]


def test_papers_of_gold_are_extracted_where_there_are_no_predictions() -> None:
    gold = {"id": "a", "title": "A study", "abstract": "We train on ImageNet.", "datasets": [{"name": "ImageNet"}]}
    done = run("-", "--json", text=json.dumps(gold))
    assert json.loads(done.stdout)["scores"]["datasets"]["found"] == 1


def test_only_what_is_sure_enough() -> None:
    found = json.loads(run("gold.jsonl", "predicted.jsonl", "--json", "--at-least", "0.95").stdout)
    figures = [found["scores"]["datasets"][key] for key in ("precision", "recall", "found", "wrong", "missed")]
    assert figures == [1.0, 0.1875, 3, 0, 13]


def test_a_line_at_fault_is_one_line_and_exit_1() -> None:
    done = run("-", "predicted.jsonl", text='{"id": "a"}\n{"id": 7}\n')
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("kg: -:2: no id, which is the text that tells papers apart (a line looks so: ")


def test_predictions_of_other_papers_are_refused() -> None:
    done = run("-", "predicted.jsonl", text='{"id": "nobody"}\n')
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1] == "kg: predicted.jsonl: none of the papers of - is in it (do the ids agree?)"


def test_wrong_usage() -> None:
    codes = [
        run(*args, text="").returncode for args in (("a", "b", "--model", "c"), ("-", "-"), ("a", "--at-least", "2"))
    ]
    assert codes == [2, 2, 2]
