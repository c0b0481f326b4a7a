"""Named queries: their files, their parameters, their rows."""

from __future__ import annotations

import re
from typing import Any

import pytest

import kg
from kg.errors import NameNotFound, QueryError
from kg.query import cypher, library
from kg.store import Store

ISSUE = {
    "papers-with-code",
    "papers-using-dataset",
    "datasets-for-task",
    "methods-evaluated-on",
    "who-introduced",
    "code-for-method",
    "papers-without-code",
    "co-used-datasets",
    "most-used",
    "rising-methods",
    "compare-datasets",
    "path-between",
}


def example(name: str) -> dict[str, str]:
    return dict(re.findall(r"(\w+)=(.+?)(?= \w+=|$)", library.get(name).example))


def titles(store: Store, name: str, **parameters: Any) -> list[str]:
    return [row["title"] for row in library.ask(store, name, parameters)]


def test_there_are_the_promised_ones_and_more() -> None:
    assert set(library.all_queries()) >= ISSUE
    assert len(library.all_queries()) >= 15


@pytest.mark.parametrize("name", library.all_queries())
def test_the_example_has_rows(name: str, store: Store) -> None:
    assert library.ask(store, name, example(name)).rows


@pytest.mark.parametrize("name", library.all_queries())
def test_is_right_in_both_dialects_ordered_and_bounded(name: str, store: Store) -> None:
    query = library.get(name)
    given = library.values(store, query, example(name))
    for statement in query.statements:
        cypher.check(statement, given)
        assert re.search(r"\nORDER BY .+\nLIMIT \$limit$", statement)


@pytest.mark.parametrize("name", library.all_queries())
def test_limit_limits(name: str, store: Store) -> None:
    whole = library.ask(store, name, example(name)).rows
    assert library.ask(store, name, {**example(name), "limit": 1}).rows == whole[:1]


def test_papers_using_cifar_10_with_code(store: Store) -> None:
    answer = kg.Graph(store).query("papers-with-code", dataset="CIFAR-10")
    assert answer.columns == ("title", "year", "repository", "name", "words", "paper")
    assert answer.rows == (
        (
            "Densely Connected Convolutional Networks",
            2016,
            "https://github.com/liuzhuang13/DenseNet",
            "CIFAR-10",
            ("On CIFAR-10, CIFAR-100 and ImageNet it needs fewer weights than ResNet.",),
            "arxiv:1608.06993",
        ),
        (
            "SGDR: Stochastic Gradient Descent with Warm Restarts",
            2016,
            "https://github.com/loshchil/SGDR",
            "CIFAR-10",
            ("We try it with WRN on CIFAR-10 and CIFAR-100.",),
            "arxiv:1608.03983",
        ),
        (
            "Wide Residual Networks",
            2016,
            "https://github.com/szagoruyko/wide-residual-networks",
            "CIFAR-10",
            (
                "Wider is better than deeper: the wide residual network (WRN) beats ResNet on CIFAR 10 and CIFAR-100 "
                "image classification.",
            ),
            "arxiv:1605.07146",
        ),
        (
            "Deep Residual Learning for Image Recognition",
            2015,
            "https://github.com/KaimingHe/deep-residual-networks",
            "CIFAR-10",
            ("ResNet-50 and deeper ones are trained on ImageNet and CIFAR-10 for image classification.",),
            "arxiv:1512.03385",
        ),
    )


@pytest.mark.parametrize("spelling", ["cifar10", "CIFAR 10", "dataset:cifar10", "Cifar-10"])
def test_any_spelling_gives_the_same_rows(spelling: str, store: Store) -> None:
    answers = [library.ask(store, "papers-with-code", {"dataset": d}) for d in ("CIFAR-10", spelling)]
    assert answers[0] == answers[1]


def test_a_family_covers_its_variants(store: Store) -> None:
    family = {row["name"] for row in library.ask(store, "papers-with-code", {"dataset": "CIFAR"})}
    assert family == {"CIFAR-10", "CIFAR-100"}


def test_with_two_things_a_paper_must_have_both(store: Store) -> None:
    given = {"dataset": "ImageNet", "task": "image classification"}
    assert sorted(set(titles(store, "papers-with-code", **given))) == [
        "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale",
        "Deep Residual Learning for Image Recognition",
    ]


@pytest.mark.parametrize(("key", "value"), [("task", "QA"), ("method", "transformer")])
def test_papers_with_code_by_task_and_method(key: str, value: str, store: Store) -> None:
    assert "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding" in titles(
        store, "papers-with-code", **{key: value}
    )


def test_the_fewest_steps_between_two_things(store: Store) -> None:
    steps = {
        (a, b): {row["steps"] for row in library.ask(store, "path-between", {"from": a, "to": b})}
        for a, b in [("CIFAR-10", "CIFAR"), ("CIFAR-10", "ViT"), ("CIFAR-10", "BERT"), ("CIFAR-10", "PPI")]
    }
    assert steps == {
        ("CIFAR-10", "CIFAR"): {1},
        ("CIFAR-10", "ViT"): {2},
        ("CIFAR-10", "BERT"): {3},
        ("CIFAR-10", "PPI"): set(),
    }


def test_four_steps_with_all_their_words(store: Store) -> None:
    release = (
        "We release the Schema-Guided Dialogue (SGD) data for dialogue state tracking, with a first model based on"
        " BERT."
    )
    survey = (
        "From the CIFAR data and ImageNet to the Transformer and BERT: image classification and machine translation"
        " have come a long way."
    )
    title = "Towards Scalable Multi-domain Conversational Agents: The Schema-Guided Dialogue Dataset"
    survey_title = "A Look Back at Ten Years of Pictures and Words"
    assert library.ask(store, "path-between", {"from": "dataset:sgd", "to": "ImageNet"}).rows == (
        (4, "SGD", title, "BERT", survey_title, "ImageNet", (release, release, survey, survey)),
    )


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("papers-with-cod", {}, "no query is called 'papers-with-cod' (did you mean papers-with-code"),
        ("xyz", {}, "no query is called 'xyz' (kg query --list shows them all)"),
        ("papers-with-code", {}, "papers-with-code needs dataset or method or task (for example -p dataset=CIFAR-10)"),
        ("papers-with-code", {"datset": "x"}, "papers-with-code has no parameter 'datset' (did you mean dataset"),
        ("papers-with-code", {"dataset": "CIFR-10"}, "no dataset is called 'CIFR-10' (did you mean CIFAR-10"),
        ("papers-using-dataset", {}, "papers-using-dataset needs dataset (for example -p dataset=CIFAR-100)"),
        (
            "who-introduced",
            {"name": "SGD"},
            "'SGD' is several things: dataset:sgd (Dataset SGD), method:sgd (Method SGD)",
        ),
        ("introduced-in", {"year": "soon"}, "year is 'soon' (it is a whole number)"),
        ("introduced-in", {"year": -1}, "year is -1 (it is 0 or more)"),
        ("most-used", {"type": "task"}, "type is 'task' (it is one of dataset, method)"),
    ],
)
def test_what_cannot_be_asked_says_why(name: str, parameters: dict[str, Any], message: str, store: Store) -> None:
    with pytest.raises(QueryError) as e:
        library.ask(store, name, parameters)
    assert str(e.value).startswith(message)


def test_the_nearest_names_are_kept_as_data(store: Store) -> None:
    with pytest.raises(NameNotFound) as e:
        library.ask(store, "papers-using-dataset", {"dataset": "Imagenett"})
    assert e.value.suggestions[0] == "ImageNet"
