"""Word vectors of the field: python -m training.context.vectors OUT.npz [LEAVE_OUT.jsonl ...] ABSTRACTS.jsonl.gz ...

Skip-grams with negative sampling (Mikolov et al. 2013) over titles and abstracts in lower case, by gensim, one thread,
seed 1. OUT.npz holds `words`, the ascending hashes of spaCy, and `vectors`, a row each. Titles of LEAVE_OUT, a test
set, are passed over.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from gensim.models import Word2Vec
from spacy.strings import get_string_id

from kg.ids import title_key
from kg.model import Paper
from kg.read import read_papers
from kg.train.corpus import texts

WIDTH = 64
LEAST = 8  # times that a word must stand somewhere
SEED = 1
_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")  # what kg's tokenizer makes, white space aside


def sentences(files: list[Path], leave_out: list[Path]) -> Iterator[list[str]]:
    known = {title_key(p.title) for p in read_papers(leave_out) if isinstance(p, Paper)} if leave_out else set()
    for text in texts(files, known, 1):
        yield [sys.intern(w) for w in _WORD.findall(text.lower())]


def main(out: Path, leave_out: list[Path], files: list[Path]) -> None:
    read = list(sentences(files, leave_out))
    random.Random(SEED).shuffle(read)
    print(f"{len(read)} texts, {sum(map(len, read))} words", flush=True)
    model = Word2Vec(
        read,
        vector_size=WIDTH,
        window=4,
        min_count=LEAST,
        sg=1,
        negative=5,
        sample=1e-4,
        epochs=4,
        workers=1,
        seed=SEED,
    )
    hashes = np.array([get_string_id(w) for w in model.wv.index_to_key], dtype=np.uint64)
    order = np.argsort(hashes)
    np.savez_compressed(out, words=hashes[order], vectors=model.wv.vectors[order])
    print(f"{out}: {len(order)} words")


if __name__ == "__main__":
    given = [Path(a) for a in sys.argv[1:]]
    main(given[0], [a for a in given[1:] if a.suffix == ".jsonl"], [a for a in given[1:] if a.suffix == ".gz"])
