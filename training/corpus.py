"""What the trained scorer makes of each form over many abstracts: python training/corpus.py GOLD ABSTRACTS.jsonl.gz ...

A name that stands as a dataset in fifty papers is one in the next, whatever the sentence there. For each form the mean,
over the papers it stands in, of the highest probability of each class is written to kg/extract/lexicon/corpus.tsv, in
hundredths. Papers of GOLD (and of further files named gold by --leave-out) are left out, so that training on them stays
honest. Run after training/scorer.py, then train again.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from gold import key, read_gold

from kg.extract.candidates import candidates
from kg.extract.features import features, gate_features
from kg.extract.lexicon import CLASSES, FOLDER
from kg.extract.notes import offsets, text_of
from kg.extract.pipeline import load
from kg.extract.scorer import TO_CLASS, known, load_model
from kg.extract.text import compose
from kg.ids import title_key
from kg.model import Paper

AT_LEAST_PAPERS = 3
AT_LEAST = 0.3  # mean probability of the best class
EVERY = 2  # one abstract in so many
BATCH = 64
COLUMNS = ["surface", "dataset", "named", "technique", "software", "task", "papers"]


def texts(files: list[Path], left_out: set[str]) -> Iterator[str]:
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                if number % EVERY == 0:
                    o = json.loads(line)
                    if o.get("title") and o.get("abstract") and title_key(o["title"]) not in left_out:
                        yield compose(Paper(id="", title=o["title"], abstract=o["abstract"]))


def main(gold: list[Path], files: list[Path]) -> None:
    left_out = {title_key(p.paper.title) for file in gold for p in read_gold(file)}
    nlp, model = load(exclude=["scorer", "roles"]), load_model()
    papers: Counter[str] = Counter()
    sums: dict[str, np.ndarray] = {}
    spellings: dict[str, Counter[str]] = {}
    batch: list[str] = []

    def count() -> None:
        with nlp.memory_zone():
            docs = list(nlp.pipe(nlp.tokenizer(t) for t in batch))
            c = candidates(docs, model.vocabulary)
            prior = known(c)
            let = model.gate[gate_features(c, prior)].sum(axis=1) >= model.opens
            scores = np.where(let[:, None], model.probabilities(features(c, prior)), 0) @ TO_CLASS
            # A form that is never much stays out; a form that is something here and nothing there is counted in both.
            first = c.tokens.first[c.doc]
            best: dict[tuple[int, str], np.ndarray] = {}
            for d, i, j, p in zip(
                c.doc.tolist(), (c.start - first).tolist(), (c.end - first - 1).tolist(), scores, strict=True
            ):
                o = offsets(docs[d])
                form = text_of(docs[d])[o.starts[i] : o.ends[j]]
                k = key(form)
                if (d, k) in best:
                    np.maximum(best[d, k], p, out=best[d, k])
                else:
                    best[d, k] = p.copy()
                if p.sum() > 0.3:
                    spellings.setdefault(k, Counter())[" ".join(form.split())] += 1
            for (_, k), p in best.items():
                papers[k] += 1
                if k in sums:
                    sums[k] += p
                else:
                    sums[k] = p
        batch.clear()

    done = 0
    for text in texts(files, left_out):
        batch.append(text)
        if len(batch) == BATCH:
            count()
            done += BATCH
            if done % 12800 == 0:
                # Forms seen once so far are most of the memory and hardly ever matter.
                for k in [k for k, n in papers.items() if n == 1 and k not in spellings]:
                    del papers[k], sums[k]
                print(done, len(papers), flush=True)
    count()
    rows = []
    for k, n in sorted(papers.items()):
        mean = sums[k] / n
        if n >= AT_LEAST_PAPERS and mean.max() >= AT_LEAST and k in spellings and len(k) > 1:
            surface = min(spellings[k].items(), key=lambda s: (-s[1], s[0]))[0]
            rows.append([surface, *(str(round(float(m) * 100)) for m in mean[: len(CLASSES)]), str(n)])
    head = "# Made by training/corpus.py: what the scorer makes of each form over unlabelled abstracts. Apache-2.0."
    (FOLDER / "corpus.tsv").write_text(
        "\n".join([head, "\t".join(COLUMNS), *map("\t".join, rows)]) + "\n", encoding="utf-8"
    )
    print("corpus.tsv", len(rows))


if __name__ == "__main__":
    arguments = [Path(a) for a in sys.argv[1:]]
    main([a for a in arguments if a.suffix == ".jsonl"], [a for a in arguments if a.suffix == ".gz"])
