"""Rivals are settled and spellings grouped."""

from __future__ import annotations

from kg.extract.acronyms import find_pairs
from kg.extract.entities import Found, settle


def found(text: str, form: str, type: str = "Dataset", score: float = 0.9, kind: str | None = None) -> Found:
    start = text.index(form)
    return Found(start, start + len(form), form, type, kind, None, "test", score)  # type: ignore[arg-type]


def names(text: str, *parts: Found, canonical: dict[tuple[str, str], str] | None = None) -> list[tuple[str, str]]:
    return [(m.name, m.text) for m in settle(text, parts, list(find_pairs(text)), canonical or {})]


def test_a_run_of_sizes_is_several_datasets_with_the_same_words() -> None:
    text = "on CIFAR-10/100 and SVHN"
    assert names(text, found(text, "CIFAR-10"), found(text, "SVHN")) == [
        ("CIFAR-10", "CIFAR-10/100"),
        ("CIFAR-100", "CIFAR-10/100"),
        ("SVHN", "SVHN"),
    ]


def test_a_number_that_counts_something_else_is_no_size() -> None:
    text = "on CIFAR-10 and 100 classes"
    assert names(text, found(text, "CIFAR-10")) == [("CIFAR-10", "CIFAR-10")]


def test_an_acronym_and_its_long_form_are_one() -> None:
    text = "Reversible Column Networks (RevCol): RevCol is fast"
    whole = found(text, "Reversible Column Networks", "Method", kind="named")
    short = found(text, "RevCol", "Method", kind="named")
    assert names(text, whole, short) == [("RevCol", "Reversible Column Networks"), ("RevCol", "RevCol")]


def test_spellings_and_generic_heads_aside_a_name_is_one() -> None:
    text = "ResNet50, ResNet-50 and the ResNet 50 model"
    parts = [found(text, f, "Method", kind="named") for f in ("ResNet50", "ResNet-50", "ResNet 50 model")]
    assert {name for name, _ in names(text, *parts)} == {"ResNet50"}


def test_of_two_that_overlap_the_surer_stands() -> None:
    text = "ImageNet-C is hard"
    assert names(text, found(text, "ImageNet", score=0.6), found(text, "ImageNet-C", score=0.8)) == [
        ("ImageNet-C", "ImageNet-C")
    ]


def test_the_lexicon_gives_the_name_and_joins_what_the_paper_does_not() -> None:
    text = "LLMs are large language models"
    parts = [found(text, f, "Method", kind="technique") for f in ("LLMs", "large language models")]
    canonical = {("Method", "llm"): "large language model", ("Method", "largelanguagemodel"): "large language model"}
    assert {name for name, _ in names(text, *parts, canonical=canonical)} == {"large language model"}
