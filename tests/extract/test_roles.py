"""What a paper does with a name is told from the words around all its mentions."""

from __future__ import annotations

import numpy as np
import pytest
import spacy

from kg.errors import ModelError
from kg.extract import extract_papers
from kg.extract.notes import Detail, add, details
from kg.extract.pipeline import load
from kg.extract.role_features import BUCKETS
from kg.extract.roles import RoleModel, load_roles, save_roles
from kg.model import Paper

TITLE = "A study of pictures"


def roles(abstract: str, title: str = TITLE) -> dict[str, str | None]:
    (found,) = extract_papers([Paper(id="1", title=title, abstract=abstract)])
    return {m.name: m.role for m in found.mentions if m.type in ("Dataset", "Method")}


def test_what_a_paper_releases_it_introduces() -> None:
    assert roles("We release FooBench, a benchmark of 9,000 questions about maps.")["FooBench"] == "introduces"


def test_what_a_paper_evaluates_on_it_uses() -> None:
    assert roles("We propose a detector. It is evaluated on the COCO dataset.")["COCO"] == "uses"


def test_a_dataset_in_the_sentence_of_a_proposal_is_still_used() -> None:
    found = roles("We introduce ZibbaNet, a network for detection, and evaluate it on COCO.")
    assert (found["ZibbaNet"], found["COCO"]) == ("introduces", "uses")


def test_two_names_after_one_verb_are_both_introduced() -> None:
    found = roles("We introduce two new benchmarks, ZibbaQA and ZibbaVQA, for questions about maps.")
    assert (found["ZibbaQA"], found["ZibbaVQA"]) == ("introduces", "introduces")


def test_what_a_paper_is_better_than_it_compares() -> None:
    assert roles("On this task our network outperforms ResNet-50 by a wide margin.")["ResNet-50"] == "compares"


def test_a_known_model_at_the_bottom_of_an_own_one_is_used() -> None:
    assert roles("We propose ZibbaNet, a detector. It is built on a ResNet-50 backbone.")["ResNet-50"] == "uses"


def test_what_a_paper_proposes_it_introduces_however_well_known() -> None:
    assert roles("We propose BERT, an encoder of text. BERT is tested on GLUE.")["BERT"] == "introduces"


def test_what_a_paper_is_unlike_is_only_mentioned() -> None:
    assert roles("Unlike ImageNet, our pictures show one plant each.")["ImageNet"] == "mentions"


def test_a_role_is_the_same_at_every_mention() -> None:
    abstract = "We propose a Zibba Network (ZibbaNet). ZibbaNet is trained on ImageNet."
    (found,) = extract_papers([Paper(id="1", title=TITLE, abstract=abstract)])
    assert {m.role for m in found.mentions if m.name == "ZibbaNet"} == {"introduces"}


def test_papers_in_one_batch_do_not_tell_on_each_other() -> None:
    abstracts = ("We release FooBench, a benchmark of maps.", "We test on FooBench, a public benchmark.", "")
    papers = [Paper(id=str(i), title=TITLE, abstract=a) for i, a in enumerate(abstracts)]
    together = list(extract_papers(papers))
    assert together == [e for p in papers for e in extract_papers([p])]


@pytest.mark.parametrize(("overwrite", "role"), [(True, "uses"), (False, "mentions")])
def test_a_role_given_before_stands_unless_it_is_overwritten(overwrite: bool, role: str) -> None:
    nlp = spacy.blank("en")
    component = nlp.create_pipe("kg_roles", config={"overwrite": overwrite})
    doc = nlp.make_doc("We evaluate on ImageNet .")
    add(doc, [(3, 4, "Dataset", Detail("mine", 1.0, role="mentions"))])
    component(doc)
    assert details(doc)[3, 4, "Dataset"].role == role


def test_spans_of_another_pipeline_get_roles_too() -> None:
    nlp = spacy.blank("en")
    doc = nlp.make_doc("We release FooBench , a new benchmark .")
    add(doc, [(2, 3, "Dataset", Detail("mine", 1.0))])
    nlp.create_pipe("kg_roles")(doc)
    assert details(doc)[2, 3, "Dataset"].role == "introduces"


def test_tasks_have_no_role() -> None:
    nlp = load()
    (doc,) = nlp.pipe(["We evaluate machine translation on WMT14 with BLEU."])
    assert {d.role for (_, _, label), d in details(doc).items() if label == "Task"} == {None}


def test_weights_survive_the_file() -> None:
    weights = np.zeros((2 * BUCKETS, 4), dtype=np.float32)
    weights[7] = (1.27, -0.5, 0.01, 0.0)
    found = load_roles(save_roles(RoleModel(weights, np.array([0.5, 0, 0, -1], dtype=np.float32))))
    assert np.allclose(found.weights, weights)
    assert found.bias.tolist() == [0.5, 0, 0, -1]


def test_weights_of_another_size_are_refused() -> None:
    data = save_roles(RoleModel(np.ones((8, 4), dtype=np.float32), np.zeros(4, dtype=np.float32)))
    with pytest.raises(ModelError, match="have the shape"):
        load_roles(data)


def test_what_is_no_file_of_weights_is_refused() -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        load_roles(b"PK no archive")


@pytest.mark.parametrize(
    ("abstract", "name"),
    [
        ("Unlike ImageNet, our images show one leaf each. We train ResNet-50 on PlantVillage.", "ImageNet"),
        ("We evaluate on CIFAR-10. The method could also be applied to MIMIC-III.", "MIMIC-III"),
        ("We evaluate on CIFAR-10. In future work we plan to look at WikiText-103.", "WikiText-103"),
        ("Our detector reaches 50 AP on COCO without ImageNet pre-training.", "ImageNet"),
    ],
)
def test_what_is_denied_or_only_thought_of_is_mentioned(abstract: str, name: str) -> None:
    (extraction,) = extract_papers([Paper(id="1", title="A small study", abstract=abstract)])
    assert {m.role for m in extraction.mentions if m.name == name} == {"mentions"}
