"""How much gold is enough: python training/curve.py GOLD_TRAIN GOLD_DEV

Trains as `kg train` does, without abstracts, on nested random parts of GOLD_TRAIN (seed 1), one after another, and
writes what kg.evaluate says of each on GOLD_DEV to training/curve.tsv, which training/card.py puts into the model card.
Some six minutes on one core for 3,890 papers.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

from kg.evaluate import evaluate, extracted, read_annotations
from kg.train import train

CURVE = Path(__file__).parent / "curve.tsv"
SIZES = (250, 500, 1000, 2000)
COLUMNS = ("papers", "row", "precision", "recall", "f1")
SEED = 1


def main(gold: Path, dev: Path) -> None:
    lines = [line for line in gold.read_text(encoding="utf-8").split("\n") if line.strip()]
    random.Random(SEED).shuffle(lines)
    wanted = read_annotations(dev)
    rows: list[tuple[str, ...]] = [COLUMNS]
    for size in (*(n for n in SIZES if n < len(lines)), len(lines)):
        with tempfile.TemporaryDirectory() as folder:
            part, model = Path(folder) / "gold.jsonl", Path(folder) / "model"
            part.write_text("\n".join(lines[:size]) + "\n", encoding="utf-8")
            train(part, model)
            report = evaluate(wanted.papers, extracted(wanted, model=model))
        for row, s in report.scores.items():
            rows.append((str(size), row, *(f"{x:.4f}" for x in (s.precision, s.recall, s.f1))))
            print(*rows[-1], flush=True)
        CURVE.write_text("".join("\t".join(r) + "\n" for r in rows), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
