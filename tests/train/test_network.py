"""Whoever trains may bring a network: it learns from what the log-linear model says of unseen papers, goes into the
model, and what it says of unseen papers calibrates the scores."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from spacy.language import Language

from kg.extract import extract_papers
from kg.extract.context import LONGEST, SUFFIXES, Context, Convolution, load_context
from kg.extract.decide import LABELS
from kg.extract.scorer import Model
from kg.model import Paper
from kg.train import train
from kg.train.examples import Examples
from kg.train.gold import GoldPaper
from kg.train.report import Report
from kg.train.scorer import FOLDS, fit, matrix, softmax

GOLD = Path(__file__).parent.parent / "data/extract/gold.jsonl"
WIDTH = 2
PAPER = Paper(id="p", title="A study", abstract="It is trained on ImageNet and CIFAR-10 for image classification.")

Floats = NDArray[np.float32]


def sees_nothing() -> Context:
    """A network that says of every candidate that it is nothing."""

    def zeros(*shape: int) -> Floats:
        return np.zeros(shape, dtype=np.float32)

    return Context(
        words=np.array([1], dtype=np.uint64),
        word_vectors=zeros(2, WIDTH),
        shapes=np.array([1], dtype=np.uint64),
        shape_vectors=zeros(2, WIDTH),
        suffix_vectors=zeros(SUFFIXES, WIDTH),
        flag_vectors=zeros(5, WIDTH),
        input_weights=zeros(WIDTH, 4 * WIDTH),
        input_bias=zeros(WIDTH),
        convolutions=(Convolution(1, zeros(2 * WIDTH, 3 * WIDTH), zeros(2 * WIDTH), zeros(WIDTH), zeros(WIDTH)),),
        length_vectors=zeros(LONGEST + 1, WIDTH),
        hidden_weights=zeros(WIDTH, 7 * WIDTH + len(LABELS)),
        hidden_bias=zeros(WIDTH),
        output_weights=zeros(len(LABELS), WIDTH),
        output_bias=np.where(np.arange(len(LABELS)) == 0, 100, 0).astype(np.float32),
        trust=1.0,
    )


class Recorded:
    """A network that was told all the answers, and keeps what it was given."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.given: dict[str, Any] = {}

    def __call__(
        self, papers: Sequence[GoldPaper], nlp: Language, ex: Examples, wide: Floats, model: Model
    ) -> tuple[Context, Floats]:
        self.given = {"papers": papers, "nlp": nlp, "ex": ex, "wide": wide, "model": model}
        return self.context, np.eye(len(LABELS), dtype=np.float32)[ex.labels]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return train(GOLD, tmp_path_factory.mktemp("plain") / "model")


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, dict[str, Any]]:
    network = Recorded(sees_nothing())
    return train(GOLD, tmp_path_factory.mktemp("taught") / "model", network=network), network.given


def test_it_is_given_the_linear_model_and_what_that_says_of_unseen_papers(taught: tuple[Report, Any]) -> None:
    given = taught[1]
    ex, model = given["ex"], given["model"]
    assert [p.line for p in given["papers"]] == list(range(1, taught[0].papers + 1))
    assert given["nlp"].pipe_names[-1] == "cues"
    held = ex.paper % FOLDS == 1
    unseen = softmax(matrix(ex.rows[held]) @ fit(ex.rows[~held], ex.labels[~held]))
    assert np.allclose(given["wide"][held], unseen, atol=1e-4)
    assert model.weights.any()
    assert model.context is None


def test_the_scores_are_those_of_the_network(taught: tuple[Report, Any], plain: Report) -> None:
    # It has told all the answers: what is wrong now has two labels in gold, or none of its places is a candidate.
    for mine, linear in zip(taught[0].scored, plain.scored, strict=True):
        assert mine.gold == linear.gold
        assert mine.right >= linear.right
    assert sum(s.right for s in taught[0].scored) / sum(s.found for s in taught[0].scored) > 0.95
    assert sum(s.right for s in plain.scored) / sum(s.found for s in plain.scored) < 0.95


def test_it_goes_with_the_model_and_is_heard(taught: tuple[Report, Any]) -> None:
    saved = load_context((taught[0].path / "scorer/context.npz").read_bytes())
    assert np.array_equal(saved.output_bias, sees_nothing().output_bias)
    (found,) = extract_papers([PAPER], model=taught[0].path)
    assert found.mentions == ()


def test_without_one_the_model_is_linear(plain: Report) -> None:
    assert sorted(f.name for f in (plain.path / "scorer").iterdir()) == ["weights.npz"]
    (found,) = extract_papers([PAPER], model=plain.path)
    assert [m.text for m in found.mentions if m.type == "Dataset"] == ["ImageNet", "CIFAR-10"]
