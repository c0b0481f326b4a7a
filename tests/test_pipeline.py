"""The whole way from papers to a graph folder, with the stand-in extractor."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pyarrow.parquet as pq
import pytest
from standin import EXTRACTOR

from kg import __version__, pipeline, schema
from kg.errors import BuildError, GraphError, InputError
from kg.model import Paper, Reject
from kg.store import Store, arrow_schema

PAPERS = [
    {
        "id": "a",
        "title": "We propose ResNet-50",
        "abstract": "We use CIFAR-10. We use CIFAR10 on image classification. See https://github.com/A/b",
        "year": 2015,
    },
    {
        "id": "b",
        "title": "Graphs",
        "abstract": "Graph Neural Networks (GNN) are cited. We beat ResNet50 on MIMIC-III and MIMIC. a/b",
    },
    {"id": "c", "title": "More graphs", "abstract": "We use GNNs and Res Net. We propose GNN. We use ILSVRC"},
]


def write(folder: Path, papers: list[dict[str, object]] = PAPERS, name: str = "papers.jsonl") -> Path:
    file = folder / name
    file.write_text("".join(json.dumps(p) + "\n" for p in papers), encoding="utf-8")
    return file


def build(folder: Path, papers: list[dict[str, object]] = PAPERS, **options: object) -> Store:
    return pipeline.build([write(folder, papers)], folder / "graph", workers=0, extractor=EXTRACTOR, **options)  # type: ignore[arg-type]


def ends(store: Store, name: str) -> list[tuple[str, str]]:
    return [(row["subject"], row["object"]) for row in store.rows(name, ["subject", "object"])]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return build(tmp_path)


def test_nodes(store: Store, tmp_path: Path) -> None:
    url = "https://www.cs.toronto.edu/~kriz/cifar.html"
    assert list(store.rows("Dataset")) == [
        {"id": "dataset:cifar", "name": "CIFAR", "aliases": [], "papers": 0, "url": None},
        {"id": "dataset:cifar10", "name": "CIFAR-10", "aliases": ["CIFAR10"], "papers": 1, "url": url},
        {"id": "dataset:imagenet", "name": "ImageNet", "aliases": ["ILSVRC"], "papers": 1, "url": None},
        {"id": "dataset:mimic", "name": "MIMIC", "aliases": [], "papers": 1, "url": None},
        {"id": "dataset:mimiciii", "name": "MIMIC-III", "aliases": [], "papers": 1, "url": None},
    ]
    named = {"url": None, "kind": "named"}
    gnn = ["GNNs", "Graph Neural Networks"]
    assert list(store.rows("Method")) == [
        {"id": "method:gnn", "name": "GNN", "aliases": gnn, "papers": 2, **named},
        {"id": "method:resnet", "name": "ResNet", "aliases": ["Res Net", "Residual Network"], "papers": 1, **named},
        {"id": "method:resnet50", "name": "ResNet50", "aliases": ["ResNet-50"], "papers": 2, **named},
    ]
    assert list(store.rows("Repository")) == [
        {
            "id": "repository:github.com/a/b",
            "name": "A/b",
            "url": "https://github.com/A/b",
            "host": "github.com",
            "papers": 1,
        }
    ]
    paper = next(store.rows("Paper"))
    nothing: dict[str, object] = {"date": None, "url": None, "authors": [], "author_count": None, "identifiers": []}
    assert paper == {
        **PAPERS[0],
        **nothing,
        "categories": [],
        "sources": [f"{tmp_path / 'papers.jsonl'}:1"],
        "code": "released",
        "links": [],
        "link_kinds": [],
    }
    assert [(r["id"], r["links"], r["link_kinds"]) for r in store.rows("Paper")] == [
        ("a", [], []),
        ("b", ["https://huggingface.co/a/b"], ["model"]),
        ("c", [], []),
    ]


def test_edges_have_the_strongest_role_and_rest_on_the_mentions_that_have_it(store: Store) -> None:
    edges = {name: ends(store, name) for name in schema.load().edges}
    assert edges == {
        "INTRODUCES": [("a", "method:resnet50"), ("c", "method:gnn")],
        "USES": [("a", "dataset:cifar10"), ("c", "dataset:imagenet")],
        "COMPARES": [("b", "method:resnet50")],
        "MENTIONS": [
            ("b", "dataset:mimic"),
            ("b", "dataset:mimiciii"),
            ("b", "method:gnn"),
            ("c", "method:resnet"),
        ],
        "ADDRESSES": [("a", "task:imageclassification")],
        "HAS_CODE": [("a", "repository:github.com/a/b")],
        "VARIANT_OF": [
            ("dataset:cifar10", "dataset:cifar"),
            ("dataset:mimiciii", "dataset:mimic"),
            ("method:resnet50", "method:resnet"),
        ],
        "EVALUATED_ON": [("method:gnn", "dataset:imagenet"), ("method:resnet50", "dataset:cifar10")],
        "IMPLEMENTS": [("repository:github.com/a/b", "method:resnet50")],
    }
    (uses,) = [row for row in store.rows("USES") if row["subject"] == "a"]
    proof = {"field": "abstract", "source": "standin", "score": 0.5}
    assert uses == {
        "subject": "a",
        "subject_type": "Paper",
        "object": "dataset:cifar10",
        "object_type": "Dataset",
        "score": 0.5,
        "quotes": ["We use CIFAR-10.", "We use CIFAR10 on image classification."],
        "fields": ["abstract"],
        "sources": ["standin"],
        "evidence": [
            {**proof, "start": 7, "end": 15, "text": "CIFAR-10", "sentence_start": 0, "sentence_end": 16},
            {**proof, "start": 24, "end": 31, "text": "CIFAR10", "sentence_start": 17, "sentence_end": 56},
        ],
    }
    (introduces,) = [row for row in store.rows("INTRODUCES") if row["subject"] == "c"]
    assert introduces["quotes"] == ["We propose GNN."]


def test_edges_between_entities_name_their_papers_and_variants_what_says_so(store: Store) -> None:
    rests = {"papers": ["a"], "score": 0.5}
    (implements,) = store.rows("IMPLEMENTS")
    assert implements == {
        "subject": "repository:github.com/a/b",
        "subject_type": "Repository",
        "object": "method:resnet50",
        "object_type": "Method",
        **rests,
    }
    sources = {row["subject"]: row["sources"] for row in store.rows("VARIANT_OF")}
    assert sources == {
        "dataset:cifar10": ["lexicon", "name"],
        "dataset:mimiciii": ["name"],
        "method:resnet50": ["name"],
    }


def test_a_base_is_made_only_where_the_lexicon_knows_it(tmp_path: Path) -> None:
    store = build(tmp_path, [{"id": "a", "title": "T", "abstract": "We use CIFAR-100 and MIMIC-III and ResNet-101."}])
    assert ends(store, "VARIANT_OF") == [
        ("dataset:cifar100", "dataset:cifar"),
        ("method:resnet101", "method:resnet"),
    ]


def test_what_every_graph_allows_and_every_end_is_there(store: Store) -> None:
    known = schema.load()
    there = {(name, node.id) for name in known.nodes for node in store.nodes(name)}
    for name in known.nodes:
        for node in store.nodes(name):
            known.check_node(node)
    for name in known.edges:
        for edge in store.edges(name):
            known.check_edge(edge)
            assert {(edge.subject_type, edge.subject), (edge.object_type, edge.object)} <= there


def test_the_tables_have_the_columns_of_the_store(store: Store) -> None:
    for name in store.manifest["counts"]:
        table = pq.read_schema(store.file(name))
        expected = arrow_schema(name)
        assert (table.names, table.types) == (expected.names, expected.types), name


def test_the_manifest_says_what_the_graph_was_made_of(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "papers.jsonl"
    manifest = dict(store.manifest)
    manifest.pop("content")
    assert manifest == {
        "format": "kg-graph/1",
        "schema": schema.load().version,
        "tool": f"kg {__version__}",
        "extractor": "standin",
        "inputs": [{"path": str(source), "sha256": hashlib.sha256(source.read_bytes()).hexdigest(), "papers": 3}],
        "counts": {
            "Paper": 3,
            "Method": 3,
            "Dataset": 5,
            "Task": 1,
            "Repository": 1,
            "INTRODUCES": 2,
            "USES": 2,
            "COMPARES": 1,
            "MENTIONS": 4,
            "ADDRESSES": 1,
            "HAS_CODE": 1,
            "VARIANT_OF": 3,
            "EVALUATED_ON": 2,
            "IMPLEMENTS": 1,
        },
        "rejects": 0,
    }


def test_nothing_is_left_beside_the_graph(store: Store, tmp_path: Path) -> None:
    assert sorted(p.name for p in tmp_path.iterdir()) == ["graph", "papers.jsonl"]


def many(count: int) -> list[dict[str, object]]:
    """Papers with rival acronyms, several copies, and every shape of name the stand-in knows."""
    longs = ["Segment Anything Model", "Sharpness Aware Minimization"]
    return [
        {
            "id": f"p{i % (count - 40)}",
            "title": f"Title {i if i % 9 else i - 1} of ResNet-{i % 5}",
            "abstract": f"Here: {longs[i % 2]} (SAM) and SAM. We propose Res Net {i % 3}. Beat CIFAR{'- '[i % 2]}1{i}."
            f" See https://github.com/A{'aA'[i % 2]}/b{i % 30}. We cite Adam on image classification",
            "url": f"https://arxiv.org/abs/2301.{i % (count - 20):05}",
        }
        for i in range(count)
    ]


def files(store: Store) -> dict[str, str]:
    found = sorted(p for p in store.path.rglob("*") if p.is_file())
    return {str(p.relative_to(store.path)): hashlib.sha256(p.read_bytes()).hexdigest() for p in found}


def test_the_bytes_are_the_same_for_any_number_of_workers_and_little_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write(tmp_path, many(1300))
    built = {
        workers: files(pipeline.build([source], tmp_path / "graph", workers=workers, extractor=EXTRACTOR))
        for workers in (0, 1, 2, 3, None)
    }
    monkeypatch.setattr("kg.tables.graph._CHUNK", 2)
    monkeypatch.setattr("kg.tables.connect._BUCKET", 100)
    small = pipeline.build([source], tmp_path / "graph", workers=0, memory="100MB", extractor=EXTRACTOR)
    assert all(found == built[0] for found in (*built.values(), files(small)))
    assert small.manifest["counts"]["Paper"] < 1300


def test_long_forms_that_papers_disagree_on_stay_apart(tmp_path: Path) -> None:
    store = build(tmp_path, [*many(60), {"id": "bare", "title": "Bare", "abstract": "We use SAM."}])
    names = {row["name"]: row["aliases"] for row in store.rows("Method") if "sam" in str(row).casefold()}
    assert names == {
        "SAM": [],
        "Segment Anything Model": ["SAM"],
        "Sharpness Aware Minimization": ["SAM"],
    }


def test_a_paper_given_twice_is_one_with_both_sources(tmp_path: Path) -> None:
    again = write(tmp_path, [{**PAPERS[0], "id": "other", "abstract": ""}], "again.jsonl")
    first = write(tmp_path)
    store = pipeline.build([again, first], tmp_path / "graph", workers=0, extractor=EXTRACTOR)
    paper = next(row for row in store.rows("Paper") if row["title"] == PAPERS[0]["title"])
    assert (paper["id"], paper["abstract"], paper["sources"]) == (
        "other",
        PAPERS[0]["abstract"],
        [f"{again}:1", f"{first}:1"],
    )
    assert ends(store, "USES")[-1] == ("other", "dataset:cifar10")
    assert [entry["papers"] for entry in store.manifest["inputs"]] == [1, 3]


def test_what_cannot_be_read_is_listed_beside_the_graph_and_the_list_goes_with_its_cause(tmp_path: Path) -> None:
    store = build(tmp_path, [PAPERS[0], {"id": "x", "abstract": "no title"}])
    rejects = pipeline.rejects_path(tmp_path / "graph")
    (reject,) = map(json.loads, rejects.read_text(encoding="utf-8").splitlines())
    assert (reject["path"], reject["line"]) == (str(tmp_path / "papers.jsonl"), 2)
    assert store.manifest["rejects"] == 1
    build(tmp_path)
    assert not rejects.exists()


def test_half_a_surrogate_pair_is_a_reject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = Paper("a", "Good", sources=("f:1",)), Paper("b", "Bad \ud800", sources=("f:2",))
    monkeypatch.setattr("kg.read.read_papers", lambda *_, **__: iter([good, bad, Reject("f", 3, "why")]))
    store = build(tmp_path)
    assert [row["id"] for row in store.rows("Paper")] == ["a"]
    assert store.manifest["rejects"] == 2


def test_an_input_without_papers_is_an_error_and_the_old_graph_stays(tmp_path: Path) -> None:
    old = build(tmp_path).digest
    with pytest.raises(InputError, match="no papers"):
        build(tmp_path, [{"id": "x"}])
    assert Store.open(tmp_path / "graph").digest == old


def test_a_folder_that_is_no_graph_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "thesis.tex").write_text("mine")
    with pytest.raises(GraphError, match="left alone"):
        build(tmp_path)
    assert [p.name for p in (tmp_path / "graph").iterdir()] == ["thesis.tex"]


@pytest.mark.parametrize("memory", ["lots", "1", "-1GB"])
def test_a_memory_limit_that_is_no_size_is_refused_before_anything_is_done(tmp_path: Path, memory: str) -> None:
    with pytest.raises(BuildError, match="is no size"):
        build(tmp_path, memory=memory)
    assert not (tmp_path / ".graph.building").exists()


def test_workers_fewer_than_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="-1 workers"):
        pipeline.build([write(tmp_path)], tmp_path / "graph", workers=-1, extractor=EXTRACTOR)


def test_another_extractor_does_not_take_up_the_parts_of_the_first(tmp_path: Path) -> None:
    parts = tmp_path / ".graph.building" / "parts"
    source = write(tmp_path)
    for fingerprint in ("one", "two", "one"):
        extractor = replace(EXTRACTOR, fingerprint=fingerprint, entries=stop)
        with pytest.raises(KeyboardInterrupt):
            pipeline.build([source], tmp_path / "graph", workers=0, extractor=extractor)
    assert len(list(parts.iterdir())) == 2


def stop() -> Iterator[object]:
    raise KeyboardInterrupt


class Client:
    """Stands for Dask's, whose tasks run in threads of its workers."""

    def __init__(self, address: str, *, set_as_default: bool) -> None:
        self.closed = False
        if address != "tcp://here:8786":
            raise OSError("nobody there")

    def get_executor(self, *, pure: bool) -> ThreadPoolExecutor:
        assert not pure, "a task of the same arguments must run again after it failed"
        return ThreadPoolExecutor(2)


