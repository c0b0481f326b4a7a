"""Entities of papers by the teacher or the student: python predict.py PAPERS.jsonl OUT.jsonl --student FOLDER

With --labelled L.jsonl, which label.py wrote, the entities are the teacher's. The spans go through the project's own
grouping; OUT can be scored against gold. --with-rules adds them to what the project's rules and scorer find, where
those find nothing: --labels says which labels, --at-least how sure they must be.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import given
import spacy
from blas import quicken
from spacy.tokens import Doc
from spans import LABELS, read_lines, text_of, words_of

from kg.extract.pipeline import Extractor, load
from kg.extract.predicted import to_object
from kg.model import Paper

RULES = ("lexicon", "cues", "scorer")


def from_labelled(path: Path) -> Callable[[Doc], Iterable[given.Place]]:
    """What stands in a file that label.py wrote, found again by the text."""
    places: dict[str, list[given.Place]] = {}
    for paper in read_lines(path):
        text = text_of(paper)
        words = words_of(text)
        places[text] = [
            given.Place(words[start][0], words[end - 1][1], label, role, sure)
            for start, end, label, role, sure in paper["spans"]
        ]
    return lambda doc: places[doc.text]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("papers", type=Path)
    parser.add_argument("out", type=Path)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--labelled", type=Path)
    source.add_argument("--student", type=Path)
    parser.add_argument("--with-rules", action="store_true")
    parser.add_argument("--labels", nargs="+", default=LABELS)
    parser.add_argument("--at-least", type=float, default=0.0)
    options = parser.parse_args()
    nlp = load(exclude=() if options.with_rules else RULES)
    component = cast("given.Given", nlp.add_pipe("given", before="roles"))
    if options.labelled:
        found = from_labelled(options.labelled)
    else:
        nlp.add_pipe("ner", source=spacy.load(options.student), before="given")
        quicken(nlp.get_pipe("ner"))
        found = given.from_entities
    component.find = lambda doc: [p for p in found(doc) if p.label in options.labels and p.score >= options.at_least]
    papers = [Paper(id=p["id"], title=p["title"], abstract=p["abstract"]) for p in read_lines(options.papers)]
    began = time.process_time()
    with options.out.open("w", encoding="utf-8") as file:
        for paper, extraction in zip(papers, Extractor(nlp).extract(papers), strict=True):
            file.write(json.dumps(to_object(paper, extraction), ensure_ascii=False) + "\n")
    print(f"{len(papers) / (time.process_time() - began):.0f} papers a CPU second")


if __name__ == "__main__":
    main()
