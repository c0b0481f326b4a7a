"""What a transformer thinks of unlabelled abstracts:
python -m training.context.silver GOLD ACCURATE OUT.npz [LEAVE_OUT.jsonl ...] ABSTRACTS.jsonl.gz ...

ACCURATE is the folder that training/transformer/export.py makes (--float for the last digit). GOLD is what it was
trained on, of which training/transformer/train.py holds out some papers: on those the transformer's opinions are
honest, so that it can be weighed against the others there (learn.py). OUT.npz holds the texts of the held-out papers
and of COUNT abstracts, drawn with seed 11, and what the transformer says of their tokens. Papers of GOLD and of
LEAVE_OUT, a test set, are passed over.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from kg.extract.opinions import TAG_ROLES_NOTE, TAGS_NOTE
from kg.extract.pipeline import load
from kg.ids import title_key
from kg.model import Paper
from kg.read import read_papers
from kg.train.corpus import texts
from kg.train.gold import GoldPaper, read_gold

__all__ = ["HELD", "Silver", "held_out", "open_silver"]

COUNT = 10000
HELD, HELD_SEED = 130, 7  # as training/transformer/train.py has them
SEED = 11
SHORTEST, LONGEST = 300, 2200  # characters


class Silver(NamedTuple):
    """Texts, of which the first `held` are gold; `tags` and `roles`, as opinions.py has them, have the rows
    first[i]:first[i + 1] for the tokens of texts[i]."""

    held: int
    texts: list[str]
    first: NDArray[np.int64]
    tags: NDArray[np.float16]
    roles: NDArray[np.float16]

    def note(self, number: int, doc: Doc) -> None:
        """Put on the Doc what the transformer would have noted."""
        mine = slice(self.first[number], self.first[number + 1])
        if len(doc) != mine.stop - mine.start:
            raise SystemExit(f"text {number} has other tokens than when it was labelled: label anew")
        doc.user_data[TAGS_NOTE] = self.tags[mine].astype(np.float32)
        doc.user_data[TAG_ROLES_NOTE] = self.roles[mine].astype(np.float32)


def open_silver(path: Path) -> Silver:
    with np.load(path, allow_pickle=False) as file:
        return Silver(int(file["held"]), file["texts"].tolist(), file["first"], file["tags"], file["roles"])


def held_out(papers: int) -> list[int]:
    """Which papers the transformer was not trained on."""
    return random.Random(HELD_SEED).sample(range(papers), papers)[:HELD]


def drawn(papers: Sequence[GoldPaper], leave_out: list[Path], files: list[Path], count: int) -> list[str]:
    known = {title_key(p.paper.title) for p in papers}
    known |= {title_key(p.title) for p in read_papers(leave_out) if isinstance(p, Paper)} if leave_out else set()
    found = sorted({t for t in texts(files, known, 1) if SHORTEST < len(t) < LONGEST})
    return random.Random(SEED).sample(found, min(count, len(found)))


def noted(docs: Iterator[Doc]) -> Iterator[tuple[NDArray[np.float16], NDArray[np.float16]]]:
    for doc in docs:
        yield doc.user_data[TAGS_NOTE].astype(np.float16), doc.user_data[TAG_ROLES_NOTE].astype(np.float16)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("gold", "accurate", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--count", type=int, default=COUNT)
    options = parser.parse_args()
    papers = read_gold(options.gold)
    held = [papers[i].text for i in held_out(len(papers))]
    leave_out = [f for f in options.files if f.suffix == ".jsonl"]
    every = held + drawn(papers, leave_out, [f for f in options.files if f.suffix == ".gz"], options.count)
    nlp = load(options.accurate)
    nlp.select_pipes(enable=["transformer"])
    tags, roles = [], []
    stream = noted(nlp.pipe((nlp.tokenizer(t) for t in every), batch_size=64))
    while part := list(islice(stream, 640)):
        tags += [t for t, _ in part]
        roles += [r for _, r in part]
        print(len(tags), "of", len(every), flush=True)
    first = np.cumsum([0, *map(len, tags)])
    text = np.array(every)
    np.savez_compressed(
        options.out, held=len(held), texts=text, first=first, tags=np.concatenate(tags), roles=np.concatenate(roles)
    )


if __name__ == "__main__":
    main()
