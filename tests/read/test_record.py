"""Fields under the names that inputs give them."""

from __future__ import annotations

import pytest

from kg.model import Paper
from kg.read.arxiv import is_arxiv
from kg.read.record import paper_of


def paper(**fields: object) -> Paper:
    found = paper_of({"title": "T", **fields}, "a:1", {})
    assert isinstance(found, Paper)
    return found


@pytest.mark.parametrize(
    ("id", "identifiers"),
    [
        ("2501.06184", ()),
        ("arxiv:2501.06184v2", ("arxiv:2501.06184",)),
        ("arXiv:hep-th/9901001", ("arxiv:hep-th/9901001",)),
        ("https://arxiv.org/pdf/2501.06184v1.pdf", ("arxiv:2501.06184",)),
        ("10.1000/ABC", ("doi:10.1000/abc",)),
        ("https://doi.org/10.48550/arXiv.2501.06184", ("arxiv:2501.06184",)),
        ("acl:2022.acl-long.1", ("acl:2022.acl-long.1",)),
        ("2022.acl-long.1", ("acl:2022.acl-long.1",)),
        ("https://www.aclweb.org/anthology/P18-1001", ("acl:P18-1001",)),
        ("acl:http://www.example.org/1", ()),
        ("P18-1001", ()),
        ("000-001", ()),
        ("pl:acl2022:2022.acl", ()),
    ],
)
def test_id_is_kept_and_is_an_identifier_where_it_says_so(id: str, identifiers: tuple[str, ...]) -> None:
    assert (paper(id=id).id, paper(id=id).identifiers) == (id, identifiers)


@pytest.mark.parametrize(
    ("value", "authors"),
    [
        ("Ada Lovelace; Turing, Alan", ("Ada Lovelace", "Turing, Alan")),
        ("A B, C D and E F", ("A B", "C D", "E F")),
        ("A B, C D, and E F", ("A B", "C D", "E F")),
        ("Doe, Jane and Roe, Richard", ("Doe, Jane", "Roe, Richard")),
        ("Doe, Jane", ("Doe, Jane",)),
        ([{"name": "A B"}, {"first": "C", "last": "D"}, "E  F", None], ("A B", "C D", "E  F")),
        (3, ()),
    ],
)
def test_authors(value: object, authors: tuple[str, ...]) -> None:
    assert paper(authors=value).authors == authors


@pytest.mark.parametrize(
    ("value", "categories"),
    [
        ("cs.CL hep-ph", ("cs.CL", "hep-ph")),
        (["cs.CL cs.LG"], ("cs.CL", "cs.LG")),
        (["Computer Vision", "NLP"], ("Computer Vision", "NLP")),
        ("Computer Vision; NLP", ("Computer Vision", "NLP")),
        ("", ()),
    ],
)
def test_categories(value: object, categories: tuple[str, ...]) -> None:
    assert paper(categories=value).categories == categories


@pytest.mark.parametrize(
    ("fields", "known"),
    [
        ({"year": 2020}, (2020, None)),
        ({"year": "2020", "date": "2021-05-01"}, (2020, "2021-05-01")),
        ({"Published": "May 2022"}, (2022, "2022-05")),
        ({"year": 2020.0}, (2020, None)),
        ({"year": 20201}, (None, None)),
        ({"year": True, "date": "2023-13-01"}, (None, None)),
    ],
)
def test_year_and_date(fields: dict[str, object], known: tuple[int | None, str | None]) -> None:
    assert (paper(**fields).year, paper(**fields).date) == known


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({"id": "0704.0001", "categories": "hep-ph"}, True),
        ({"id": "math/0301001", "categories": ["math.AG"]}, True),
        ({"id": "0704.0001"}, False),
        ({"id": "000-001", "categories": []}, False),
        ({"id": 1234567, "categories": []}, False),
    ],
)
def test_arxiv_is_told_by_its_fields(record: dict[str, object], told: bool) -> None:
    assert is_arxiv(record) is told
