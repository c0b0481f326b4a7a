"""What goes wrong in a build, and what comes of it: the same graph, or a clear message and nothing lost."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from standin import EXTRACTOR

from kg import pipeline
from kg.errors import BuildError, StorageError
from kg.store import Store

HERE = Path(__file__).parent
# With 250 papers a shard at first, this many make three shards.
COUNT = 600


def write(folder: Path, titles: dict[int, str] | None = None, *, count: int = COUNT, default: str = "Paper") -> Path:
    """A file of `count` papers; `titles` says what those at some places are called."""
    file = folder / "papers.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for i in range(count):
            title = f"{(titles or {}).get(i, default)} {i}"
            abstract = f"We propose ResNet-{i % 7} and use CIFAR-10. See https://github.com/a/b{i % 50}"
            out.write(json.dumps({"id": f"p{i}", "title": title, "abstract": abstract}) + "\n")
    return file


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a build in a session of its own; what is left of it is killed after the test."""
    started = []

    def begin(source: Path, out: Path, workers: int = 2, **options: Any) -> subprocess.Popen[str]:
        command = [sys.executable, str(HERE / "engine_run.py"), str(source), str(out), str(workers)]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, start_new_session=True, **options)
        started.append(process)
        return process

    yield begin
    for process in started:
        for pid in group(process.pid):
            os.kill(pid, signal.SIGKILL)
        process.communicate()


def parts(out: Path) -> dict[str, int]:
    """The finished parts and when each was written, in nanoseconds."""
    found = (out.parent / f".{out.name}.building" / "parts").glob("*.parquet")
    return {p.name: p.stat().st_mtime_ns for p in found}


