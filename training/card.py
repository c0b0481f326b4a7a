"""Writes the model card: python training/card.py MODEL GOLD_TRAIN GOLD_DEV

Extracts the papers of GOLD_DEV with MODEL, measures with kg.evaluate, and writes docs/model-card.md: the figures in the
places that card.md, the prose, names in double braces; the learning curve from curve.tsv (training/curve.py). Takes
half a minute.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import numpy as np

from kg.evaluate import (
    Annotations,
    Difference,
    Report,
    differences,
    evaluate,
    extracted,
    keys,
    read_annotations,
    scored,
)
from kg.evaluate.matching import Annotated, Entity
from kg.extract.lexicon import CLASSES
from kg.extract.pipeline import load
from kg.extract.scorer import Scorer
from kg.model import Role
from kg.train.gold import GoldPaper, read_gold

HERE = Path(__file__).parent
CURVE = HERE / "curve.tsv"
CARD = HERE.parent / "docs/model-card.md"
FIELDS = ("datasets", "methods", "tasks")
LEVELS = (0.0, 0.5, 0.7, 0.9)
ROWS = ("datasets", "methods (named)", "methods (all)", "tasks")
# Of a paper's id: where it comes from.
KINDS = {"arxiv": "arXiv, 2025 and 2026", "acl": "ACL Anthology, from 2013 on", "pl": "conference listings"}
PAGES = "saved listing pages"
NEAR, FAR = "shares a word with something on the other side", "nothing like it on the other side"


def number(x: float) -> str:
    return f"{x:.2f}".removeprefix("0")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def sources(train: Sequence[GoldPaper], dev: Sequence[GoldPaper]) -> str:
    both = (train, dev)
    counted = [Counter(_source(p.paper.id) for p in papers) for papers in both]
    rows = [[kind, *(f"{c[kind]:,}" for c in counted)] for kind in (*KINDS.values(), PAGES)]
    rows.append(["together", *(f"{len(papers):,}" for papers in both)])
    entities = [Counter(CLASSES[e.cls][0] for p in papers for e in p.entities) for papers in both]
    rows += [[f"{type_.lower()}s", *(f"{c[type_]:,}" for c in entities)] for type_ in ("Dataset", "Method", "Task")]
    return table(["papers, and entities annotated in them", "training", "development"], rows)


def _source(id_: str) -> str:
    return KINDS.get(id_.split(":")[0], PAGES)


def parts(model: Path) -> str:
    """The files of the model with their sizes, and the number of parameters."""
    nlp = load(model)
    judge = next(c for _, c in nlp.components if isinstance(c, Scorer)).model
    rows = []
    for file in sorted(f for f in model.rglob("*") if f.is_file() and f.stat().st_size > 20_000):
        rows.append([f"`{file.relative_to(model).as_posix()}`", f"{file.stat().st_size / 1e6:.2f}"])
    rows.append(["together", f"{sum(f.stat().st_size for f in model.rglob('*') if f.is_file()) / 1e6:.2f}"])
    said = f"The log-linear model has {np.count_nonzero(judge.weights):,} weights that are not 0"
    if judge.context is not None:
        c = judge.context
        words = c.word_vectors.size
        layers = sum(layer.weights.size + layer.bias.size + 2 * layer.scale.size for layer in c.convolutions)
        names = ("shape_vectors", "suffix_vectors", "flag_vectors", "input_weights", "input_bias", "length_vectors")
        late = ("hidden_weights", "hidden_bias", "output_weights", "output_bias")
        rest = layers + sum(getattr(c, name).size for name in (*names, *late)) + 1
        said += f", the network {words:,} numbers for the vectors of {len(c.words):,} words and {rest:,} others"
    return f"{said}.\n\n" + table(["file", "MB"], rows)


def scores(report: Report) -> str:
    rows = []
    for row, s in report.scores.items():
        counts = (f"{n:,}" for n in (s.found, s.wrong, s.missed))
        rows.append([row, number(s.precision), number(s.recall), f"**{number(s.f1)}**", *counts])
    return table(["", "precision", "recall", "F1", "found", "wrong", "missed"], rows)


def agreements(report: Report) -> str:
    rows = [[_plain(what), number(a.share), f"{a.total:,}"] for what, a in report.agreements.items()]
    rows.append(["state of the code, of all papers", number(report.code.share), f"{report.code.total:,}"])
    return table(["of what is found, the same as in gold", "share", "of"], rows)


def roles(report: Report) -> str:
    """Of the found entities of each role in gold, the share that has it."""
    rows = []
    for role in get_args(Role):
        cells = []
        for counts in report.roles.values():
            total = sum(n for (wanted, _), n in counts.items() if wanted == role)
            cells.append(f"{number(counts.get((role, role), 0) / total)} of {total:,}" if total else "")
        rows.append([role, *cells])
    return table(["role in gold, of what is found: the same", *report.roles], rows)


def reliability(report: Report) -> str:
    rows = []
    for tenth in range(10):
        cells = []
        for row in ROWS:
            held = next((t for t in report.calibration.get(row, ()) if round(t.low * 10) == tenth), None)
            cells.append(f"{number(held.share)} of {held.total:,}" if held else "")
        if any(cells):
            rows.append([f"{tenth / 10:.1f} to {(tenth + 1) / 10:.1f}", *cells])
    return table(["score", *ROWS], rows)


def levels(dev: Annotations, found: Sequence[Annotated]) -> str:
    rows = []
    for level in LEVELS:
        s = evaluate(dev.papers, scored(found, level)).scores
        cells = [f"{number(s[row].precision)} / {number(s[row].recall)}" for row in ROWS]
        rows.append([f"{level}" if level else "left out", *cells])
    return table(["`--at-least`", *ROWS], rows)


def errors(dev: Annotations, found: Sequence[Annotated], listed: Sequence[Difference]) -> str:
    """Errors by what went wrong."""
    there = {p["id"]: _words(p) for p in dev.papers}
    here = {p["id"]: _words(p) for p in found}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for d in listed:
        if d.sort == "type":
            counts[f"{d.gold} taken for {d.predicted}"][d.field] += 1
        elif d.sort in ("missed", "wrong"):
            others = (here if d.sort == "missed" else there).get(d.paper, [])
            near = any(set(d.name.casefold().split()) & words for words in others)
            counts[f"{d.sort}: {NEAR if near else FAR}"][d.field] += 1
        elif d.sort in ("kind", "role", "name"):
            counts[f"found, with another {d.sort}"][d.field] += 1
    rows = []
    for what, fields in sorted(counts.items(), key=lambda c: -c[1].total()):
        rows.append([what, *(f"{fields[f]:,}" if fields[f] else "" for f in FIELDS)])
    return table(["", *FIELDS], rows)


def _words(paper: Annotated) -> list[set[str]]:
    """The words of each form of each entity."""
    entities = [e for f in FIELDS for e in paper.get(f, [])]
    return [set(form.casefold().split()) for e in entities for form in (e["name"], *e["mentions"])]


def known_and_new(train: Annotations, dev: Annotations, listed: Sequence[Difference]) -> str:
    """Recall of what the training papers speak of and of what they do not."""
    rows = []
    for field in FIELDS:
        seen = {k for p in train.papers for e in p[field] for k in _keys(e)}
        missed = {(d.paper, d.name) for d in listed if d.field == field and d.sort in ("missed", "type")}
        cells = []
        for new in (False, True):
            mine = [(p["id"], e["name"]) for p in dev.papers for e in p[field] if (not (_keys(e) & seen)) == new]
            cells.append(f"{number(sum(m not in missed for m in mine) / max(len(mine), 1))} of {len(mine):,}")
        rows.append([field, *cells])
    return table(["recall", "annotated in a training paper", "in none"], rows)


def _keys(entity: Entity) -> set[str]:
    return {k for form in (entity["name"], *entity["mentions"]) for k in keys(form)}


def by_source(dev: Annotations, found: Sequence[Annotated]) -> str:
    rows = []
    for kind in (*KINDS.values(), PAGES):
        mine = [p for p in dev.papers if _source(p["id"]) == kind]
        s = evaluate(mine, found).scores
        rows.append([kind, f"{len(mine):,}", *(number(s[row].f1) for row in ROWS)])
    return table(["F1", "papers", *ROWS], rows)


def curve() -> str:
    f1: dict[str, dict[str, str]] = defaultdict(dict)
    with CURVE.open(encoding="utf-8") as file:
        for r in csv.DictReader(file, delimiter="\t"):
            f1[r["papers"]][r["row"]] = number(float(r["f1"]))
    rows = [[f"{int(papers):,}", *(f1[papers][row] for row in ROWS)] for papers in sorted(f1, key=int)]
    return table(["annotated papers", *ROWS], rows)


def _plain(what: str) -> str:
    """Of methods' roles only whether they are introduced is compared."""
    return "methods introduced or not" if what == "methods role" else what


def main(model: Path, gold: Path, held: Path) -> None:
    train, dev = read_annotations(gold), read_annotations(held)
    found = list(extracted(dev, model=model))
    report, listed = evaluate(dev.papers, found), differences(dev.papers, found)
    text = (HERE / "card.md").read_text(encoding="utf-8")
    said = {
        "sources": sources(read_gold(gold), read_gold(held)),
        "development": f"{len(dev.papers):,}",
        "parts": parts(model),
        "scores": scores(report),
        "agreements": agreements(report),
        "roles": roles(report),
        "reliability": reliability(report),
        "levels": levels(dev, found),
        "errors": errors(dev, found, listed),
        "known": known_and_new(train, dev, listed),
        "by source": by_source(dev, found),
        "curve": curve(),
    }
    for name, value in said.items():
        assert f"{{{{{name}}}}}" in text, name
        text = text.replace(f"{{{{{name}}}}}", value)
    CARD.write_text(text, encoding="utf-8", newline="\n")
    print(f"{CARD}: F1", ", ".join(f"{row} {number(s.f1)}" for row, s in report.scores.items()))


if __name__ == "__main__":
    main(*(Path(a) for a in sys.argv[1:4]))
