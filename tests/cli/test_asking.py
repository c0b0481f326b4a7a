"""kg query, kg cypher and kg show, as a person types them."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from graphs import HOSTILE_TITLE, example_graph

from kg.cli.answers import table
from kg.cli.show import as_text
from kg.query import library
from kg.query.show import show
from kg.store import Store


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("desk") / "graph"
    library.ask(example_graph(path), "papers-with-code", {"dataset": "CIFAR-10"})
    return path


def kg(*words: str | Path, stdin: str = "") -> tuple[int, str, str]:
    command = [sys.executable, "-m", "kg", *map(str, words)]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def test_query_prints_a_table(graph: Path) -> None:
    assert kg("query", graph, "variants-of", "-p", "name=cifar") == (
        0,
        "variant    of     steps  papers  id\n"
        "---------  -----  -----  ------  ----------------\n"
        "CIFAR-10   CIFAR      1       5  dataset:cifar10\n"
        "CIFAR-100  CIFAR      1       4  dataset:cifar100\n",
        "",
    )


def test_query_prints_json_and_csv(graph: Path) -> None:
    words = ("query", graph, "papers-with-code", "-p", "dataset=CIFAR-10", "--limit", "1")
    row = {
        "title": "Densely Connected Convolutional Networks",
        "year": 2016,
        "repository": "https://github.com/liuzhuang13/DenseNet",
        "name": "CIFAR-10",
        "words": ["On CIFAR-10, CIFAR-100 and ImageNet it needs fewer weights than ResNet."],
        "paper": "arxiv:1608.06993",
    }
    assert json.loads(kg(*words, "--format", "json")[1]) == [row]
    read = list(csv.DictReader(io.StringIO(kg(*words, "--format", "csv")[1])))
    assert read == [{**row, "year": "2016", "words": json.dumps(row["words"])}]


def test_list_needs_no_graph_and_names_every_query() -> None:
    code, out, err = kg("query", "--list")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()[2:]] == list(library.all_queries())


def test_show_prints_the_cypher(graph: Path) -> None:
    assert kg("query", graph, "variants-of", "--show") == (0, library.get("variants-of").text, "")


def test_no_rows_is_said_on_standard_error(graph: Path) -> None:
    words = ("query", graph, "path-between", "-p", "from=CIFAR-10", "-p", "to=PPI")
    assert kg(*words) == (0, "", "no rows\n")
    assert kg(*words, "--format", "json") == (0, "[]\n", "no rows\n")


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("query", "GRAPH", "papers-with-code", "-p", "dataset=CIFR-10"), 1, "did you mean CIFAR-10"),
        (("query", "GRAPH", "papers-with-cod"), 1, "did you mean papers-with-code"),
        (("query", "GRAPH"), 2, "GRAPH and NAME are needed"),
        (("query", "GRAPH", "variants-of", "-p", "name"), 2, "is not key=value"),
        (("query", "GRAPH", "variants-of", "-p", "name=a", "-p", "name=b"), 2, "given twice"),
        (("query", "nowhere", "variants-of", "-p", "name=a"), 1, "no such graph folder"),
        (("cypher", "GRAPH", "MATCH (p:Papr) RETURN p"), 1, "did you mean Paper?"),
        (("cypher", "GRAPH", "CREATE (p:Paper)"), 1, "CREATE changes the graph"),
        (("cypher", "GRAPH", "RETURN $x AS x"), 1, "give it: -p x=..."),
        (
            ("cypher", "GRAPH", "UNWIND range(1, 100000000) AS a RETURN a ORDER BY a LIMIT 1", "--timeout", "0.2"),
            1,
            "0.2 s",
        ),
        (("cypher", "GRAPH", "RETURN 1 AS x", "--timeout", "0"), 2, "--timeout"),
        (("show", "GRAPH", "CIFR-10"), 1, "did you mean CIFAR-10"),
    ],
)
def test_what_is_wrong_is_said_without_a_traceback(
    words: tuple[str, ...], code: int, message: str, graph: Path
) -> None:
    found = kg(*(graph if w == "GRAPH" else w for w in words))
    assert (found[0], found[1], "Traceback" in found[2]) == (code, "", False)
    assert message in " ".join(found[2].replace("│", " ").split())


def test_cypher_parameters_have_types(graph: Path) -> None:
    words = ("-p", "a=5", "-p", 'b="5"', "-p", 'c=["x", "y"]', "-p", "d=CIFAR-10", "-p", "e=a=b", "--format", "json")
    code, out, _ = kg("cypher", graph, "RETURN $a AS a, $b AS b, size($c) AS c, $d AS d, $e AS e", *words)
    assert (code, json.loads(out)) == (0, [{"a": 5, "b": "5", "c": 2, "d": "CIFAR-10", "e": "a=b"}])


def test_cypher_from_standard_input_names_columns_as_written(graph: Path) -> None:
    text = "MATCH (t:Task)\nRETURN count(*), max(t.name) // the last\n"
    assert kg("cypher", graph, "-", "--format", "csv", stdin=text) == (
        0,
        "count(*),max(t.name)\n5,question answering\n",
        "",
    )


def test_the_other_dialect_is_asked_for(graph: Path) -> None:
    words = ("cypher", graph, "RETURN [1, 2][1] AS x", "--format", "csv")
    assert kg(*words)[0] == 1
    assert kg(*words, "--dialect", "ladybug") == (0, "x\n1\n", "")


def test_show_marks_the_words(graph: Path) -> None:
    code, out, err = kg("show", graph, "Racee")
    assert (code, out, "did you mean RACE" in err) == (1, "", True)
    assert kg("show", graph, "RACE") == (
        0,
        "Dataset RACE\n"
        "  id: dataset:race\n"
        "  papers: 1\n"
        "\n"
        "<-USES- 1\n"
        "  RoBERTa: A Robustly Optimized BERT Pretraining Approach  [arxiv:1907.11692]\n"
        "    It gains on GLUE, SQuAD and «RACE», a set for question answering.\n"
        "\n"
        "<-EVALUATED_ON- 1\n"
        "  RoBERTa  [method:roberta]  by arxiv:1907.11692\n",
        "",
    )


def test_show_as_json_has_the_exact_places(graph: Path) -> None:
    shown = json.loads(kg("show", graph, "RACE", "--format", "json")[1])
    quote = shown["edges"][0]["quotes"][0]
    assert [quote["text"][a:b] for a, b in quote["marks"]] == ["RACE"]


def test_nothing_in_a_paper_steers_the_terminal(graph: Path) -> None:
    assert "\x1b" in HOSTILE_TITLE
    written = [
        kg("query", graph, "promised-code")[1],
        kg("show", graph, "title:quoted-nets")[1],
        as_text(show(Store.open(graph), "title:quoted-nets"), marks=("<", ">")),
    ]
    for text in written:
        assert "\\x1b[31mred" in text
        assert not [c for c in text if ord(c) < 32 and c != "\n"]
    assert len(written[0].splitlines()) == 3


def test_a_table_fits_the_width_and_keeps_columns_apart() -> None:
    rows = [("x" * 50, 1, "日本語のデータ" * 3), ("y", 22, "z")]
    shown = table(("first", "n", "last"), rows, width=40)
    assert shown == (
        "first               n  last\n"
        "-----------------  --  -----------------\n"
        "xxxxxxxxxxxxxxxx…   1  日本語のデータ日…\n"
        "y                  22  z\n"
    )


def test_long_lists_go_whole_below_their_row_where_the_table_is_too_wide() -> None:
    rows = [("Nets", ("We train on CIFAR-10.", "It works on SVHN as well."), 2), ("More", (), 3)]
    columns = ("title", "words", "n")
    assert table(columns, rows, width=40) == (
        "title  n\n-----  -\nNets   2\n    words: We train on CIFAR-10. | It\n    works on SVHN as well.\nMore   3\n"
    )
    assert table(columns, rows, width=None) == (
        "title  words                                              n\n"
        "-----  -------------------------------------------------  -\n"
        "Nets   We train on CIFAR-10. | It works on SVHN as well.  2\n"
        "More                                                      3\n"
    )
