"""Trains the student: python student.py OUT_FOLDER --gold GOLD.jsonl --silver LABELLED.jsonl [--minutes 15]

LABELLED is what label.py wrote. Without --silver the student learns from gold alone, with --gold-times 0 from
LABELLED alone. The papers of GOLD that the teacher held out are held out here too; at every evaluation
the F1 of exact spans on them is printed, and the best pipeline so far (averaged weights) is saved in OUT_FOLDER, which
spacy.load opens. Needs the kg package.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from blas import quicken
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import load_config, load_model_from_config
from spans import LABELS, Span, gold_spans, read_lines, text_of, words_of
from thinc.api import fix_random_seed

import kg.extract.tokenizer  # noqa: F401  (registers the tokenizer)

RATE = 1e-3


def example(nlp: Language, paper: dict[str, Any], spans: list[Span], words: list[tuple[int, int]]) -> Example:
    doc = nlp.make_doc(text_of(paper))
    # The tokenizer's other data are of no use here and would be copied with every Doc.
    doc.user_data.clear()
    gold = doc.copy()
    places = (gold.char_span(words[s.start][0], words[s.end - 1][1], label=s.label) for s in spans)
    gold.set_ents([p for p in places if p is not None])
    return Example(doc, gold)


def from_gold(nlp: Language, path: Path) -> list[Example]:
    found = []
    for paper in read_lines(path):
        text = text_of(paper)
        words = words_of(text)
        found.append(example(nlp, paper, gold_spans(paper, text, words), words))
    return found


def from_silver(nlp: Language, path: Path, at_least: float) -> Iterator[Example]:
    """Papers in which the teacher was, on the mean of its spans, at least so certain."""
    for paper in read_lines(path):
        sure = [s[4] for s in paper["spans"]]
        if sure and sum(sure) / len(sure) >= at_least:
            spans = [Span(*s[:4]) for s in paper["spans"]]
            yield example(nlp, paper, spans, words_of(text_of(paper)))


def batches(examples: list[Example], words: int, rng: random.Random) -> Iterator[list[Example]]:
    """All examples again and again, in random order, cut where a batch has enough words."""
    while True:
        batch, size = [], 0
        for e in rng.sample(examples, len(examples)):
            batch.append(e)
            size += len(e.reference)
            if size >= words:
                yield batch
                batch, size = [], 0


def span_scores(nlp: Language, held: list[Example]) -> dict[str, float]:
    """Precision, recall and F1 of exact spans over all labels, and F1 by label."""
    docs = nlp.pipe(
        Doc(nlp.vocab, [t.text for t in e.reference], [bool(t.whitespace_) for t in e.reference]) for e in held
    )
    counts = {key: [0, 0, 0] for key in ("all", *LABELS)}
    for doc, e in zip(docs, held, strict=True):
        gold = {(s.start, s.end, s.label_) for s in e.reference.ents}
        found = {(s.start, s.end, s.label_) for s in doc.ents}
        for key, c in counts.items():
            g, f = ({s for s in spans if key in ("all", s[2])} for spans in (gold, found))
            c[0] += len(g & f)
            c[1] += len(g)
            c[2] += len(f)
    both, wanted, given = counts["all"]
    scores = {"precision": both / max(given, 1), "recall": both / max(wanted, 1)}
    scores |= {key: 2 * c[0] / max(c[1] + c[2], 1) for key, c in counts.items()}
    return {key: round(value, 4) for key, value in scores.items()}


def train(nlp: Language, examples: list[Example], held: list[Example], options: argparse.Namespace) -> None:
    rng = random.Random(options.seed)
    nlp.initialize(lambda: examples[:300])
    quicken(nlp.get_pipe("ner"))
    optimizer = nlp.create_optimizer()
    best, seen, evaluated = -1.0, 0, 0
    began, cpu = time.monotonic(), time.process_time()
    for batch in batches(examples, options.batch_words, rng):
        done = max(seen / (options.words * 1e6), (time.process_time() - cpu) / 60 / options.minutes)
        done = max(done, (time.monotonic() - began) / 60 / options.wall_minutes if options.wall_minutes else 0.0)
        optimizer.learn_rate = RATE * max(0.03, 1 - done)
        nlp.update(batch, drop=options.dropout, sgd=optimizer)
        seen += sum(len(e.reference) for e in batch)
        if done >= 1 or seen - evaluated > options.every * 1e6:
            evaluated = seen
            with nlp.use_params(optimizer.averages):
                scores = span_scores(nlp, held)
                if scores["all"] > best:
                    best = scores["all"]
                    nlp.to_disk(options.out)
            minutes = (time.process_time() - cpu) / 60
            print(
                json.dumps({"million words": round(seen / 1e6, 2), "cpu minutes": round(minutes, 1), **scores}),
                flush=True,
            )
        if done >= 1:
            break


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--silver", type=Path)
    parser.add_argument("--gold-times", type=int, default=1, help="how often a gold paper counts; 0: only to hold out")
    parser.add_argument("--sure", type=float, default=0.0, help="mean certainty from which a labelled paper is used")
    parser.add_argument("--held", type=int, default=130)
    parser.add_argument("--minutes", type=float, default=20, help="CPU minutes at most")
    parser.add_argument("--wall-minutes", type=float, help="minutes at most")
    parser.add_argument("--words", type=float, default=20, help="million words of updates at most")
    parser.add_argument("--every", type=float, default=1.0, help="million words between evaluations")
    parser.add_argument("--batch-words", type=int, default=2500)
    parser.add_argument("--dropout", type=float, default=0.15)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    fix_random_seed(options.seed)
    nlp = load_model_from_config(load_config(Path(__file__).with_name("student.cfg")), auto_fill=True)
    gold = from_gold(nlp, options.gold)
    gold = random.Random(7).sample(gold, len(gold))  # as teacher.py holds out
    held, gold = gold[: options.held], gold[options.held :]
    silver = list(from_silver(nlp, options.silver, options.sure)) if options.silver else []
    print(f"{len(gold)} gold papers, counted {options.gold_times} times, {len(silver)} labelled ones", flush=True)
    train(nlp, gold * options.gold_times + silver, held, options)


if __name__ == "__main__":
    main()
