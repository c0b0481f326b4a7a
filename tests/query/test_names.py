"""A thing is found by any usual spelling."""

from __future__ import annotations

import pytest

from kg.errors import NameNotFound, QueryError
from kg.query.names import Found, Names
from kg.store import Store

ALL = ("Paper", "Method", "Dataset", "Task", "Repository")


@pytest.mark.parametrize(
    ("name", "types", "id"),
    [
        ("CIFAR-10", ("Dataset",), "dataset:cifar10"),
        ("cifar10", ALL, "dataset:cifar10"),
        ("  Cifar 10 ", ALL, "dataset:cifar10"),
        ("dataset:cifar10", ALL, "dataset:cifar10"),
        ("dataset:CIFAR 10", ALL, "dataset:cifar10"),
        ("ILSVRC", ALL, "dataset:imagenet"),
        ("the graph convolutional networks", ALL, "method:gcn"),
        ("GCNs", ALL, "method:gcn"),
        ("SGD", ("Method",), "method:sgd"),
        ("dataset:SGD", ALL, "dataset:sgd"),
        ("method:sgd", ALL, "method:sgd"),
        ("QA", ("Task",), "task:questionanswering"),
        ("tkipf/gcn", ALL, "repository:github.com/tkipf/gcn"),
        ("https://github.com/tkipf/gcn", ALL, "repository:github.com/tkipf/gcn"),
        ("arxiv:1609.02907", ALL, "arxiv:1609.02907"),
        ("1609.02907", ALL, "arxiv:1609.02907"),
        ("graph attention NETWORKS.", ALL, "arxiv:1710.10903"),
    ],
)
def test_finds(name: str, types: tuple[str, ...], id: str, store: Store) -> None:
    with Names.open(store) as names:
        assert names.find(name, types).id == id


def test_knows_type_and_main_name(store: Store) -> None:
    with Names.open(store) as names:
        assert names.find("ilsvrc", ("Dataset",)) == Found("dataset:imagenet", "Dataset", "ImageNet")


def test_the_same_name_in_two_types_is_refused_with_both_ids(store: Store) -> None:
    with Names.open(store) as names, pytest.raises(QueryError) as e:
        names.find("sgd", ALL)
    assert str(e.value) == (
        "'sgd' is several things: dataset:sgd (Dataset SGD), method:sgd (Method SGD) (give one of these ids instead)"
    )


@pytest.mark.parametrize(
    ("name", "best"), [("CIFR-10", "CIFAR-10"), ("Imagnet", "ImageNet"), ("squad 2", "SQuAD"), ("racee", "RACE")]
)
def test_what_is_not_there_gets_the_nearest_names(name: str, best: str, store: Store) -> None:
    with Names.open(store) as names, pytest.raises(NameNotFound) as e:
        names.find(name, ("Dataset",))
    assert e.value.suggestions[0] == best


@pytest.mark.parametrize("name", ["", "   ", "'; DROP TABLE names; --", "%", "\x00", "-"])
def test_odd_names_are_not_found_and_do_no_harm(name: str, store: Store) -> None:
    with Names.open(store) as names, pytest.raises(NameNotFound):
        names.find(name, ALL)


def test_variants_at_any_remove(store: Store) -> None:
    with Names.open(store) as names:
        assert names.variants("dataset:cifar") == ("dataset:cifar", "dataset:cifar10", "dataset:cifar100")
        assert names.variants("dataset:cifar10") == ("dataset:cifar10",)


def test_a_short_name_inside_a_word_is_no_likeness(store: Store) -> None:
    types = ("Method", "Dataset", "Task")
    with Names.open(store) as names:
        assert names.nearest("Pippi Longstocking", types) == ()  # no PPI
        assert names.nearest("a race of nets", types) == ("RACE",)
