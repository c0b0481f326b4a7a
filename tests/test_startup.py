"""Start-up is a feature: importing kg and asking for help load none of the heavy packages."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {
    "spacy",
    "thinc",
    "duckdb",
    "pyarrow",
    "ladybug",
    "rdflib",
    "networkx",
    "pyvis",
    "numpy",
    "bibtexparser",
    "yaml",
}


@pytest.mark.parametrize(
    "statement",
    [
        "import kg",
        "import sys; sys.argv = ['kg', '--help']; from kg.cli.app import app; app(standalone_mode=False)",
    ],
)
def test_loads_nothing_heavy(statement: str) -> None:
    code = f"{statement}\nimport sys; print('LOADED', *sorted({{m.split('.')[0] for m in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.rsplit("LOADED", 1)[1].split())
    assert not loaded & HEAVY
