"""Names of one's own: a file of them is checked row by row, and a name in it stands wherever it is written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import spacy

import kg
from kg.errors import LexiconError
from kg.extract import entries, extract_papers, fingerprint
from kg.extract.lexicon.own import read_own, written
from kg.extract.pipeline import load
from kg.model import Extraction, Mention, Paper

FULL = """\
# names of our laboratory
name\ttype\tkind\taliases\tvariant_of\turl\texact
Zibba\tDataset\t\tzibba corpus|ZBC\t\thttps://example.org/zibba\t0
Zibba-2\tDataset\t\t\tZibba\t\t
Frob Process\tMethod\ttechnique\t\t\t\t
MOSS\tMethod\t\t\t\t\t1
spot counting\tTask
"""


def file(folder: Path, text: str, name: str = "mine.tsv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def found(path: Path, abstract: str, title: str = "A study") -> Extraction:
    return next(extract_papers([Paper(id="p", title=title, abstract=abstract)], lexicon=[path]))


def said(m: Mention) -> tuple[str, str, str, str | None, str, float]:
    return m.text, m.name, m.type, m.kind, m.source, m.score


def test_a_name_stands_wherever_it_is_written(tmp_path: Path) -> None:
    path = file(tmp_path, FULL)
    got = found(path, "In the ZBC we saw, by the frob\nprocess, that nothing is left. So spot counting goes on.")
    assert [said(m) for m in got.mentions] == [
        ("ZBC", "Zibba", "Dataset", None, "lexicon", 1.0),
        ("frob\nprocess", "Frob Process", "Method", "technique", "lexicon", 1.0),
        ("spot counting", "spot counting", "Task", None, "lexicon", 1.0),
    ]
    assert [m.role is None for m in got.mentions] == [False, False, True]


def test_only_the_very_spelling_counts_where_the_row_says_so(tmp_path: Path) -> None:
    path = file(tmp_path, FULL)
    got = found(path, "The moss grows. We run MOSS at night.")
    assert [m.text for m in got.mentions if m.name == "MOSS"] == ["MOSS"]


def test_a_part_of_a_longer_name_is_not_the_name(tmp_path: Path) -> None:
    path = file(tmp_path, "name\ttype\nImageNet\tMethod\n")
    got = found(path, "We train on the ImageNet-1K dataset.")
    assert [(m.text, m.type) for m in got.mentions] == [("ImageNet-1K", "Dataset")]


def test_ones_own_type_goes_before_that_of_the_model(tmp_path: Path) -> None:
    path = file(tmp_path, "name\ttype\tkind\nImageNet\tMethod\tsoftware\n")
    got = found(path, "We train on ImageNet. Then ImageNet (IN) is tested.")
    assert {(m.type, m.kind) for m in got.mentions if m.name == "ImageNet"} == {("Method", "software")}


def test_a_short_form_that_the_paper_spells_out_keeps_ones_own_name(tmp_path: Path) -> None:
    path = file(tmp_path, "name\ttype\taliases\nZ-Net\tMethod\tZNet\n")
    got = found(path, "We propose a Zibba Network (ZNet). ZNet is trained on ImageNet.")
    assert {m.name for m in got.mentions if m.text == "ZNet"} == {"Z-Net"}


def test_any_pipeline_may_have_names_of_ones_own(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "blank")
    papers = [Paper(id="p", title="On zibba", abstract="")]
    (got,) = extract_papers(papers, model=tmp_path / "blank", lexicon=[file(tmp_path, FULL)])
    assert [said(m) for m in got.mentions] == [("zibba", "Zibba", "Dataset", None, "lexicon", 1.0)]


def test_a_pipeline_is_saved_with_its_names(tmp_path: Path) -> None:
    own = read_own([file(tmp_path, FULL)])
    load(own=own).to_disk(tmp_path / "model", exclude=["vocab"])
    papers = [Paper(id="p", title="On zibba", abstract="We use MOSS.")]
    assert list(extract_papers(papers, model=tmp_path / "model")) == list(
        extract_papers(papers, lexicon=[tmp_path / "mine.tsv"])
    )
    assert [e.name for e in entries(tmp_path / "model") if e.source == "own"] == [e.name for e in own]


def test_spacy_opens_a_pipeline_with_names_where_nothing_of_kg_is_imported(tmp_path: Path) -> None:
    load(own=read_own([file(tmp_path, FULL)])).to_disk(tmp_path / "model", exclude=["vocab"])
    code = "import spacy, sys; doc = spacy.load(sys.argv[1])('On zibba'); print([s.text for s in doc.spans['kg']])"
    model = str(tmp_path / "model")
    done = subprocess.run([sys.executable, "-c", code, model], capture_output=True, text=True, check=True)
    assert done.stdout == "['zibba']\n"


def test_what_is_written_reads_back_the_same(tmp_path: Path) -> None:
    own = read_own([file(tmp_path, FULL)])
    again = tmp_path / "again.tsv"
    again.write_bytes(written(own))
    assert read_own([again]) == own


def test_name_and_type_are_enough_whatever_the_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_bytes(b"\xef\xbb\xbftype\tname\r\nDataset\tZibba\r\n\r\n")
    assert [(e.name, e.type, e.kind) for e in read_own([path])] == [("Zibba", "Dataset", None)]


def test_the_fingerprint_follows_the_names(tmp_path: Path) -> None:
    one, other = file(tmp_path, "name\ttype\nA1\tTask\n"), file(tmp_path, "name\ttype\nB1\tTask\n", "other.tsv")
    assert len({fingerprint(), fingerprint(lexicon=[one]), fingerprint(lexicon=[other])}) == 3


def test_home_alias_and_base_reach_the_graph(tmp_path: Path) -> None:
    papers = tmp_path / "papers.jsonl"
    abstracts = ("We test on Zibba.", "We test on ZBC.", "We test on Zibba-2.")
    rows = [f'{{"id": "{i}", "title": "Study {i}", "abstract": "{a}"}}\n' for i, a in enumerate(abstracts)]
    papers.write_text("".join(rows), encoding="utf-8")
    g = kg.build([papers], tmp_path / "graph", lexicon=[file(tmp_path, FULL)], workers=2)
    got = g.cypher("MATCH (p:Paper)-[:USES]->(d:Dataset) RETURN p.id, d.name, d.url ORDER BY p.id")
    assert [tuple(row.values()) for row in got] == [
        ("0", "Zibba", "https://example.org/zibba"),
        ("1", "Zibba", "https://example.org/zibba"),
        ("2", "Zibba-2", None),
    ]
    bases = g.cypher("MATCH (a:Dataset)-[:VARIANT_OF]->(b:Dataset) RETURN a.name, b.name")
    assert [tuple(row.values()) for row in bases] == [("Zibba-2", "Zibba")]


HEAD = "name\ttype\tkind\taliases\tvariant_of\turl\texact\n"
WRONG = {
    "type": (HEAD + "Zibba\tdataset", "mine.tsv:2: 'dataset' is no type (one of Dataset, Method, Task)"),
    "kind": (HEAD + "Zibba\tMethod\tnew", "mine.tsv:2: 'new' is no kind of method"),
    "kind of a dataset": (HEAD + "Zibba\tDataset\tnamed", "mine.tsv:2: a kind, 'named', of a Dataset"),
    "no name": (HEAD + "\tDataset", "mine.tsv:2: a row without a name"),
    "one letter": (HEAD + "R\tMethod", "mine.tsv:2: 'R' would stand everywhere"),
    "column": ("name\ttype\tcolour\nZibba\tDataset\tred", "mine.tsv:1: 'colour' is no column"),
    "no heading": ("Zibba\tDataset", "mine.tsv:1: 'Zibba' is no column"),
    "no type": ("name\nZibba", "mine.tsv:1: the columns are not name, type, ... once each"),
    "a cell more": ("name\ttype\nZibba\tDataset\tmore", "mine.tsv:2: 3 columns where 2 are due"),
    "url": (HEAD + "Zibba\tDataset\t\t\t\twww", "mine.tsv:2: 'www' is no address"),
    "exact": (HEAD + "Zibba\tDataset\t\t\t\t\tyes", "mine.tsv:2: exact is 'yes'"),
    "two types": (
        "name\ttype\nZibba\tDataset\nzibba\tTask",
        "mine.tsv:3: 'zibba' is a Task here, and 'Zibba', a Dataset",
    ),
    "empty": ("\n# nothing\n", "mine.tsv: no names in it"),
}


@pytest.mark.parametrize(("text", "says"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(LexiconError) as caught:
        read_own([file(tmp_path, text)])
    assert says in str(caught.value)
    assert caught.value.remedy


def test_a_file_that_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_bytes("name\ttype\nZürich\tDataset\n".encode("latin-1"))
    with pytest.raises(LexiconError, match=r"mine\.tsv:2: is not UTF-8"):
        read_own([path])


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="cannot be read: No such file"):
        read_own([tmp_path / "absent.tsv"])


def test_all_that_is_wrong_with_a_file_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(LexiconError) as caught:
        read_own([file(tmp_path, "name\ttype\nA1\tdata\nB1\tTask\n\tTask\n")])
    lines = str(caught.value).split("\n")
    assert [lines[0], *(line.split(": ")[0].rpartition(":")[2] for line in lines[1:])] == ["2 errors", "2", "4"]
