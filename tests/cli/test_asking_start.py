"""A named query is quick to start: it loads the engine and nothing else that is heavy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from graphs import example_graph

from kg.query import library

HEAVY = {"pyarrow", "duckdb", "networkx", "spacy", "rdflib", "numpy", "pandas", "rapidfuzz", "neo4j"}


def loaded(*words: str) -> set[str]:
    code = (
        "import sys; sys.argv = ['kg', *sys.argv[1:]]; from kg.cli.app import app; app(standalone_mode=False);"
        "print('LOADED', *sorted({m.split('.')[0] for m in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    return set(done.stdout.rsplit("LOADED", 1)[1].split())


def test_a_named_query_loads_the_engine_and_the_schema_only(tmp_path: Path) -> None:
    store = example_graph(tmp_path / "graph")
    library.ask(store, "variants-of", {"name": "CIFAR"})
    modules = loaded("query", str(store.path), "variants-of", "-p", "name=CIFAR")
    assert (modules & HEAVY, modules >= {"ladybug", "yaml"}) == (set(), True)


def test_the_list_loads_no_engine() -> None:
    assert not loaded("query", "--list") & (HEAVY | {"ladybug", "yaml"})
