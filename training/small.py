"""Makes the shipped model: python training/small.py GOLD [LEAVE_OUT.jsonl ...] [ABSTRACTS.jsonl.gz ...]

The same as `kg train GOLD -o kg/extract/small`, with one of two abstracts read. Run training/lexicon.py first where the
lists of names have changed. Papers of LEAVE_OUT, a test set, are not read among the abstracts. Prints the scores.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kg.extract.stored import SMALL
from kg.train import train

EVERY = 2  # one unlabelled abstract in so many is read, to save time


def main(gold: Path, leave_out: list[Path], abstracts: list[Path]) -> None:
    report = train(gold, SMALL, abstracts=abstracts, every=EVERY, leave_out=leave_out, progress=show)
    for s in report.scored:
        print(f"{s.type} {s.kind or ''}: precision {s.precision:.3f}, recall {s.recall:.3f}, F1 {s.f1:.3f}, ", end="")
        print(f"from {s.at_least:.2f}; right by tenth of score:", " ".join(f"{r}/{n}" for n, r in s.reliability))
    for a in report.agreed:
        print(f"role of {a.what}: {a.share:.3f} of {a.total}")


def show(stage: str, done: int, total: int | None) -> None:
    if done % 6400 == 0 or total is not None:
        print(stage, done, "" if total is None else f"of {total}", flush=True)


if __name__ == "__main__":
    given = [Path(a) for a in sys.argv[1:]]
    main(given[0], [a for a in given[1:] if a.suffix == ".jsonl"], [a for a in given[1:] if a.suffix == ".gz"])
