"""How fast extraction is and how good, in one run: a change that gains one shows what it costs of the other.

    python benchmarks/extract.py [PAPERS] [--gold GOLD] [--model PATH|NAME] [--rounds 3] [--limit N] [-o NEW.json]
                                 [--compare OLD.json]

Speed is processor time on one core: each round extracts all PAPERS (any file kg reads; the papers of GOLD where it is
left out), then runs `spacy.blank("en")` over the same texts, so that a busy machine slows both; each round with
pipelines that have seen no word yet. The medians are printed. Starting is measured in processes of their own. Quality
is what `kg eval` gives on GOLD, annotated papers that the model has not seen.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.metadata import version
from itertools import islice
from pathlib import Path

import kg
from kg.evaluate import Report, evaluate, extracted, read_annotations
from kg.extract import extract_papers, fingerprint, warm
from kg.extract.stored import SMALL
from kg.model import Paper

START = "import sys; from kg.extract import warm; warm(sys.argv[1] or None)"
BLANK = "import spacy; spacy.blank('en')('one')"


def papers_of(given: argparse.Namespace) -> list[Paper]:
    """The papers to time: those of PAPERS, or of GOLD."""
    if given.papers:
        found = (p for p in kg.read_papers([given.papers]) if isinstance(p, Paper))
    else:
        gold = read_annotations(given.gold).papers
        found = (Paper(p["id"], p.get("title") or "", p.get("abstract") or "") for p in gold)
    papers = list(islice(found, given.limit))
    if not papers:
        sys.exit(f"{given.papers or given.gold}: no papers")
    return papers


def spent(stream: Iterable[object]) -> float:
    """Seconds of processor time that it takes in this process to run through `stream`."""
    start = time.process_time()
    for _ in stream:
        pass
    return time.process_time() - start


def started(code: str, *words: str) -> float:
    """Seconds of processor time of a Python of its own that runs `code`."""

    def used() -> float:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return children.ru_utime + children.ru_stime

    before = used()
    subprocess.run([sys.executable, "-c", code, *words], check=True)
    return used() - before


def speed(papers: list[Paper], model: str | None, rounds: int) -> dict[str, float]:
    """Papers a second of the extractor and of a bare tokenizer, and what starting each takes."""
    import spacy

    from kg.extract.pipeline import opened

    texts = [f"{p.title}\n\n{p.abstract}" for p in papers]
    ours, bare, starts, bare_starts = [], [], [], []
    for _ in range(rounds):
        opened.cache_clear()
        warm(model)
        blank = spacy.blank("en")
        ours.append(spent(extract_papers(papers, model=model)))
        bare.append(spent(blank.pipe(texts)))
        starts.append(started(START, model or ""))
        bare_starts.append(started(BLANK))
    mine, theirs = statistics.median(ours), statistics.median(bare)
    return {
        "papers a second": len(papers) / mine,
        "papers a second, spacy.blank": len(papers) / theirs,
        "speed beside spacy.blank": theirs / mine,
        "ms a paper": 1000 * mine / len(papers),
        "start, s": statistics.median(starts),
        "start of spacy.blank, s": statistics.median(bare_starts),
    }


def size(model: str | None) -> float:
    """Megabytes of the model's files."""
    from spacy.util import get_package_path

    folder = SMALL if model is None else Path(model)
    if not folder.is_dir():
        folder = get_package_path(str(model))
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file() and f.suffix != ".pyc") / 1e6


def quality(report: Report) -> dict[str, float]:
    """Every figure of a comparison with gold, by name."""
    found = {f"F1 {row}": s.f1 for row, s in report.scores.items()}
    found |= {f"precision {row}": s.precision for row, s in report.scores.items()}
    found |= {f"recall {row}": s.recall for row, s in report.scores.items()}
    found |= {what: a.share for what, a in report.agreements.items()}
    return found | {"state of the code": report.code.share}


def table(new: Mapping[str, float], old: Mapping[str, float]) -> str:
    """One line a figure; beside it, where there is one to compare with, the old one and the difference."""
    lines = [f"{'':32} {'new':>10}" + (f" {'old':>10} {'change':>10}" if old else "")]
    for name in [*new, *(n for n in old if n not in new)]:
        line = f"{name:32} {shown(new.get(name))}"
        if old:
            both = name in new and name in old
            line += f" {shown(old.get(name))} {shown(new[name] - old[name], '+') if both else ''}"
        lines.append(line.rstrip())
    return "\n".join(lines)


def shown(value: float | None, sign: str = "") -> str:
    return " " * 10 if value is None else f"{value:{sign}10,.3f}" if abs(value) < 100 else f"{value:{sign}10,.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("papers", nargs="?", help="papers to time; those of GOLD where it is left out")
    parser.add_argument("--gold", help="annotated papers, JSON lines")
    parser.add_argument("--model", help="another spaCy pipeline: a folder or an installed package")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=int, help="time only the first so many papers")
    parser.add_argument("-o", "--output", type=Path, help="write the figures as JSON")
    parser.add_argument("--compare", type=Path, metavar="OLD.json", help="what an earlier run wrote")
    given = parser.parse_args()
    if not (given.papers or given.gold) or given.rounds < 1:
        parser.error("name PAPERS, --gold or both, and at least one round")
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"  # one core; nothing has imported numpy yet
    old = json.loads(given.compare.read_text(encoding="utf-8")) if given.compare else {"figures": {}}
    papers = papers_of(given)
    figures = speed(papers, given.model, given.rounds) | {"model, MB": size(given.model)}
    if given.gold:
        gold = read_annotations(given.gold)
        figures |= quality(evaluate(gold.papers, extracted(gold, model=given.model)))
    about = {
        "date": date.today().isoformat(),
        "papers": len(papers),
        "rounds": given.rounds,
        "gold": len(gold.papers) if given.gold else 0,
        "extractor": fingerprint(given.model),
        "python": platform.python_version(),
        "spacy": version("spacy"),
        "load": round(os.getloadavg()[0], 1),
    }
    for name, run in (("new", about), ("old", old.get("about", {}))):
        if run:
            print(f"{name}: " + ", ".join(f"{k} {v}" for k, v in run.items()))
    print(table(figures, old["figures"]))
    if given.output:
        made = {"about": about, "figures": {k: round(v, 4) for k, v in figures.items()}}
        given.output.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except kg.KgError as e:
        sys.exit(f"extract.py: {e}")
