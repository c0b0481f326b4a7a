"""One paper from several copies of it."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import BuildError
from kg.ids import title_key
from kg.model import Paper
from kg.tables import merge_papers
from kg.tables.connect import connect, in_buckets

ATTENTION = Paper("a", "Attention Is All You Need", identifiers=("arxiv:1706.03762",), sources=("x:1",))


def ids(*papers: Paper) -> list[str]:
    return [p.id for p in merge_papers(papers)]


def test_no_papers_are_no_papers() -> None:
    assert list(merge_papers([])) == []


def test_a_paper_alone_is_itself() -> None:
    paper = Paper(
        "p",
        "T\u00eatle",
        "Text\nas read ",
        2020,
        "2020-01",
        "https://x.org",
        ("A", "B"),
        3,
        ("doi:10.1/x",),
        ("cs",),
        ("f:1",),
    )
    assert list(merge_papers([paper])) == [paper]


def test_copies_that_share_an_identifier_are_one_with_the_best_of_each() -> None:
    copies = [
        ATTENTION,
        Paper("b", "Attention", "The text.", identifiers=("arxiv:1706.03762", "doi:10.1/x"), sources=("y:1", "x:1")),
        Paper("c", "Other title", "More.", 2017, "2017-06", None, ("V",), 8, ("doi:10.1/x",), ("cs.CL",), ("z:3",)),
    ]
    assert list(merge_papers(copies)) == [
        Paper(
            "a",
            "Attention",
            "The text.",
            2017,
            "2017-06",
            None,
            ("V",),
            8,
            ("arxiv:1706.03762", "doi:10.1/x"),
            ("cs.CL",),
            ("x:1", "y:1", "z:3"),
        )
    ]


def test_copies_of_one_title_are_one_whatever_case_marks_and_accents() -> None:
    assert ids(ATTENTION, Paper("b", "attention is all\nyou need."), Paper("c", "\u00c1ttention is ALL you need")) == [
        "a"
    ]


def test_one_title_with_an_arxiv_id_here_and_a_doi_there_is_one_paper() -> None:
    assert ids(ATTENTION, replace(ATTENTION, id="b", identifiers=("doi:10.1/x",))) == ["a"]


def test_one_title_with_two_arxiv_ids_is_two_papers_and_a_copy_without_joins_the_first() -> None:
    other = replace(ATTENTION, id="b", identifiers=("arxiv:2401.00001",))
    bare = replace(ATTENTION, id="c", identifiers=())
    assert ids(ATTENTION, other, bare) == ids(ATTENTION, bare, other) == ["a", "b"]


def test_a_title_does_not_join_two_dois_through_a_third_copy() -> None:
    papers = [replace(ATTENTION, id=i, identifiers=(k,)) for i, k in (("a", "arxiv:1"), ("b", "doi:1"), ("c", "doi:2"))]
    assert ids(*papers) == ["a", "c"]


def test_titles_do_not_join_two_arxiv_ids_by_way_of_a_copy_that_has_both_titles() -> None:
    papers = [
        Paper("a", "One", identifiers=("arxiv:1",)),
        Paper("b", "Two", identifiers=("arxiv:2",)),
        Paper("c", "One", identifiers=("doi:5",)),
        Paper("d", "Two", identifiers=("doi:5",)),
    ]
    assert ids(*papers) == ["a", "b", "c"]


def test_a_long_chain_of_shared_identifiers_is_one_paper() -> None:
    chain = [Paper(f"p{i}", f"Title {i}", identifiers=(f"doi:{i}", f"doi:{i + 1}")) for i in range(60)]
    assert ids(*chain[::2], *chain[1::2]) == ["p0"]


def test_another_paper_of_the_same_id_gets_a_digest_after_it() -> None:
    first, second = Paper("1", "One"), Paper("1", "Two")
    (a, b) = merge_papers([first, second])
    assert (a, b.title) == (first, "Two")
    assert b.id == "1~" + b.id.partition("~")[2]
    assert len(b.id) == 14
    assert list(merge_papers([first, second])) == [a, b]


def test_titles_without_letters_are_compared_as_they_are() -> None:
    assert ids(Paper("a", "???"), Paper("b", "!!!"), Paper("c", "???")) == ["a", "b"]


def test_a_memory_limit_that_is_no_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="is no size"):
        list(merge_papers([ATTENTION], memory="lots"))


def test_lists_gathered_in_many_buckets_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.tables.connect._BUCKET", 3)
    with connect(tmp_path) as c:
        c.execute("CREATE TABLE t AS SELECT i % 7 AS k, i FROM range(50) r(i)")
        in_buckets(c, "gathered", "t", "k", "SELECT k, list(i ORDER BY i) AS found FROM {source} GROUP BY k")
        rows = c.execute("FROM gathered ORDER BY k").fetchall()
    assert rows == [(k, list(range(k, 50, 7))) for k in range(7)]


IDENTIFIERS = st.sampled_from(["arxiv:1", "arxiv:2", "doi:1", "doi:2", "acl:1"])
PAPERS = st.lists(
    st.builds(
        Paper,
        id=st.sampled_from(["x", "y", "z"]),
        title=st.sampled_from(["One", "one.", "Two", "Three"]),
        abstract=st.sampled_from(["", "Text"]),
        identifiers=st.frozensets(IDENTIFIERS, max_size=2).map(lambda s: tuple(sorted(s))),
    ),
    max_size=8,
)


@settings(max_examples=25, deadline=None)
@given(PAPERS)
def test_laws_of_merging(papers: list[Paper]) -> None:
    papers = [replace(p, sources=(f"f:{i}",)) for i, p in enumerate(papers)]
    merged = list(merge_papers(papers))
    # Nothing is lost and nothing is there twice.
    assert sorted(s for p in merged for s in p.sources) == sorted(p.sources[0] for p in papers)
    assert len({p.id for p in merged}) == len(merged)
    # No identifier is in two papers.
    found = [i for p in merged for i in p.identifiers]
    assert sorted(found) == sorted({i for p in papers for i in p.identifiers})
    # Copies without identifiers and with one title are one.
    homes = {s: n for n, p in enumerate(merged) for s in p.sources}
    bare: dict[str, set[int]] = {}
    for p in papers:
        if not p.identifiers:
            bare.setdefault(title_key(p.title), set()).add(homes[p.sources[0]])
    assert all(len(places) == 1 for places in bare.values())
    # In order of first appearance.
    firsts = [int(p.sources[0].removeprefix("f:")) for p in merged]
    assert firsts == sorted(firsts)
    # Two values of one scheme are in one paper only if shared identifiers alone lead from one to the other.
    for paper in merged:
        copies = [papers[int(s.removeprefix("f:"))].identifiers for s in paper.sources]
        for scheme in {i.partition(":")[0] for i in paper.identifiers}:
            groups = [g for g in tied(copies) if any(i.startswith(scheme) for i in g)]
            assert len(groups) == 1


def tied(copies: list[tuple[str, ...]]) -> list[set[str]]:
    """The identifiers of copies, those that hang together in one set."""
    groups: list[set[str]] = []
    for identifiers in copies:
        touched = [g for g in groups if g & set(identifiers)]
        groups = [g for g in groups if g not in touched] + [set(identifiers).union(*touched)]
    return groups


def test_work_files_go_when_the_papers_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    list(merge_papers([ATTENTION]))
    assert list(tmp_path.iterdir()) == []
