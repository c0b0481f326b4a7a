"""Labels abstracts with the teacher: python label.py TEACHER.pt PAPERS.jsonl OUT.jsonl

OUT has the papers of PAPERS with "spans": [first word, last word + 1, label, role, certainty], the words as
spans.words_of cuts them. A surface found once in a paper is marked wherever else it stands there free. With --gold-form
OUT is in the form of gold annotations instead (datasets, methods, tasks with their mentions), as the scorer and
kg eval read them. OUT is written as it comes: a run that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import torch
from spans import Span, read_lines, text_of
from tagger import Encoded, Tagger, decode, encode, log_probabilities

Sure = tuple[Span, float]
_FIELD = {"Dataset": "datasets", "Named": "methods", "Technique": "methods", "Task": "tasks"}


def load_teacher(path: Path) -> Tagger:
    model = Tagger()
    model.load_state_dict(torch.load(path, weights_only=True))
    return model.eval()


def spread(paper: Encoded, found: Sequence[Sure]) -> list[Sure]:
    """The found spans, and the same words elsewhere in the paper where no span lies; certainty 0.5."""
    words = [paper.text[a:b] for a, b in paper.words]
    votes: dict[tuple[str, ...], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    role: dict[tuple[str, ...], str | None] = {}
    taken: set[int] = set()
    for span, sure in found:
        key = tuple(words[span.start : span.end])
        votes[key][span.label] += sure
        role[key] = span.role
        taken.update(range(span.start, span.end))
    places: dict[str, list[int]] = defaultdict(list)
    for k, word in enumerate(words):
        places[word].append(k)
    result = list(found)
    for key in sorted(votes, key=lambda k: (-len(k), k)):
        if len("".join(key)) < 3:
            continue
        label = max(votes[key].items(), key=lambda v: (v[1], v[0]))[0]
        for at in places[key[0]]:
            if tuple(words[at : at + len(key)]) == key and taken.isdisjoint(range(at, at + len(key))):
                taken.update(range(at, at + len(key)))
                result.append((Span(at, at + len(key), label, role[key]), 0.5))
    return sorted(result)


def gold_form(paper: dict[str, Any], encoded: Encoded, found: Sequence[Sure]) -> dict[str, Any]:
    """An object like a gold annotation; an entity for each distinct surface and label."""
    surfaces: dict[tuple[str, str], list[str | None]] = defaultdict(list)
    for span, _ in found:
        text = encoded.text[encoded.words[span.start][0] : encoded.words[span.end - 1][1]]
        surfaces[span.label, text].append(span.role)
    result: dict[str, Any] = {**paper, "datasets": [], "methods": [], "tasks": [], "repos": []}
    for (label, text), roles in surfaces.items():
        entity: dict[str, Any] = {"name": text, "mentions": [text]}
        if label in ("Named", "Technique"):
            entity["kind"] = label.lower()
        if label != "Task":
            entity["role"] = "introduces" if "introduces" in roles else roles[0] or "uses"
        result[_FIELD[label]].append(entity)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("teacher", type=Path)
    parser.add_argument("papers", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--none-bias", type=float, default=0.0, help="added to the score of no entity")
    parser.add_argument("--gold-form", action="store_true")
    parser.add_argument("--count", type=int, help="label so many, of the first")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    model = load_teacher(options.teacher)
    done = sum(1 for _ in read_lines(options.out)) if options.out.exists() else 0
    papers = islice(read_lines(options.papers), done, options.count)
    began = time.monotonic()
    with options.out.open("a", encoding="utf-8") as file:
        while batch := list(islice(papers, 256)):
            encoded = [encode(text_of(p)) for p in batch]
            for paper, e, scores in zip(batch, encoded, log_probabilities(model, encoded), strict=True):
                found = spread(e, decode(scores, none_bias=options.none_bias))
                if options.gold_form:
                    labelled = gold_form(paper, e, found)
                else:
                    labelled = {**paper, "spans": [[*span, round(sure, 3)] for span, sure in found]}
                file.write(json.dumps(labelled, ensure_ascii=False) + "\n")
            file.flush()
            done += len(batch)
            print(done, f"{time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
