"""Cutting, and the part that a shard becomes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from standin import extract

from kg.errors import ModelError, StorageError
from kg.model import Extraction, Paper
from kg.shards import Executors, Job, Shard, Staging, cut, extract_shard, run
from kg.shards.staging import write_whole


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    made = Staging(tmp_path / "work")
    made.create()
    return made


def papers(count: int) -> list[Paper]:
    return [
        Paper(f"p{i}", f"Title {i}", "We use CIFAR-10. See https://github.com/a/b", sources=(f"f:{i}",))
        for i in range(count)
    ]


def one(staging: Staging, *listed: Paper) -> Shard:
    (shard,) = cut(listed, staging, salt="s")
    return shard


def test_the_first_shards_are_small_and_the_sizes_depend_on_the_place_only(staging: Staging) -> None:
    shards = list(cut(papers(3100), staging, salt="s"))
    assert [(s.first, s.count) for s in shards] == [
        *((i * 250, 250) for i in range(8)),
        (2000, 1000),
        (3000, 100),
    ]


def test_shards_are_written_as_the_stream_goes_on(staging: Staging) -> None:
    taken = 0

    def stream() -> Iterator[Paper]:
        nonlocal taken
        for paper in papers(1000):
            taken += 1
            yield paper

    first = next(cut(stream(), staging, salt="s"))
    assert taken == 250
    assert [p.title for p in staging.read(first)] == [f"Title {i}" for i in range(250)]


def test_the_key_covers_the_papers_their_place_and_the_salt(staging: Staging) -> None:
    (a,) = papers(1)
    shards = [
        one(staging, a),
        one(staging, replace(a, abstract="Other")),
        one(staging, replace(a, sources=("g:0",))),
        next(cut([a], staging, salt="t")),
        list(cut([*papers(250), a], staging, salt="s"))[1],
    ]
    assert len({s.key for s in shards}) == 5
    assert one(staging, a) == shards[0]


def test_a_part_holds_what_was_found_with_its_quotes(staging: Staging) -> None:
    shard = one(staging, *papers(1))
    assert extract_shard(Job(staging, shard, extract)) == 1
    (row,) = pq.read_table(staging.part(shard)).to_pylist()
    mentions = row.pop("mentions")
    assert row == {
        "place": 0,
        "reason": None,
        "code": "released",
        "links": ["https://huggingface.co/a/b"],
        "link_kinds": ["model"],
        "pairs": [],
    }
    assert [(m["id"], m["name_id"], m["text_id"], m["role"], m["quote"]) for m in mentions] == [
        ("dataset:cifar10", "dataset:cifar10", "dataset:cifar10", "uses", "We use CIFAR-10."),
        (*["repository:github.com/a/b"] * 3, None, "See https://github.com/a/b"),
    ]
    assert not staging.running(shard).exists()


def test_a_part_that_is_there_is_not_made_again(staging: Staging) -> None:
    shard = one(staging, *papers(3))
    staging.part(shard).write_bytes(b"as it is")
    assert extract_shard(Job(staging, shard, extract)) == 3
    assert staging.part(shard).read_bytes() == b"as it is"


def reasons(staging: Staging, shard: Shard) -> list[str | None]:
    return pq.read_table(staging.part(shard), columns=["reason"])["reason"].to_pylist()  # type: ignore[no-any-return]


def few(listed: Iterable[Paper]) -> Iterator[Extraction]:
    """Answers two of three papers."""
    yield from (e for e in extract(listed) if e.paper_id != "p1")


def test_an_extractor_that_leaves_out_a_paper_has_that_one_set_aside(staging: Staging) -> None:
    shard = one(staging, *papers(3))
    extract_shard(Job(staging, shard, few))
    found = reasons(staging, shard)
    assert [found[0], found[2]] == [None, None]
    assert str(found[1]).startswith("the extractor failed: ValueError")


def shifted(listed: Iterable[Paper]) -> Iterator[Extraction]:
    for e in extract(listed):
        yield replace(e, mentions=tuple(replace(m, start=m.start + 1) for m in e.mentions))


def test_a_mention_that_is_not_at_its_place_is_the_extractors_failure(staging: Staging) -> None:
    shard = one(staging, *papers(1))
    extract_shard(Job(staging, shard, shifted))
    assert reasons(staging, shard) == [
        "the extractor failed: ValueError: mention 'CIFAR-10' (Dataset) is not at abstract 8:15"
    ]


def unloadable(listed: Iterable[Paper]) -> Iterator[Extraction]:
    raise ModelError("no such model")
    yield


@pytest.mark.parametrize("workers", [0, 1])
def test_an_extractor_that_cannot_be_loaded_stops_the_run(staging: Staging, workers: int) -> None:
    with pytest.raises(ModelError, match="no such model"):
        run(cut(papers(1), staging, salt="s"), lambda s: Job(staging, s, unloadable), Executors(workers))
    assert list((staging.path / "parts").iterdir()) == []
    assert list((staging.path / "running").iterdir()) == []


def test_papers_set_aside_before_are_not_met(staging: Staging) -> None:
    shard = one(staging, Paper("a", "kill me"), Paper("b", "fine"))
    staging.put_aside(shard, 0, "it kills")
    extract_shard(Job(staging, shard, extract))
    assert reasons(staging, shard) == ["it kills", None]


def test_half_a_line_of_what_was_set_aside_is_passed_over(staging: Staging) -> None:
    shard = one(staging, *papers(1))
    staging.put_aside(shard, 0, "it kills")
    with (staging.path / "aside" / f"{shard.key}.jsonl").open("a") as file:
        file.write('{"row": 1, "rea')
    assert staging.aside(shard) == {0: "it kills"}


def test_the_alarm_of_the_caller_is_as_before(staging: Staging) -> None:
    before = signal.getsignal(signal.SIGALRM)
    extract_shard(Job(staging, one(staging, *papers(3)), extract))
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_shard_left_running_by_a_killed_process_is_done_in_a_process_of_its_own(staging: Staging) -> None:
    shard = one(staging, Paper("a", "kill me"), Paper("b", "fine"))
    staging.running(shard).write_text(f"{os.getpid()} 0")
    ticks: list[Shard] = []
    assert run([shard], partial(Job, staging, extract=extract_only), Executors(0), tick=ticks.append) == [shard]
    assert ticks == [shard]
    assert reasons(staging, shard) == ["its process died at it, again and again", None]


def extract_only(listed: Iterable[Paper]) -> Iterator[Extraction]:
    return extract(listed)


def test_writing_whole_leaves_nothing_when_it_fails(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        write_whole(tmp_path / "missing" / "part", b"data")
    write_whole(tmp_path / "part", b"data")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("part", b"data")]


def test_the_fork_server_ignores_ctrl_c_while_it_starts(tmp_path: Path) -> None:
    (tmp_path / "watch.py").write_text(
        "import pathlib, signal\n"
        "ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN\n"
        "pathlib.Path('seen').write_text(str(ignored))\n"
    )
    script = (
        "import signal\n"
        "from kg.shards import Executors\n"
        "with Executors(1, preload=('watch',)).main() as pool:\n"
        "    pool.submit(len, ()).result()\n"
        "print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr, (tmp_path / "seen").read_text()) == ("True\n", "", "True")
