from __future__ import annotations

from dataclasses import replace

import pytest

from kg import schema
from kg.errors import SchemaError
from kg.model import Edge, Evidence, Node

PROOF = (Evidence("abstract", 0, 8, "ImageNet", "lexicon", 0.9, 0, 20),)
USES = Edge(
    "USES", "p1", "Paper", "dataset:imagenet", "Dataset", {"score": 0.9, "quotes": ("ImageNet is used.",)}, PROOF
)
RESTS = Edge("EVALUATED_ON", "method:a", "Method", "dataset:b", "Dataset", {"papers": ("p1",)})


def test_the_types_of_a_graph() -> None:
    known = schema.load()
    assert tuple(known.nodes) == ("Paper", "Method", "Dataset", "Task", "Repository")
    assert {name: edge.pairs for name, edge in known.edges.items()} == {
        **dict.fromkeys(("INTRODUCES", "USES", "COMPARES", "MENTIONS"), (("Paper", "Method"), ("Paper", "Dataset"))),
        "ADDRESSES": (("Paper", "Task"),),
        "HAS_CODE": (("Paper", "Repository"),),
        "VARIANT_OF": (("Method", "Method"), ("Dataset", "Dataset")),
        "EVALUATED_ON": (("Method", "Dataset"),),
        "IMPLEMENTS": (("Repository", "Method"),),
    }
    assert known.entity_types == ("Method", "Dataset", "Task")


def test_what_the_schema_allows_passes() -> None:
    known = schema.load()
    known.check_node(Node("dataset:imagenet", "Dataset", {"name": "ImageNet", "aliases": ("ILSVRC",), "papers": 3}))
    known.check_edge(USES)
    known.check_edge(RESTS)


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        (Node("x", "Author", {}), "no node type 'Author' (one of Paper, Method, Dataset, Task, Repository)"),
        (Node("t", "Task", {}), "Task 't': name is missing"),
        (Node("", "Task", {"name": "parsing"}), "Task '': id is missing"),
        (Node("t", "Task", {"name": "parsing", "papers": True}), "papers is True (expected integer)"),
        (Node("t", "Task", {"name": "parsing", "papers": "3"}), "papers is '3' (expected integer)"),
        (Node("t", "Task", {"name": "parsing", "aliases": (1,)}), "aliases is (1,) (expected strings)"),
        (Node("t", "Task", {"name": "parsing", "kind": "named"}), "no property 'kind'"),
    ],
)
def test_a_wrong_node_is_refused_with_the_reason(node: Node, reason: str) -> None:
    with pytest.raises(SchemaError) as refused:
        schema.load().check_node(node)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("edge", "reason"),
    [
        (replace(USES, type="LIKES"), "no edge type 'LIKES'"),
        (
            replace(USES, object_type="Task"),
            "USES does not go from Paper to Task (it goes Paper to Method, Paper to Dataset)",
        ),
        (replace(USES, subject_type="Method"), "USES does not go from Method to Dataset"),
        (replace(USES, evidence=()), "no evidence (an edge from a paper rests on at least one mention)"),
        (replace(RESTS, properties={}), "no papers (name the papers it rests on)"),
        (replace(USES, properties={"weight": 1}), "no property 'weight'"),
        (replace(USES, properties={"score": "high"}), "score is 'high' (expected number)"),
    ],
)
def test_a_wrong_edge_is_refused_with_the_reason(edge: Edge, reason: str) -> None:
    with pytest.raises(SchemaError) as refused:
        schema.load().check_edge(edge)
    assert reason in str(refused.value)
