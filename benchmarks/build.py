"""How fast kg build is, and how much memory it takes, beside bare tokenizing by spaCy in the same run.

    python benchmarks/build.py papers.jsonl [--rounds 3] [--workers N] [--limit N]

Each round builds the graph anew with the `kg` command, then runs `spacy.blank("en")` over the same titles and abstracts
in one process, then in as many as the build has, so that a machine that is busy slows them alike. Printed for each: the
median of the rounds in papers a second, start of the process included, and the highest memory of the whole process tree
(proportional set size, looked at every 50 ms; Linux only).
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

TOKENIZE = """
import json, sys, multiprocessing
import spacy

def texts(part, parts):
    with open(sys.argv[1], encoding="utf-8") as file:
        for i, line in enumerate(file):
            if i % parts == part:
                paper = json.loads(line)
                yield paper["title"]
                yield paper.get("abstract") or ""

def work(part, parts):
    nlp = spacy.blank("en")
    print(sum(len(doc) for doc in nlp.pipe(texts(part, parts))), "tokens")

if __name__ == "__main__":
    parts = int(sys.argv[2])
    made = [multiprocessing.Process(target=work, args=(i, parts)) for i in range(1, parts)]
    for process in made:
        process.start()
    work(0, parts)
    for process in made:
        process.join()
"""


def lines(path: Path, limit: int | None) -> Iterator[bytes]:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        yield from itertools.islice(file, limit)


def tree(pid: int) -> Iterator[int]:
    """The process and all below it. A fork server's workers hang on the fork server, so it is all below."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    todo = [pid]
    while todo:
        yield (at := todo.pop())
        todo += children.get(at, [])


def memory(pids: list[int]) -> int:
    """Proportional set size in bytes: pages that several processes share are counted once in all."""
    total = 0
    for process in pids:
        try:
            for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
        except OSError:
            continue
    return total


def processor(pid: int) -> float:
    """Seconds of processor time that a process has used so far; nought once it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(command: list[str]) -> tuple[float, float, int]:
    """Wall seconds, processor seconds of the whole tree, and peak memory in bytes of a command."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    peak, done = 0, threading.Event()
    # Looked at while they live: workers that are killed at the end are in no one's account.
    used: dict[int, float] = {}

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.05):
            pids = list(tree(process.pid))
            peak = max(peak, memory(pids))
            for pid in pids:
                used[pid] = max(used.get(pid, 0.0), processor(pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, said = process.communicate()
    seconds = time.perf_counter() - start
    done.set()
    watcher.join()
    if process.returncode:
        sys.exit(f"{' '.join(command)}: {said}")
    return seconds, sum(used.values()), peak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("papers", type=Path, help="JSON lines with title and abstract, .gz too")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--limit", type=int, help="only the first so many papers")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "papers.jsonl"
        source.write_bytes(b"".join(lines(given.papers, given.limit)))
        count = sum(1 for _ in source.open("rb"))
        build = [sys.executable, "-m", "kg", "build", str(source), "-o", str(folder / "graph")]
        commands = {
            f"kg build, {given.workers} workers": [*build, "--workers", str(given.workers)],
            "spacy.blank, 1 process": [sys.executable, "-c", TOKENIZE, str(source), "1"],
            f"spacy.blank, {given.workers} processes": [
                sys.executable,
                "-c",
                TOKENIZE,
                str(source),
                str(given.workers),
            ],
        }
        rounds: dict[str, list[tuple[float, float, int]]] = {name: [] for name in commands}
        for _, (name, command) in itertools.product(range(given.rounds), commands.items()):
            rounds[name].append(measured(command))
        manifest = json.loads((folder / "graph" / "manifest.json").read_text(encoding="utf-8"))
    report(rounds, count, manifest["counts"])


def report(rounds: dict[str, list[tuple[float, float, int]]], count: int, counts: dict[str, int]) -> None:
    load = os.getloadavg()[0]
    print(f"{count:,} papers, {len(os.sched_getaffinity(0))} cores, load {load:.1f} at the end; {counts}")
    first = next(iter(rounds))
    walls = {name: statistics.median(r[0] for r in runs) for name, runs in rounds.items()}
    for name, runs in rounds.items():
        spent = statistics.median(r[1] for r in runs)
        peak = max(r[2] for r in runs) / 2**20
        ratio = "" if name == first else f"; the build has {walls[name] / walls[first]:.2f} of its speed"
        print(
            f"{name:<24} {count / walls[name]:8,.0f} papers/s  {walls[name]:7.1f} s wall  {spent:7.1f} s processor"
            f"  {peak:6,.0f} MB{ratio}"
        )


if __name__ == "__main__":
    main()
