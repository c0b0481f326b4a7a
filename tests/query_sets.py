"""Parameters for every named query, on the example graph: usual ones, ids, aliases, families, and what has no rows."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kg.query import library

__all__ = ["example", "sets"]

_DATASETS = (
    {"dataset": "cifar"},
    {"dataset": "ILSVRC"},
    {"dataset": "dataset:sgd"},
    {"dataset": "dataset:Schema-Guided Dialogue"},
    {"dataset": "RACE", "limit": "1"},
)
_METHODS = ({"method": "GCNs"}, {"method": "method:stochastic gradient descent"}, {"method": "BERT", "limit": "1"})
_TASKS = ({"task": "QA"}, {"task": "machine translation"}, {"task": "dialogue state tracking", "limit": "0"})
_NAMES = ({"name": "method:sgd"}, {"name": "residual network"}, {"name": "PPI"}, {"name": "CIFAR", "limit": "1"})
_ABOUT = (
    *_DATASETS,
    *_METHODS,
    *_TASKS,
    {"dataset": "CIFAR", "task": "image classification"},
    {"dataset": "ImageNet", "method": "resnet", "task": "task:imageclassification"},
)
_SETS: Mapping[str, tuple[dict[str, str], ...]] = {
    "co-used-datasets": _DATASETS,
    "code-for-method": _METHODS,
    "compare-datasets": (
        {"first": "CIFAR", "second": "ImageNet"},
        {"first": "SQuAD", "second": "GLUE", "limit": "1"},
        {"first": "dataset:sgd", "second": "dataset:sgd"},
    ),
    "datasets-for-task": _TASKS,
    "introduced-in": ({"year": "2016", "type": "dataset"}, {"year": "2019", "type": "dataset"}, {"year": "1900"}),
    "methods-compared-with": _METHODS,
    "methods-evaluated-on": _DATASETS,
    "methods-for-task": _TASKS,
    "most-used": ({}, {"type": "method"}, {"since": "2016", "until": "2016", "limit": "2"}),
    "papers-of-repository": (
        {"repository": "https://github.com/tkipf/gcn"},
        {"repository": "google-research/BERT"},
        {"repository": "repository:github.com/loshchil/sgdr", "limit": "1"},
    ),
    "papers-using-dataset": _DATASETS,
    "papers-with-code": _ABOUT,
    "papers-without-code": ({}, *_ABOUT),
    "path-between": (
        {"from": "CIFAR-10", "to": "CIFAR"},
        {"from": "dataset:sgd", "to": "ImageNet"},
        {"from": "Attention is all you need", "to": "1810.04805"},
        {"from": "tkipf/gcn", "to": "title:quoted-nets"},
        {"from": "CIFAR-10", "to": "PPI"},
    ),
    "promised-code": ({}, {"since": "2024"}, {"limit": "1"}),
    "repositories-for-task": _TASKS,
    "rising-methods": ({}, {"years": "1"}, {"years": "10", "limit": "3"}),
    "tasks-of-dataset": _DATASETS,
    "variants-of": _NAMES,
    "who-introduced": _NAMES,
}


def example(name: str) -> dict[str, str]:
    """The parameters of the example that stands at the head of a query."""
    return dict(re.findall(r"(\w+)=(.+?)(?= \w+=|$)", library.get(name).example))


def sets() -> list[tuple[str, dict[str, str]]]:
    """(name, parameters) for every query: its example, and those above."""
    return [(name, given) for name in library.all_queries() for given in (example(name), *_SETS[name])]
