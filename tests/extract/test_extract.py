"""From papers to extractions: the laws that hold for every text, and single facts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import ModelError
from kg.extract import extract_papers, fingerprint
from kg.extract.pipeline import load
from kg.extract.predicted import to_object
from kg.model import Extraction, Link, Paper

PIECES = [
    *("ImageNet", "CIFAR-10/100", "We propose RevCol", "GNNs (graph neural networks)", "https://github.com/a/b.git"),
    *(
        "\r\n",
        "\x00",
        "\x1f",
        "e\u0301",
        "😀",
        "👩‍🔬",
        "\u202e",
        "İ",
        "ß",
        "\ud800",
        "\udfff",
        "ﬁne",
        "语义",
        "٣",
        "\u2028",
    ),
    *(" ", "\n\n", ". ", "(", ")", ":", "$\\tau$-bench", "on the X dataset", "a" * 300),
]
HOSTILE = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=25).map(" ".join)


def one(title: str, abstract: str = "") -> Extraction:
    return next(extract_papers([Paper(id="p", title=title, abstract=abstract)]))


def hold(paper: Paper, e: Extraction) -> None:
    assert e.paper_id == paper.id
    for m in e.mentions:
        text = getattr(paper, m.field)
        assert text[m.start : m.end] == m.text
        assert 0 <= m.sentence_start <= m.start < m.end <= m.sentence_end <= len(text)
        assert 0 <= m.score <= 1
        assert m.name


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(HOSTILE, HOSTILE)
def test_every_mention_stands_where_it_says(title: str, abstract: str) -> None:
    paper = Paper(id="p", title=title, abstract=abstract)
    hold(paper, next(extract_papers([paper])))


STRANGE = {
    "empty": "",
    "blank": " ",
    "control": "\x00" * 1000,
    "symbols": "?!$%" * 250_000,
    "names": "ImageNet and CIFAR-10/100. " * 20_000,
    "brackets": "(" * 300_000,
    "one word": "a" * 1_000_000,
    "one letter": "A " * 300_000,
    "surrogate": "\ud800 x",
}


@pytest.mark.parametrize("abstract", STRANGE.values(), ids=STRANGE)
def test_a_strange_abstract_is_extracted_or_empty(abstract: str) -> None:
    paper = Paper(id="p", title="ImageNet", abstract=abstract)
    hold(paper, next(extract_papers([paper])))


def test_one_extraction_a_paper_in_order_whatever_stands_beside_it() -> None:
    papers = [
        Paper(id=str(i), title=f"Net{i}: a network for ImageNet", abstract="We train on CIFAR-10." * (i % 3))
        for i in range(150)
    ]
    together = list(extract_papers(papers))
    assert together == [next(extract_papers([p])) for p in papers]


def test_two_streams_at_once_do_not_disturb_each_other() -> None:
    papers = [Paper(id=str(i), title="A study", abstract="We test on ImageNet and MNIST.") for i in range(130)]
    assert [a == b for a, b in zip(extract_papers(papers), extract_papers(papers), strict=True)] == [True] * 130


def test_repositories_and_links() -> None:
    e = one("A tool", "Code: https://github.com/a/b. Data: https://huggingface.co/datasets/x/y.")
    assert [(m.type, m.name) for m in e.mentions if m.type == "Repository"] == [
        ("Repository", "https://github.com/a/b")
    ]
    assert (e.links, e.code) == ((Link("https://huggingface.co/datasets/x/y", "dataset"),), "released")


def test_a_name_that_stands_only_in_an_address_is_no_mention() -> None:
    e = one("A study", "See https://example.org/ImageNet/CIFAR-10.")
    assert e.mentions == ()


def test_the_object_has_the_keys_of_the_gold_format() -> None:
    paper = Paper(
        id="p", title="A study of columns", abstract="We evaluate on CIFAR-10/100. Code: https://github.com/a/b"
    )
    got = to_object(paper, next(extract_papers([paper])))
    assert [(d["name"], d["mentions"], d["role"]) for d in got["datasets"]] == [
        ("CIFAR-10", ["CIFAR-10/100"], "uses"),
        ("CIFAR-100", ["CIFAR-10/100"], "uses"),
    ]
    assert (got["id"], got["repos"], got["code"]) == ("p", ["https://github.com/a/b"], "released")
    span = got["datasets"][0]["spans"][0]
    assert (span["field"], span["start"], span["end"], span["text"]) == ("abstract", 15, 27, "CIFAR-10/100")


def test_a_saved_pipeline_finds_the_same(tmp_path: Path) -> None:
    load().to_disk(tmp_path / "saved")
    papers = [Paper(id="p", title="RevCol: a backbone", abstract="We train RevCol on ImageNet-1K and beat ConvNeXt.")]
    assert list(extract_papers(papers, model=tmp_path / "saved")) == list(extract_papers(papers))


def test_any_pipeline_that_fills_the_spans_will_do(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("span_ruler", config={"spans_key": "kg"})
    ruler.add_patterns([{"label": "dataset", "pattern": "ImageNet"}, {"label": "technique", "pattern": "pruning"}])  # type: ignore[attr-defined]
    nlp.to_disk(tmp_path / "ruler")
    [e] = extract_papers([Paper(id="p", title="On pruning", abstract="We use ImageNet.")], model=tmp_path / "ruler")
    assert [(m.field, m.text, m.type, m.kind, m.source) for m in e.mentions] == [
        ("title", "pruning", "Method", "technique", "model"),
        ("abstract", "ImageNet", "Dataset", None, "model"),
    ]


def test_a_model_that_is_not_there_is_said_to_be_absent(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model"):
        next(extract_papers([Paper(id="p", title="x")], model=tmp_path / "absent"))


def test_the_fingerprint_follows_the_model(tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text(json.dumps({"a": 1}), encoding="utf-8")
    first = fingerprint(tmp_path)
    (tmp_path / "meta.json").write_text(json.dumps({"a": 2}), encoding="utf-8")
    assert len({fingerprint(), first, fingerprint(tmp_path)}) == 3
    assert fingerprint() == fingerprint()


def test_spacy_opens_a_saved_pipeline_where_nothing_of_kg_is_imported(tmp_path: Path) -> None:
    load().to_disk(tmp_path / "saved")
    code = """
import spacy, sys
doc = spacy.load(sys.argv[1])(sys.argv[2])
print([(s.text, s.label_) for s in doc.spans["kg"]])
"""
    text = "We train on ImageNet-1K."
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "saved"), text], capture_output=True, text=True, check=True
    )
    doc = load()(text)
    assert done.stdout.strip() == str([(s.text, s.label_) for s in doc.spans["kg"]])


def test_a_component_works_alone() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("kg_lexicon")
    doc = nlp("We train XGBoost on the CIFAR10 images.")
    assert [(s.text, s.label_) for s in doc.spans["kg"]] == [("XGBoost", "Method"), ("CIFAR10", "Dataset")]