def test_a_cluster_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write(tmp_path, many(600))
    monkeypatch.setitem(sys.modules, "distributed", SimpleNamespace(Client=Client))
    here = pipeline.build([source], tmp_path / "here", workers=0, extractor=EXTRACTOR)
    there = pipeline.build([source], tmp_path / "there", cluster="tcp://here:8786", workers=2, extractor=EXTRACTOR)
    assert files(here) == files(there)


def test_a_cluster_that_does_not_answer_or_cannot_be_asked_is_one_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", SimpleNamespace(Client=Client))
    with pytest.raises(BuildError, match="no Dask scheduler answers at tcp://there:1: nobody there"):
        build(tmp_path, cluster="tcp://there:1")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BuildError, match="a cluster needs Dask distributed"):
        build(tmp_path, cluster="tcp://here:8786")


def test_progress_tells_each_stage_to_its_end(tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    build(tmp_path, many(600), progress=lambda *step: told.append(step))
    last = {stage: (done, total) for stage, done, total in told}
    assert list(last) == ["read", "extract", "tables"]
    assert (last["read"], last["extract"]) == ((600, 600), (600, 600))
    assert last["tables"][0] == last["tables"][1]


def test_a_script_without_a_guard_can_build_with_workers(tmp_path: Path) -> None:
    here = Path(__file__).parent
    source = write(tmp_path)
    command = [sys.executable, str(here / "engine_run.py"), str(source), str(tmp_path / "graph"), "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == build(tmp_path).digest
