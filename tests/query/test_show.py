"""A thing with its edges, and the sentences that prove them."""

from __future__ import annotations

import pytest
from graphs import EDGES, NODES

from kg.errors import NameNotFound, QueryError
from kg.query.names import Found
from kg.query.show import Quote, ShownEdge, show
from kg.store import Store


def test_an_entity_with_its_edges_and_proof(store: Store) -> None:
    shown = show(store, "squad")
    assert shown.found == Found("dataset:squad", "Dataset", "SQuAD")
    assert shown.properties == {"id": "dataset:squad", "name": "SQuAD", "aliases": (), "papers": 2}
    assert shown.counts == {("USES", False): 2, ("EVALUATED_ON", False): 2}
    assert shown.edges[1] == ShownEdge(
        "USES",
        False,
        Found("arxiv:1907.11692", "Paper", "RoBERTa: A Robustly Optimized BERT Pretraining Approach"),
        {"score": 0.875, "fields": ("abstract",), "sources": ("lexicon",)},
        (
            Quote(
                "arxiv:1907.11692",
                "abstract",
                "It gains on GLUE, SQuAD and RACE, a set for question answering.",
                ((18, 23),),
            ),
        ),
    )
    assert shown.edges[2] == ShownEdge(
        "EVALUATED_ON",
        False,
        Found("method:bert", "Method", "BERT"),
        {"papers": ("arxiv:1810.04805",), "score": 0.875},
        (),
    )


@pytest.mark.parametrize("node", NODES, ids=lambda n: n.id)
def test_every_edge_is_shown_with_all_its_words(node: object, store: Store) -> None:
    assert hasattr(node, "id")
    shown = show(store, node.id, limit=100)
    expected = sorted(
        (e.type, out, other, sorted(v.text for v in e.evidence))
        for e in EDGES
        for out, one, other in ((True, e.subject, e.object), (False, e.object, e.subject))
        if one == node.id
    )
    found = sorted(
        (e.type, e.out, e.other.id, sorted(q.text[a:b] for q in e.quotes for a, b in q.marks)) for e in shown.edges
    )
    assert found == expected


def test_limit_is_for_each_type_and_the_counts_are_of_all(store: Store) -> None:
    shown = show(store, "CIFAR-10", limit=1)
    assert [(e.type, e.out) for e in shown.edges] == list(shown.counts)
    assert shown.counts["USES", False] == 5


@pytest.mark.parametrize(
    "name", ["1512.03385", "arxiv:1512.03385", "deep residual learning for image recognition", "Deep Residual"]
)
def test_a_paper_by_identifier_title_or_part_of_it(name: str, store: Store) -> None:
    assert show(store, name).found.id == "arxiv:1512.03385"


def test_several_titles_are_listed(store: Store) -> None:
    with pytest.raises(QueryError, match=r"several titles have 'graph' in them: arxiv:1710\.10903 \(Graph Attention"):
        show(store, "graph")


@pytest.mark.parametrize("name", ["no such thing at all", "", " "])
def test_what_is_not_there(name: str, store: Store) -> None:
    with pytest.raises(NameNotFound):
        show(store, name)
