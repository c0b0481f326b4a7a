"""Bibliographies: what BibTeX says in its own ways."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.model import Paper, Reject
from kg.read import read_papers
from kg.read.latex import plain


def read(tmp_path: Path, text: str | bytes) -> list[Paper | Reject]:
    file = tmp_path / "a.bib"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_papers([file]))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"M{\"u}ller and {\O}stergaard, \v{S}, \c{c}, {\ss}, {\'{\i}}, {\aa}", "Müller and Østergaard, Š, ç, ß, í, å"),
        (r"{BERT} for {E}nglish: {\emph{Deep}} \textbf{Bold}", "BERT for English: Deep Bold"),
        ("90% of ``it'' -- or 5\\% \\& more", "90% of “it” – or 5% & more"),
        (r"$\alpha_1 < 2$ and ~ties", r"$\alpha_1 < 2$ and ties"),
        (r"\url{https://example.org/a_b/~c--d%20e} \cite{x}.", "https://example.org/a_b/~c--d%20e ."),
        (r"\href{https://example.org/a_b}{the page}", "the page (https://example.org/a_b)"),
        ("two\n  lines", "two lines"),
        ("{" * 100_000, "{" * 100_000),
    ],
    ids=range(8),
)
def test_latex_becomes_text(written: str, meant: str) -> None:
    assert plain(written) == meant


def test_names_are_turned_the_way_they_are_said(tmp_path: Path) -> None:
    names = r"Kingma, Diederik P. and {Barnes and Noble} and de la Cruz, Jr., Juan AND Min Lin and others"
    (paper,) = read(tmp_path, f"@article{{a, title={{T}}, author={{{names}}}}}")
    assert paper.authors == ("Diederik P. Kingma", "Barnes and Noble", "Juan de la Cruz Jr.", "Min Lin")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("fields", "identifiers"),
    [
        ("eprint={1906.02629}, archivePrefix={arXiv}", ("arxiv:1906.02629",)),
        ("eprint={1906.02629v3}", ("arxiv:1906.02629",)),
        ("eprint={30000001}, eprinttype={pubmed}", ()),
        ("journal={arXiv preprint arXiv:1412.6980}", ("arxiv:1412.6980",)),
        ("journal={CoRR}, volume={abs/1505.04597}", ("arxiv:1505.04597",)),
        (r"doi={10.1000/a\_b}", ("doi:10.1000/a_b",)),
        ("url={https://aclanthology.org/P18-1001/}", ("acl:P18-1001",)),
        ("doi={10.18653/v1/P18-1001}", ("acl:P18-1001", "doi:10.18653/v1/p18-1001")),
        ("url={https://example.org/1906.02629}", ()),
    ],
)
def test_identifiers(fields: str, identifiers: tuple[str, ...], tmp_path: Path) -> None:
    (paper,) = read(tmp_path, f"@article{{a, title={{T}}, {fields}}}")
    assert paper.identifiers == identifiers  # type: ignore[union-attr]


def test_bad_entries_are_set_aside_and_the_rest_read(tmp_path: Path) -> None:
    text = (
        b"@article{a, title={open\n@article{b, title={B}}\n@misc{c, year=1}\nrubbish }} \xe9\n@article{b, title={B2}}\n"
    )
    found = [(r.line, r.id) if isinstance(r, Reject) else (r.id, r.title) for r in read(tmp_path, text)]
    assert found == [(1, None), ("b", "B"), (4, None), (3, "c"), ("b", "B2")]


def test_file_of_rubbish_says_so(tmp_path: Path) -> None:
    assert [r.reason for r in read(tmp_path, "no entry here\n" * 50) if isinstance(r, Reject)] == [
        "no paper in it, read as bibtex"
    ]
