"""What holds for every target: deterministic, whole or not at all, and nobody else's files are touched."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from graphs import example_graph

import kg.export.jsonl
from kg.errors import ExportError, StorageError
from kg.export import TARGETS, export


def contents(path: Path) -> dict[str, str]:
    files = [path] if path.is_file() else sorted(path.iterdir())
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@pytest.mark.parametrize("target", TARGETS)
def test_the_same_graph_gives_the_same_bytes_and_leaves_nothing_beside(target: str, tmp_path: Path) -> None:
    graph = example_graph(tmp_path / "g")
    (tmp_path / "out").mkdir()
    first = contents(export(graph, target, tmp_path / "out" / "x"))
    assert contents(export(graph, target, tmp_path / "out" / "x")) == first
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["x"]


@pytest.mark.parametrize("target", TARGETS)
def test_something_else_at_that_place_is_left_alone(target: str, tmp_path: Path) -> None:
    graph = example_graph(tmp_path / "g")
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "thesis.txt").write_text("years of work")
    with pytest.raises(ExportError, match="is left alone"):
        export(graph, target, taken)
    assert (taken / "thesis.txt").read_text() == "years of work"


def test_csv_is_no_file(tmp_path: Path) -> None:
    graph = example_graph(tmp_path / "g")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ExportError, match="is left alone"):
        export(graph, "csv", tmp_path / "file")


def test_an_export_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = example_graph(tmp_path / "g")
    (tmp_path / "x.jsonl").write_text("old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kg.export.jsonl, "_line", fail)
    with pytest.raises(StorageError, match="no space left"):
        export(graph, "jsonl", tmp_path / "x.jsonl")
    assert (tmp_path / "x.jsonl").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["g", "x.jsonl"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    graph = example_graph(tmp_path / "g")
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    export(graph, "ntriples", tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text().startswith("<https://w3id.org/")


def test_an_unknown_target_is_answered_with_the_known(tmp_path: Path) -> None:
    with pytest.raises(ExportError) as refused:
        export(example_graph(tmp_path / "g"), "excel", tmp_path / "x")
    assert str(refused.value) == (
        "no export target 'excel' (one of turtle, ntriples, jsonld, graphml, gexf, jsonl, cypher, csv, neo4j-admin)"
    )
