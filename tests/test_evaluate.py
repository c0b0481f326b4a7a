"""Gold against predicted, on figures worked out by hand."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from kg.evaluate import evaluate

GOLD: list[dict[str, Any]] = [
    {
        "id": "1",
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
    },
    {"id": "2", "datasets": [{"name": "GLUE", "mentions": ["GLUE"], "role": "uses"}]},
]
PREDICTED: list[dict[str, Any]] = [
    {
        "id": "1",
        "datasets": [
            {"name": "the ImageNet dataset", "mentions": [], "role": "mentions"},
            {"name": "MNIST", "mentions": ["MNIST"], "role": "uses"},
        ],
        "methods": [
            {"name": "ResNet 50", "mentions": ["ResNet 50"], "kind": "named", "role": "introduces"},
            {"name": "pruning", "mentions": ["pruning"], "kind": "named", "role": "uses"},
            {"name": "Adam", "mentions": ["Adam"], "kind": "named", "role": "uses"},
            {"name": "distillation", "mentions": ["distillation"], "kind": "technique", "role": "uses"},
            {"name": "CUDA", "mentions": ["CUDA"], "kind": "software", "role": "uses"},
        ],
        "tasks": [{"name": "image classification", "mentions": []}, {"name": "image classification", "mentions": []}],
        "repos": ["https://github.com/a/B", "https://github.com/c/d"],
    }
]


def test_found_wrong_and_missed() -> None:
    assert {row: asdict(score) for row, score in evaluate(GOLD, PREDICTED).scores.items()} == {
        "datasets": {"found": 1, "wrong": 1, "missed": 2},
        "methods (named)": {"found": 1, "wrong": 1, "missed": 1},
        "methods (all)": {"found": 2, "wrong": 2, "missed": 1},
        "tasks": {"found": 1, "wrong": 1, "missed": 0},
        "repos": {"found": 1, "wrong": 1, "missed": 0},
    }


def test_agreement_over_what_is_found() -> None:
    assert {what: asdict(a) for what, a in evaluate(GOLD, PREDICTED).agreements.items()} == {
        "datasets canonical name": {"same": 1, "total": 1},
        "datasets role": {"same": 0, "total": 1},
        "methods canonical name": {"same": 2, "total": 2},
        "methods role": {"same": 2, "total": 2},
        "methods kind": {"same": 1, "total": 2},
        "tasks canonical name": {"same": 1, "total": 1},
    }


def test_precision_recall_and_f1() -> None:
    score = evaluate(GOLD, PREDICTED).scores["datasets"]
    assert (score.precision, score.recall, score.f1) == (0.5, 1 / 3, 0.4)


def test_gold_against_itself_is_perfect() -> None:
    report = evaluate(GOLD, GOLD)
    assert {s.f1 for s in report.scores.values()} == {1.0}
    assert {a.share for a in report.agreements.values()} == {1.0}
