"""The index is made when first asked for, made anew when stale, and whole whatever dies while it is made."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from graphs import EDGES, NODES, example_graph

from kg import store as stores
from kg.errors import GraphError, QueryTimeout
from kg.query import cypher, index
from kg.query.ladybug_engine import Ladybug
from kg.store import Store

COUNT = "MATCH (n) RETURN count(n) AS n"
ASK = "import sys; from kg.query import cypher; from kg.store import Store; "
ASK += f"print(cypher.ask(Store.open(sys.argv[1]), {COUNT!r}, {{}}).rows)"


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A graph of its own without an index, and a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return example_graph(tmp_path / "graph")


def made(store: Store) -> list[str]:
    return sorted(p.name for p in store.index.iterdir() if p.is_dir())


def test_is_made_once_and_used_again(fresh: Store) -> None:
    assert not index.is_ready(fresh)
    first = index.find(fresh)
    written = [(p.name, p.stat().st_mtime_ns) for p in sorted(first.iterdir())]
    assert index.is_ready(fresh)
    assert index.find(fresh) == first
    assert [(p.name, p.stat().st_mtime_ns) for p in sorted(first.iterdir())] == written
    assert [name for name, _ in written] == ["graph.lbug", "names.sqlite"]


def test_holds_every_node_and_edge_of_the_graph(fresh: Store) -> None:
    assert cypher.ask(fresh, COUNT, {}).rows == ((len(NODES),),)
    assert cypher.ask(fresh, "MATCH ()-[e]->() RETURN count(e) AS n", {}).rows == ((len(EDGES),),)


def test_a_stale_one_is_made_anew_and_thrown_away(fresh: Store, tmp_path: Path) -> None:
    old = shutil.copytree(index.find(fresh), tmp_path / index.find(fresh).name)
    rebuilt = stores.write(fresh.path, [n for n in NODES if n.type == "Task"], [])
    shutil.copytree(old, rebuilt.index / old.name)
    assert cypher.ask(rebuilt, COUNT, {}).rows == ((5,),)
    assert made(rebuilt) == [index.find(rebuilt).name] != [old.name]


def test_another_loader_makes_it_anew(fresh: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    old = index.find(fresh).name
    monkeypatch.setattr(index, "_LOADER", 2)
    assert index.find(fresh).name != old
    assert made(fresh) == [index.find(fresh).name]


def test_two_processes_at_once_make_one(fresh: Store) -> None:
    command = [sys.executable, "-c", ASK, str(fresh.path)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [p.communicate(timeout=60)[0] for p in both] == [f"(({len(NODES)},),)\n"] * 2
    assert len(made(fresh)) == 1


def test_a_killed_one_leaves_nothing_that_is_taken_for_whole(fresh: Store) -> None:
    slow = "import time; from kg.query import names; "
    slow += "names.write = lambda *_: (print('here', flush=True), time.sleep(60)); "
    process = subprocess.Popen([sys.executable, "-c", slow + ASK, str(fresh.path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    assert not index.is_ready(fresh)
    assert cypher.ask(fresh, COUNT, {}).rows == ((len(NODES),),)
    assert made(fresh) == [index.find(fresh).name]


def test_a_graph_that_cannot_be_written_has_it_in_the_cache(fresh: Store, tmp_path: Path) -> None:
    fresh.index.write_text("a file where the folder would be")
    assert cypher.ask(fresh, COUNT, {}).rows == ((len(NODES),),)
    assert index.find(fresh).is_relative_to(tmp_path / "cache")
    assert index.is_ready(fresh)


def test_a_damaged_one_is_said_to_be_damaged(fresh: Store) -> None:
    (index.find(fresh) / index.GRAPH).write_bytes(b"no database")
    with pytest.raises(GraphError, match="delete this folder's index/; it is made anew"):
        cypher.ask(fresh, COUNT, {})


def test_a_folder_with_a_strange_name_works(tmp_path: Path) -> None:
    strange = example_graph(tmp_path / "it's [a] *graph* {of} ours? ünï\\code")
    assert cypher.ask(strange, COUNT, {}).rows == ((len(NODES),),)


def test_many_read_at_once(fresh: Store) -> None:
    engines = [Ladybug.open(fresh) for _ in range(3)]
    assert [e.ask(COUNT, {}, timeout=30).rows for e in engines] == [((len(NODES),),)] * 3
    for engine in engines:
        engine.close()
        engine.close()


def test_a_question_that_needs_more_memory_gets_it(fresh: Store) -> None:
    text = "UNWIND range(1, 500000) AS a WITH a ORDER BY a LIMIT 500000"
    text += " RETURN 1 AS one, max(a) AS m, count(DISTINCT a) AS n"
    engine = Ladybug(index.find(fresh) / index.GRAPH, pool=8 << 20)
    assert engine.ask(text, {}, timeout=60).rows == ((1, 500000, 500000),)
    assert engine._pool > 8 << 20
    engine.close()


@pytest.mark.parametrize(
    "text",
    [
        "UNWIND range(1, 100000000) AS a RETURN a ORDER BY a DESC LIMIT 1",
        "RETURN size(range(1, 300000000)) AS n",
    ],
    ids=["while it runs", "while it is planned"],
)
def test_the_time_limit_holds(text: str, fresh: Store) -> None:
    index.find(fresh)
    started = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"no answer within 0\.2 s"):
        cypher.ask(fresh, text, {}, timeout=0.2)
    # Not a matter of speed: without a limit the first takes many times this.
    assert time.monotonic() - started < 5
