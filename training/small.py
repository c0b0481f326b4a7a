"""Makes the shipped model:
python training/small.py GOLD [LEAVE_OUT.jsonl ...] [ABSTRACTS.jsonl.gz ...] --vectors VECTORS.npz --silver SILVER.npz

The same as `kg train GOLD -o kg/extract/small`, with one of two abstracts read, and with a network, for which
training/context/README.md says how to make VECTORS and SILVER; without these two the model is log-linear alone. Run
training/lexicon.py first where the lists of names have changed. Papers of LEAVE_OUT, a test set, are not read among the
abstracts. Prints the scores.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from kg.extract.stored import SMALL
from kg.train import train
from kg.train.report import Report
from kg.train.scorer import Network

EVERY = 2  # one unlabelled abstract in so many is read, to save time


def tell(report: Report) -> None:
    for s in report.scored:
        print(f"{s.type} {s.kind or ''}: precision {s.precision:.3f}, recall {s.recall:.3f}, F1 {s.f1:.3f}, ", end="")
        print(f"from {s.at_least:.2f}; right by tenth of score:", " ".join(f"{r}/{n}" for n, r in s.reliability))
    for a in report.agreed:
        print(f"role of {a.what}: {a.share:.3f} of {a.total}")


def show(stage: str, done: int, total: int | None) -> None:
    if done % 6400 == 0 or total is not None:
        print(stage, done, "" if total is None else f"of {total}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("files", type=Path, nargs="*", help="papers to leave out (.jsonl), abstracts (.jsonl.gz)")
    parser.add_argument("--vectors", type=Path, help="what training.context.vectors has written")
    parser.add_argument("--silver", type=Path, help="what training.context.silver has written")
    parser.add_argument("-o", "--output", type=Path, default=SMALL, help="another folder than the shipped one")
    options = parser.parse_args()
    if (options.vectors is None) != (options.silver is None):
        parser.error("--vectors and --silver go together")
    network: Network | None = None
    if options.vectors:
        from context.learn import NetworkOf

        network = NetworkOf(options.vectors, options.silver)
    leave_out = [f for f in options.files if f.suffix == ".jsonl"]
    abstracts = [f for f in options.files if f.suffix == ".gz"]
    tell(
        train(
            options.gold,
            options.output,
            abstracts=abstracts,
            every=EVERY,
            leave_out=leave_out,
            network=network,
            progress=show,
        )
    )


if __name__ == "__main__":
    main()
