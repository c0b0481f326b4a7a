"""From a score on: what stays of an extraction, and of a graph."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

import kg
from kg import pipeline, schema
from kg.errors import ModelError
from kg.extract import extract_papers
from kg.extract.kept import kept
from kg.model import Extraction, Link, Mention, Paper

PAPERS = [
    Paper(
        "a", "RevCol", "We propose Reversible Column Networks (RevCol), which wins over the Tangled Wood on ImageNet."
    ),
    Paper("b", "A study", "Wetlab reasoning on the Tarn set of https://github.com/a/b. We test ResNet-50 on MNIST."),
]
NET = Mention("title", 0, 6, "RevCol", "Method", "RevCol", "scorer", 0.8, 0, 6, "named", "introduces")
LONG = replace(NET, field="abstract", end=8, text="Rev \n Col", score=0.7)
EXTRACTION = Extraction(
    "a",
    (NET, LONG),
    (Link("https://example.org", "page"),),
    "released",
    (("RevCol", "Rev Col", "Method"), ("RevCol", "Rev Col", "Task")),
)


def test_all_is_kept_that_reaches_the_score() -> None:
    assert kept(EXTRACTION, 0.7) == EXTRACTION


def test_an_acronym_stays_while_either_form_is_a_mention() -> None:
    assert kept(EXTRACTION, 0.8) == replace(EXTRACTION, mentions=(NET,), pairs=(("RevCol", "Rev Col", "Method"),))


def test_links_and_code_are_not_judged() -> None:
    assert kept(EXTRACTION, 0.9) == replace(EXTRACTION, mentions=(), pairs=())


def test_the_extractor_keeps_the_same() -> None:
    everything = list(extract_papers(PAPERS))
    assert list(extract_papers(PAPERS, at_least=0.9)) == [kept(e, 0.9) for e in everything]
    assert list(extract_papers(PAPERS, at_least=0.9)) != everything


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan")])
def test_a_score_that_none_can_reach_is_refused(score: float) -> None:
    with pytest.raises(ModelError, match="at_least is from 0 to 1"):
        extract_papers(PAPERS, at_least=score)


def test_every_edge_from_a_paper_reaches_the_score_and_repositories_stay(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"id": p.id, "title": p.title, "abstract": p.abstract}) + "\n" for p in PAPERS)
    (tmp_path / "papers.jsonl").write_text(lines, encoding="utf-8")

    def edges(score: float) -> dict[tuple[str, str, str], float]:
        store = kg.build([tmp_path / "papers.jsonl"], tmp_path / f"graph-{score}", workers=0, at_least=score).store
        found = [e for name in schema.load().edges for e in store.edges(name) if "score" in e.properties]
        return {(e.type, e.subject, e.object): cast(float, e.properties["score"]) for e in found}

    everything, surer = edges(0.0), edges(0.9)
    from_papers = {key: score for key, score in everything.items() if key[1] in ("a", "b")}
    assert {k: s for k, s in surer.items() if k[1] in ("a", "b")} == {k: s for k, s in from_papers.items() if s >= 0.9}
    assert ("HAS_CODE", "b", "repository:github.com/a/b") in surer
    assert len(surer) < len(everything)


def test_parts_of_a_build_are_not_those_of_another_score() -> None:
    prints = {pipeline.default_extractor(at_least=score).fingerprint for score in (0.0, 0.5, 0.9)}
    assert len(prints) == 3
