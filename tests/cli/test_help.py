"""Every command's help has an example, and every example runs."""

from __future__ import annotations

import inspect
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.cli.app import app
from kg.neo4j.server import Server
from kg.resources import folder

COMMANDS: dict[str, Callable[..., object]] = {
    c.name: c.callback for c in app.registered_commands if c.name and c.callback
}


def examples(command: Callable[..., object]) -> list[str]:
    """The command lines in a help text: from `kg`, after "Example:" or at the start of a line, to its end."""
    return re.findall(r"^\s*(?:Examples?: )?(kg .+)$", inspect.getdoc(command) or "", re.MULTILINE)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the examples suppose it: papers/ to read, papers.jsonl, annotated gold.jsonl, my-graph built."""
    desk = tmp_path_factory.mktemp("desk")
    shutil.copytree(folder("examples"), desk / "papers")
    shutil.copy(Path(__file__).parent.parent / "data/extract/gold.jsonl", desk / "gold.jsonl")
    for line in ("kg read papers/ -o papers.jsonl", "kg build papers/ -o my-graph"):
        assert run(line, desk).returncode == 0
    return desk


def run(line: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *shlex.split(line)],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_has_an_example(name: str) -> None:
    assert examples(COMMANDS[name])


LINES = [line for c in COMMANDS.values() for line in examples(c)]
ADDRESS = "bolt://localhost:7687"


@pytest.mark.parametrize("line", [line for line in LINES if ADDRESS not in line])
def test_example_runs(line: str, desk: Path) -> None:
    done = run(line, desk)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr


@pytest.mark.neo4j
@pytest.mark.parametrize("line", [line for line in LINES if ADDRESS in line])
def test_example_for_a_server_runs(line: str, desk: Path, server: Server) -> None:
    there = {"NEO4J_URI": server.uri, "NEO4J_USER": server.user, "NEO4J_PASSWORD": server.password}
    for command in ("kg export my-graph --to neo4j", line.replace(ADDRESS, server.uri)):
        done = run(command, desk, **there)
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr


def test_epilog_of_kg_itself_runs(desk: Path) -> None:
    assert app.info.epilog is not None
    for line in re.findall(r"kg [^,]+", str(app.info.epilog)):
        assert run(line, desk).returncode == 0


@pytest.mark.parametrize("name", COMMANDS)
def test_wrong_option_is_wrong_usage(name: str, tmp_path: Path) -> None:
    done = run(f"kg {name} --no-such-option", tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)


def test_a_graph_that_is_not_there_is_one_line_and_exit_1(tmp_path: Path) -> None:
    done = run("kg stats nowhere", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "kg: nowhere: no such graph folder (make one: kg build INPUT... -o nowhere)\n"
