"""The graph folder: written whole, opened, checked, refused."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.errors import GraphError, SchemaError, StorageError
from kg.model import Edge, Evidence, Node
from kg.store import Store, replacing, storage_error, write

PROOF = Evidence("abstract", 7, 15, "CIFAR-10", "lexicon", 0.9, 0, 16)
NODES = [
    Node("p2", "Paper", {"title": "Second", "authors": ("A", "B"), "year": 2020}),
    Node("p1", "Paper", {"title": "First"}),
    Node("dataset:cifar10", "Dataset", {"name": "CIFAR-10", "aliases": ("CIFAR10",), "papers": 2}),
]
EDGES = [
    Edge("USES", p, "Paper", "dataset:cifar10", "Dataset", {"score": 0.9, "quotes": ("We use it.",)}, (PROOF,))
    for p in ("p2", "p1")
]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return write(tmp_path / "graph", NODES, EDGES, manifest={"tool": "test"})


def known(properties: object) -> dict[str, object]:
    return {k: v for k, v in dict(properties).items() if v is not None}  # type: ignore[call-overload]


def test_what_is_written_is_read_in_order_of_id(store: Store) -> None:
    papers = [(n.id, known(n.properties)) for n in store.nodes("Paper")]
    assert papers == [("p1", {"title": "First"}), ("p2", {"title": "Second", "authors": ("A", "B"), "year": 2020})]
    edges = [(e.subject, known(e.properties), e.evidence) for e in store.edges("USES")]
    proof = {"score": 0.9, "quotes": ("We use it.",)}
    assert edges == [("p1", proof, (PROOF,)), ("p2", proof, (PROOF,))]
    assert list(store.edges("VARIANT_OF")) == []


def test_the_order_in_which_things_are_given_changes_no_byte(store: Store, tmp_path: Path) -> None:
    other = write(tmp_path / "other", NODES[::-1], EDGES[::-1], manifest={"tool": "test"})
    assert dict(other.manifest) == dict(store.manifest)
    assert other.file("USES").read_bytes() == store.file("USES").read_bytes()


def test_another_graph_has_another_digest(store: Store, tmp_path: Path) -> None:
    assert write(tmp_path / "other", NODES, EDGES[:1]).digest != store.digest


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda g: (g / "manifest.json").unlink(), "it has no manifest.json"),
        (lambda g: (g / "manifest.json").write_text("{"), "cannot be read"),
        (lambda g: (g / "manifest.json").write_text("[]"), "format None"),
        (lambda g: (g / "manifest.json").write_text('{"format": "kg-graph/0"}'), "format 'kg-graph/0'"),
        (lambda g: (g / "edges" / "USES.parquet").unlink(), "USES.parquet is missing"),
    ],
)
def test_a_damaged_folder_is_refused_with_the_reason(
    store: Store, spoil: Callable[[Path], object], message: str
) -> None:
    spoil(store.path)
    with pytest.raises(GraphError, match=message):
        Store.open(store.path)


def test_a_folder_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match=r"kg build INPUT\.\.\. -o"):
        Store.open(tmp_path / "none")


@pytest.mark.parametrize(
    ("nodes", "edges", "message"),
    [
        ([*NODES, NODES[0]], EDGES, "'p2' is there twice"),
        (NODES, [*EDGES, EDGES[0]], "is there twice"),
        (NODES[:2], EDGES, "no Dataset 'dataset:cifar10'"),
        (NODES, [Edge("USES", "p1", "Paper", "dataset:cifar10", "Dataset")], "no evidence"),
    ],
)
def test_what_the_schema_does_not_allow_is_refused_and_nothing_written(
    tmp_path: Path, nodes: list[Node], edges: list[Edge], message: str
) -> None:
    with pytest.raises(SchemaError, match=message):
        write(tmp_path / "graph", nodes, edges)
    assert list(tmp_path.iterdir()) == []


def test_a_block_that_fails_leaves_the_old_graph_and_nothing_beside_it(store: Store) -> None:
    def half(folder: Path) -> None:
        with replacing(folder) as new:
            (new / "nodes" / "Paper.parquet").write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half(store.path)
    assert Store.open(store.path).digest == store.digest
    assert [p.name for p in store.path.parent.iterdir()] == ["graph"]


def test_the_index_goes_when_the_graph_is_replaced(store: Store) -> None:
    store.index.mkdir()
    assert not write(store.path, NODES, EDGES).index.exists()


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_is_no_graph_is_not_written_over(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "mine"
    if kind == "folder":
        target.mkdir()
        (target / "thesis.tex").write_text("x")
    else:
        target.write_text("x")
    with pytest.raises(GraphError, match="left alone"):
        write(target, NODES, EDGES)
    assert target.exists()


def test_an_empty_folder_may_become_a_graph(tmp_path: Path) -> None:
    (tmp_path / "graph").mkdir()
    assert write(tmp_path / "graph", NODES, EDGES).manifest["counts"]["Paper"] == 2


def test_a_crash_between_the_two_renames_is_mended_on_opening(store: Store) -> None:
    store.path.rename(store.path.with_name(".graph.old"))
    assert Store.open(store.path).digest == store.digest
    assert [p.name for p in store.path.parent.iterdir()] == ["graph"]


def test_a_crash_between_the_two_renames_does_not_cost_the_old_graph_when_the_next_build_fails(store: Store) -> None:
    store.path.rename(store.path.with_name(".graph.old"))
    with pytest.raises(ZeroDivisionError), replacing(store.path):
        raise ZeroDivisionError
    assert Store.open(store.path).digest == store.digest


def test_a_disk_that_is_full_and_a_folder_that_is_closed_are_two_messages() -> None:
    full = storage_error(OSError(errno.ENOSPC, "No space left on device", "/x"), "/y")
    closed = storage_error(OSError(errno.EACCES, "Permission denied"), "/y")
    assert [(type(e), e.path, e.what) for e in (full, closed)] == [
        (StorageError, "/x", "no space left: No space left on device"),
        (StorageError, "/y", "cannot be written: Permission denied"),
    ]


def test_the_manifest_is_json_with_sorted_keys_and_a_last_newline(store: Store) -> None:
    text = (store.path / "manifest.json").read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