def wait_for(condition: Callable[[], object], *, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def group(pid: int) -> set[int]:
    """The living processes of the session that `pid` leads: a build and all that it started."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z" and int(fields[3]) == pid:
            found.add(int(stat.parent.name))
    return found


def rejects(out: Path) -> list[dict[str, object]]:
    file = pipeline.rejects_path(out)
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


def reference(source: Path, folder: Path) -> str:
    return pipeline.build([source], folder / "reference", workers=0, extractor=EXTRACTOR).digest


def test_a_worker_that_is_killed_is_replaced_and_the_graph_is_the_same(tmp_path: Path, start: Start) -> None:
    source, out = write(tmp_path, default="slow Paper"), tmp_path / "graph"
    expected = reference(write(tmp_path, default="slow Paper"), tmp_path)
    process = start(source, out)
    running = tmp_path / ".graph.building" / "running"
    wait_for(lambda: running.is_dir() and any(f.stat().st_size for f in running.iterdir()))
    worker = int(next(f for f in running.iterdir() if f.stat().st_size).read_text().split()[0])
    os.kill(worker, signal.SIGKILL)
    printed, said = process.communicate(timeout=120)
    assert (process.returncode, printed.strip(), rejects(out)) == (0, expected, []), said


@pytest.mark.parametrize("workers", [1, 2])
def test_papers_that_kill_their_process_are_set_aside_and_all_others_kept(tmp_path: Path, workers: int) -> None:
    source = write(tmp_path, {3: "kill me", 299: "kill me", 300: "kill me"})
    out = tmp_path / "graph"
    store = pipeline.build([source], out, workers=workers, extractor=EXTRACTOR)
    reason = "its process died at it, again and again"
    assert rejects(out) == [
        {"path": str(source), "line": i + 1, "reason": reason, "id": f"p{i}"} for i in (3, 299, 300)
    ]
    assert {row["id"] for row in store.rows("Paper", ["id"])} == {f"p{i}" for i in range(COUNT)}
    edges = {row["subject"] for row in store.rows("USES", ["subject"])}
    assert edges == {f"p{i}" for i in range(COUNT)} - {"p3", "p299", "p300"}


def test_a_paper_set_aside_is_not_met_again_when_the_build_is_cut(tmp_path: Path, start: Start) -> None:
    source, out = write(tmp_path, {3: "kill me"}, default="slow Paper"), tmp_path / "graph"
    process = start(source, out)
    aside = tmp_path / ".graph.building" / "aside"
    wait_for(lambda: aside.is_dir() and any(aside.iterdir()))
    process.kill()
    process.communicate()
    remembered = {f.name: f.read_text() for f in aside.iterdir()}
    wait_for(lambda: not group(process.pid))
    again = start(source, out)
    wait_for(lambda: len(parts(out)) == 1)
    assert {f.name: f.read_text() for f in aside.iterdir()} == remembered
    _, said = again.communicate(timeout=120)
    assert (again.returncode, [r["id"] for r in rejects(out)]) == (0, ["p3"]), said


@pytest.mark.parametrize("title", ["hang", "hang in C"])
def test_a_paper_that_hangs_is_set_aside(tmp_path: Path, title: str) -> None:
    source, out = write(tmp_path, {5: title}, count=20), tmp_path / "graph"
    store = pipeline.build([source], out, workers=1, paper_timeout=0.5, extractor=EXTRACTOR)
    assert rejects(out) == [{"path": str(source), "line": 6, "reason": "took longer than 0.5 s", "id": "p5"}]
    assert store.manifest["counts"]["Paper"] == 20


@pytest.mark.parametrize("workers", [0, 1])
def test_a_paper_whose_extraction_fails_is_set_aside_with_the_reason(tmp_path: Path, workers: int) -> None:
    source, out = write(tmp_path, {5: "raise"}, count=20), tmp_path / "graph"
    store = pipeline.build([source], out, workers=workers, extractor=EXTRACTOR)
    reason = "the extractor failed: ValueError: told to"
    assert rejects(out) == [{"path": str(source), "line": 6, "reason": reason, "id": "p5"}]
    assert {row["subject"] for row in store.rows("USES")} == {f"p{i}" for i in range(20)} - {"p5"}


def test_a_killed_build_leaves_the_old_graph_whole_and_goes_on_from_its_parts(tmp_path: Path, start: Start) -> None:
    out = tmp_path / "graph"
    old = pipeline.build([write(tmp_path, count=5)], out, workers=0, extractor=EXTRACTOR).digest
    source = write(tmp_path, default="slow Paper", count=900)
    process = start(source, out)
    wait_for(lambda: len(parts(out)) >= 2)
    process.kill()
    process.communicate()
    assert Store.open(out).digest == old
    wait_for(lambda: not group(process.pid), seconds=5)
    before = parts(out)
    again = start(source, out)
    seen: dict[str, int] = {}

    def at_tables() -> bool:
        seen.update(parts(out))
        return again.poll() is not None

    wait_for(at_tables, seconds=120)
    printed, said = again.communicate()
    assert (again.returncode, printed.strip()) == (0, reference(source, tmp_path)), said
    assert len(seen) == 4
    assert {name: seen[name] for name in before} == before


@pytest.mark.parametrize("whole_group", [True, False])
@pytest.mark.parametrize("workers", [0, 2])
def test_ctrl_c_ends_at_once_leaves_no_process_and_keeps_the_parts(
    tmp_path: Path, workers: int, whole_group: bool, start: Start
) -> None:
    source, out = write(tmp_path, default="slow Paper"), tmp_path / "graph"
    process = start(source, out, workers)
    wait_for(lambda: parts(out))
    if whole_group:
        os.killpg(process.pid, signal.SIGINT)
    else:
        process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=5)
    assert (process.returncode, said) == (130, "")
    wait_for(lambda: not group(process.pid), seconds=5)
    assert parts(out)
    assert not out.exists()


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


@pytest.mark.parametrize("workers", [0, 2])
def test_a_full_disk_is_one_message_and_no_half_file(tmp_path: Path, workers: int, start: Start) -> None:
    process = start(write(tmp_path), tmp_path / "graph", workers, preexec_fn=limited)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "no space left" in said.splitlines()[-1]
    assert len(said.splitlines()) == 1
    assert not (tmp_path / "graph").exists()
    assert list(tmp_path.rglob("*.tmp")) == []
    wait_for(lambda: not group(process.pid), seconds=5)


def test_a_full_disk_while_the_tables_are_made_keeps_the_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    def full(*_: object, **__: object) -> None:
        raise duckdb.IOException('IO Error: Could not write file "x": No space left on device')

    source, out = write(tmp_path, count=20), tmp_path / "graph"
    with monkeypatch.context() as patched:
        patched.setattr("kg.tables.graph.copy", full)
        with pytest.raises(StorageError, match="no space left"):
            pipeline.build([source], out, workers=0, extractor=EXTRACTOR)
    assert not out.exists()
    assert len(parts(out)) == 1
    assert pipeline.build([source], out, workers=0, extractor=EXTRACTOR).digest == reference(source, tmp_path)


@pytest.mark.parametrize("target", ["/proc/graph", "papers.jsonl/graph"])
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, target: str) -> None:
    source = write(tmp_path, count=3)
    with pytest.raises(StorageError) as caught:
        pipeline.build([source], tmp_path / target, workers=0, extractor=EXTRACTOR)
    assert str(tmp_path / target) in str(caught.value) or ".graph.building" in str(caught.value)


def test_workers_that_cannot_start_are_one_error(tmp_path: Path) -> None:
    from kg.shards import Extractor

    broken = Extractor(EXTRACTOR.papers, "broken", warm=os.abort)
    with pytest.raises(BuildError, match="the workers die before they begin"):
        pipeline.build([write(tmp_path, count=3)], tmp_path / "graph", workers=1, extractor=broken)


def test_two_builds_of_one_graph_at_a_time_are_refused(tmp_path: Path, start: Start) -> None:
    source, out = write(tmp_path, default="slow Paper"), tmp_path / "graph"
    process = start(source, out)
    wait_for(lambda: (tmp_path / ".graph.building" / "running").is_dir())
    with pytest.raises(BuildError, match="another build is at work"):
        pipeline.build([source], out, workers=0, extractor=EXTRACTOR)
    process.kill()
    process.communicate()
