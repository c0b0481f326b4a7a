from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ids import arxiv_identifier, doi_identifier, entity_id, paper_id, spelling_key, title_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ResNet50", "ResNet-50"),
        ("ResNet 50", "resnet-50"),
        ("GNN", "GNNs"),
        ("graph neural network", "Graph Neural Networks"),
        ("CIFAR-10", "cifar10"),
        ("WMT'14", "WMT 14"),
        ("the Transformer", "Transformers"),
        ("MIMIC–III", "MIMIC-III"),
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert spelling_key(one) == spelling_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CIFAR-10", "CIFAR-100"),
        ("Llama 3.1", "Llama 31"),
        ("C", "C++"),
        ("SimCLR", "SimCLRv2"),
        ("k-means", "k-mean"),
        ("ImageNet", "ImageNet-1K"),
        ("ImageNet", "ImageNet-S"),
        ("Swin", "Swin-S"),
    ],
)
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert spelling_key(one) != spelling_key(other)


@given(st.text())
def test_a_spelling_key_is_its_own_key_but_for_a_plural(name: str) -> None:
    key = spelling_key(name)
    assert spelling_key(key) in (key, key[:-1])


@given(st.text(min_size=1))
def test_every_name_has_an_id_of_its_type(name: str) -> None:
    assert entity_id("Method", name).startswith("method:")
    assert len(entity_id("Method", name)) > len("method:")


@given(st.text(), st.lists(st.sampled_from(["arxiv:2301.00001", "doi:10.1/x", "acl:2022.acl-long.1"])))
def test_a_paper_id_does_not_depend_on_the_order_of_identifiers(title: str, known: list[str]) -> None:
    assert paper_id(title=title, identifiers=known) == paper_id(title=title, identifiers=reversed(known))


@given(st.text())
def test_titles_compare_whatever_the_case_and_punctuation(title: str) -> None:
    assert title_key(f"  {title.upper()}. ") == title_key(title.upper())


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("2501.06184v3", "arxiv:2501.06184"),
        ("http://arxiv.org/pdf/1706.03762.pdf", "arxiv:1706.03762"),
        ("arXiv:hep-th/9901001", "arxiv:hep-th/9901001"),
        ("10.1/x", None),
        ("1234", None),
    ],
)
def test_arxiv_identifiers(text: str, identifier: str | None) -> None:
    assert arxiv_identifier(text) == identifier


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("doi:10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"),
        ("https://dx.doi.org/10.1000/ABC", "doi:10.1000/abc"),
        ("https://doi.org/10.48550/arXiv.1706.03762", "arxiv:1706.03762"),
        ("not a doi", None),
    ],
)
def test_doi_identifiers(text: str, identifier: str | None) -> None:
    assert doi_identifier(text) == identifier
