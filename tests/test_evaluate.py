"""Gold against predicted: the figures of an independent program, figures worked out by hand, and the errors."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from kg.errors import InputError
from kg.evaluate import (
    Annotations,
    Difference,
    Report,
    Tenth,
    differences,
    evaluate,
    extracted,
    read_annotations,
    scored,
)

DATA = Path(__file__).parent / "data/evaluate"
GOLD: list[dict[str, Any]] = [
    {
        "id": "1",
        "title": "ImageNet and ResNet-50",
        "abstract": "We prune ResNets. PyTorch is used. Tests are on CIFAR-10 (image classification task).",
        "datasets": [
            {"name": "ImageNet", "mentions": ["ImageNet"], "role": "uses"},
            {"name": "CIFAR-10", "mentions": ["CIFAR-10"], "role": "introduces"},
        ],
        "methods": [
            {"name": "ResNet", "mentions": ["ResNets"], "kind": "named", "role": "compares"},
            {"name": "ResNet-50", "mentions": ["ResNet-50"], "kind": "named", "role": "introduces"},
            {"name": "pruning", "mentions": ["pruning"], "kind": "technique", "role": "uses"},
            {"name": "PyTorch", "mentions": ["PyTorch"], "kind": "software", "role": "uses"},
        ],
        "tasks": [{"name": "image classification", "mentions": ["image classification task"]}],
        "repos": ["https://github.com/A/b"],
        "code": "released",
    },
    {"id": "2", "datasets": [{"name": "GLUE", "mentions": ["GLUE"], "role": "uses"}]},
]
PREDICTED: list[dict[str, Any]] = [
    {
        "id": "1",
        "datasets": [
            {"name": "the ImageNet dataset", "mentions": [], "role": "mentions", "score": 0.95},
            {"name": "MNIST", "mentions": ["MNIST"], "role": "uses", "score": 0.85},
        ],
        "methods": [
            {"name": "ResNet 50", "mentions": ["ResNet 50"], "kind": "named", "role": "introduces", "score": 1.0},
            {"name": "pruning", "mentions": ["pruning"], "kind": "named", "role": "uses", "score": 0.5},
            {"name": "Adam", "mentions": ["Adam"], "kind": "named", "role": "uses", "score": 0.9},
            {"name": "CIFAR10", "mentions": ["CIFAR 10"], "kind": "technique", "role": "uses", "score": 0.4},
            {"name": "CUDA", "mentions": ["CUDA"], "kind": "software", "role": "uses", "score": 0.3},
        ],
        "tasks": [{"name": "image classification", "mentions": []}, {"name": "image classification", "mentions": []}],
        "repos": ["https://github.com/a/B", "https://github.com/c/d"],
        "code": "none",
    },
    {"id": "3", "datasets": [{"name": "C4"}]},
]


@pytest.fixture(scope="module")
def hard() -> tuple[Annotations, Annotations]:
    return read_annotations(DATA / "gold.jsonl"), read_annotations(DATA / "predicted.jsonl")


def table(report: Report) -> str:
    """The figures as the independent program prints them."""
    lines = [f"{report.papers} papers, {report.absent} without a prediction"]
    lines.append(f"{'':18s} {'P':>6s} {'R':>6s} {'F1':>6s} {'found':>6s} {'wrong':>6s} {'missed':>6s}")
    for row, s in report.scores.items():
        figures = f"{s.precision:6.3f} {s.recall:6.3f} {s.f1:6.3f}"
        lines.append(f"{row:18s} {figures} {s.found:6d} {s.wrong:6d} {s.missed:6d}")
    lines += [f"{what:28s} {a.share:6.3f}  of {a.total}" for what, a in sorted(report.agreements.items())]
    return "\n".join(lines) + "\n"


def test_the_counts_are_those_of_an_independent_program(hard: tuple[Annotations, Annotations]) -> None:
    gold, predicted = hard
    assert table(evaluate(gold.papers, predicted.papers)) == (DATA / "figures.txt").read_text(encoding="utf-8")


def test_the_shares_are_those_of_an_independent_program(hard: tuple[Annotations, Annotations]) -> None:
    report = evaluate(*(a.papers for a in hard))
    mine: dict[str, object] = {"papers": report.papers, "absent": report.absent}
    for row, s in report.scores.items():
        mine[row] = {"precision": round(s.precision, 4), "recall": round(s.recall, 4), "f1": round(s.f1, 4)}
    mine |= {what: round(a.share, 4) for what, a in report.agreements.items()}
    assert mine == json.loads((DATA / "figures.json").read_text(encoding="utf-8"))


def test_differences_are_as_many_as_the_figures_say(hard: tuple[Annotations, Annotations]) -> None:
    gold, predicted = (a.papers for a in hard)
    report, counts = evaluate(gold, predicted), Counter(d.sort for d in differences(gold, predicted))
    rows = [s for row, s in report.scores.items() if row != "methods (named)"]
    names = [a for what, a in report.agreements.items() if what.endswith("name")]
    assert {
        "missed": counts["missed"] + counts["type"],
        "wrong": counts["wrong"] + counts["type"],
        "role": counts["role"],
        "name": counts["name"],
        "code": counts["code"],
    } == {
        "missed": sum(s.missed for s in rows),
        "wrong": sum(s.wrong for s in rows),
        "role": sum(n for both in report.roles.values() for (a, b), n in both.items() if a != b),
        "name": sum(a.total - a.same for a in names),
        "code": report.code.total - report.code.same,
    }


def test_found_wrong_and_missed() -> None:
    assert {row: asdict(score) for row, score in evaluate(GOLD, PREDICTED).scores.items()} == {
        "datasets": {"found": 1, "wrong": 1, "missed": 2},
        "methods (named)": {"found": 1, "wrong": 1, "missed": 1},
        "methods (all)": {"found": 2, "wrong": 2, "missed": 1},
        "tasks": {"found": 1, "wrong": 1, "missed": 0},
        "repos": {"found": 1, "wrong": 1, "missed": 0},
    }


def test_agreement_over_what_is_found() -> None:
    report = evaluate(GOLD, PREDICTED)
    assert {what: asdict(a) for what, a in report.agreements.items()} == {
        "datasets canonical name": {"same": 1, "total": 1},
        "datasets role": {"same": 0, "total": 1},
        "methods canonical name": {"same": 2, "total": 2},
        "methods role": {"same": 2, "total": 2},
        "methods kind": {"same": 1, "total": 2},
        "tasks canonical name": {"same": 1, "total": 1},
    }
    assert (report.papers, report.absent, report.unknown, asdict(report.code)) == (2, 1, 1, {"same": 0, "total": 1})
    assert report.roles == {
        "datasets": {("uses", "mentions"): 1},
        "methods": {("introduces", "introduces"): 1, ("uses", "uses"): 1},
    }


def test_precision_recall_and_f1() -> None:
    score = evaluate(GOLD, PREDICTED).scores["datasets"]
    assert (score.precision, score.recall, score.f1) == (0.5, 1 / 3, 0.4)


def test_gold_against_itself_is_perfect() -> None:
    report = evaluate(GOLD, GOLD)
    assert {s.f1 for s in report.scores.values()} == {1.0}
    assert {a.share for a in report.agreements.values()} == {1.0}
    assert differences(GOLD, GOLD) == ()


def test_scores_by_tenth_against_the_share_that_is_right() -> None:
    assert evaluate(GOLD, PREDICTED).calibration == {
        "datasets": (Tenth(0.8, 0.9, 1, 0, 0.85), Tenth(0.9, 1.0, 1, 1, 0.95)),
        # pruning, named for a technique, is neither right nor wrong in this row
        "methods (named)": (Tenth(0.9, 1.0, 2, 1, 0.95),),
        "methods (all)": (Tenth(0.4, 0.5, 1, 0, 0.4), Tenth(0.5, 0.6, 1, 1, 0.5), Tenth(0.9, 1.0, 2, 1, 0.95)),
    }


def test_only_the_surer_ones() -> None:
    [first, _] = scored(PREDICTED, 0.9)
    assert {field: [e["name"] for e in first[field]] for field in ("datasets", "methods", "tasks")} == {
        "datasets": ["the ImageNet dataset"],
        "methods": ["ResNet 50", "Adam"],
        "tasks": ["image classification", "image classification"],  # without a score
    }
    assert (first["repos"], list(scored(PREDICTED, 0.0))) == (PREDICTED[0]["repos"], PREDICTED)


def test_each_difference_with_its_sentence() -> None:
    tests = "Tests are on CIFAR-10 (image classification task)."
    assert differences(GOLD, PREDICTED) == (
        Difference("type", "datasets", "1", "CIFAR-10", "datasets", "methods", tests),
        Difference("missed", "methods", "1", "ResNet", "ResNet", None, "We prune ResNets."),
        Difference("wrong", "datasets", "1", "MNIST", None, "MNIST", ""),
        Difference("wrong", "tasks", "1", "image classification", None, "image classification", tests),
        Difference("wrong", "methods", "1", "Adam", None, "Adam", ""),
        Difference("role", "datasets", "1", "ImageNet", "uses", "mentions", "ImageNet and ResNet-50"),
        Difference("kind", "methods", "1", "pruning", "technique", "named", ""),
        Difference("wrong", "repos", "1", "https://github.com/c/d", None, "https://github.com/c/d", ""),
        Difference("code", "code", "1", "", "released", "none", ""),
        Difference("missed", "datasets", "2", "GLUE", "GLUE", None, ""),
    )


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "not JSON: Expecting property name enclosed in double quotes at column 2"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not a JSON object"),
        ('{"title": "x"}', "no id, which is the text that tells papers apart"),
        ('{"id": 1}', "no id, which is the text that tells papers apart"),
        ('{"id": "1", "title": 5}', "title is no text"),
        ('{"id": "1", "datasets": {}}', "datasets is no list"),
        ('{"id": "1", "methods": ["BERT"]}', "methods, number 1: not an object with a name"),
        ('{"id": "1", "tasks": [{"name": "a"}, {"name": " "}]}', "tasks, number 2: no name"),
        (
            '{"id": "1", "tasks": [{"name": "a", "mentions": "a"}]}',
            "tasks, number 1: the mentions of a are no list of texts",
        ),
        (
            '{"id": "1", "datasets": [{"name": "a", "role": "used"}]}',
            "datasets, number 1: role of a is 'used', not one of introduces, uses, compares, mentions",
        ),
        (
            '{"id": "1", "methods": [{"name": "a", "kind": null}]}',
            "methods, number 1: kind of a is None, not one of named, technique, software",
        ),
        (
            '{"id": "1", "methods": [{"name": "a", "score": NaN}]}',
            "methods, number 1: score of a is nan, not a number from 0 to 1",
        ),
        ('{"id": "1", "repos": "https://github.com/a/b"}', "repos is no list of addresses"),
        ('{"id": "1", "code": "yes"}', "code is 'yes', not one of released, promised, none"),
    ],
)
def test_a_line_at_fault_is_named(line: str, what: str, tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text('{"id": "0"}\n\n' + line + "\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_annotations(file)
    e = caught.value
    assert (e.what, e.path, e.line, bool(e.remedy)) == (what, str(file), 3, True)


@pytest.mark.parametrize(
    ("data", "what", "line"),
    [(b"", "empty file", None), (b'{"id": "a"}\n{"id": "\xff"}', "not UTF-8: byte 0xff at byte 9", 2)],
)
def test_a_file_at_fault_is_named(data: bytes, what: str, line: int | None, tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_annotations(file)
    assert (caught.value.what, caught.value.path, caught.value.line) == (what, str(file), line)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file or directory"):
        read_annotations(tmp_path / "absent.jsonl")


def test_of_one_id_the_last_line_stands(tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text('{"id": "a", "code": "none"}\n{"id": "b"}\n{"id": "a", "code": "released"}\n', encoding="utf-8")
    found = read_annotations(file)
    assert found == Annotations(str(file), ({"id": "a", "code": "released"}, {"id": "b"}), 1)


def test_papers_of_gold_are_extracted() -> None:
    gold = Annotations("gold.jsonl", ({"id": "a", "title": "On ImageNet"}, {"id": "b", "abstract": "We use MNIST."}), 0)
    found = [(p["id"], [d["name"] for d in p["datasets"]]) for p in extracted(gold)]
    assert found == [("a", ["ImageNet"]), ("b", ["MNIST"])]


def test_papers_without_text_cannot_be_extracted() -> None:
    with pytest.raises(InputError, match="paper a has neither title nor abstract"):
        list(extracted(Annotations("gold.jsonl", ({"id": "a"},), 0)))
