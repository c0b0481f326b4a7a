"""A few annotated papers make a model that kg and spaCy open; gold that is at fault is told with its line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kg.errors import ExportError, GoldError, InputError
from kg.extract import extract_papers
from kg.extract.predicted import to_object
from kg.model import Paper
from kg.train import train
from kg.train.gold import read_gold, unplaced
from kg.train.report import Report

GOLD = Path(__file__).parent.parent / "data/extract/gold.jsonl"
LINES = GOLD.read_text(encoding="utf-8").splitlines()
ABSTRACT = "We propose ZibbaNet, a network for image classification. It is trained on ImageNet and CIFAR-10."


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("train")
    papers = [{"id": str(i), "title": f"Study {i}", "abstract": ABSTRACT} for i in range(8)]
    (folder / "more.jsonl").write_text("".join(json.dumps(p) + "\n" for p in papers), encoding="utf-8")
    told: list[str] = []
    report = train(
        GOLD,
        folder / "model",
        abstracts=[folder / "more.jsonl"],
        progress=lambda stage, done, total: told.append(stage),
    )
    assert list(dict.fromkeys(told)) == ["scorer", "abstracts", "roles"]
    return report


def test_what_it_finds_is_what_papers_of_the_field_speak_of(trained: Report) -> None:
    (found,) = extract_papers([Paper(id="p", title="ZibbaNet", abstract=ABSTRACT)], model=trained.path)
    object_ = to_object(Paper(id="p", title="ZibbaNet", abstract=ABSTRACT), found)
    assert [d["name"] for d in object_["datasets"]] == ["ImageNet", "CIFAR-10"]
    assert [t["name"] for t in object_["tasks"]] == ["image classification"]


def test_spacy_opens_it_where_nothing_of_kg_is_imported(trained: Report) -> None:
    code = "import spacy, sys; doc = spacy.load(sys.argv[1])(sys.argv[2]); print([s.text for s in doc.spans['kg']])"
    done = subprocess.run(
        [sys.executable, "-c", code, str(trained.path), ABSTRACT], capture_output=True, text=True, check=True
    )
    assert "ImageNet" in done.stdout


def test_what_it_learned_over_abstracts_goes_with_it(trained: Report) -> None:
    text = (trained.path / "lexicon/corpus.tsv").read_text(encoding="utf-8")
    assert [line.split("\t")[-1] for line in text.splitlines() if line.startswith("ImageNet\t")] == ["8"]


def test_scores_are_of_unseen_folds(trained: Report) -> None:
    assert (trained.papers, trained.unplaced) == (len(LINES), ())
    assert [(s.type, s.kind) for s in trained.scored][:2] == [("Dataset", None), ("Method", "named")]
    assert trained.scored[0].f1 > 0.7
    assert [a.what for a in trained.agreed] == ["datasets", "methods (named)", "methods (all)"]
    meta = json.loads((trained.path / "meta.json").read_text(encoding="utf-8"))
    assert meta["performance"]["Dataset"]["f1"] == round(trained.scored[0].f1, 3)


def test_the_same_gold_gives_the_same_bytes(tmp_path: Path) -> None:
    # In two processes: the order of sets is another in each.
    code = "import sys; from kg.train import train; train(sys.argv[1], sys.argv[2])"
    made = []
    for seed in ("1", "2"):
        folder = tmp_path / seed / "model"
        subprocess.run([sys.executable, "-c", code, str(GOLD), str(folder)], env={"PYTHONHASHSEED": seed}, check=True)
        made.append({f.relative_to(folder): f.read_bytes() for f in folder.rglob("*") if f.is_file()})
    assert made[0] == made[1]


def test_gold_of_datasets_alone_trains_too(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    rows = [json.loads(line) | {"methods": [], "tasks": []} for line in LINES[:12]]
    for row in rows:
        row["datasets"] = [{k: v for k, v in d.items() if k != "role"} for d in row["datasets"]]
    gold.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    report = train(gold, tmp_path / "model")
    assert [s.gold > 0 for s in report.scored] == [True, False, False, False, False]
    assert report.agreed == ()
    (found,) = extract_papers([Paper(id="p", title="A study", abstract=ABSTRACT)], model=tmp_path / "model")
    assert {m.type for m in found.mentions} == {"Dataset"}


def test_too_few_papers_are_refused(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text("\n".join(LINES[:3]), encoding="utf-8")
    with pytest.raises(GoldError, match="3 papers, of which nothing can be learned"):
        train(gold, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_a_folder_that_is_no_model_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    with pytest.raises(ExportError, match="no model"):
        train(GOLD, tmp_path / "letters")


def test_abstracts_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        train(GOLD, tmp_path / "model", abstracts=[tmp_path / "absent.jsonl"])


ENTITY = '{"name": "X1", "mentions": ["X1"]}'
PAPER = '{"title": "On X1", "abstract": "", "datasets": [%s], "methods": [%s], "tasks": []}'
WRONG = {
    "no JSON": ("{", "is no JSON"),
    "no object": ("[]", "is no JSON object"),
    "no title": ('{"abstract": ""}', "the paper has no title"),
    "no abstract": ('{"title": "x"}', "the paper has no abstract"),
    "no lists": ('{"title": "x", "abstract": ""}', "datasets is no list"),
    "no name": (PAPER % ("{}", ""), "a dataset has no name"),
    "no mentions": (PAPER % ('{"name": "X1"}', ""), "a dataset, 'X1', has no mentions"),
    "no kind": (PAPER % ("", ENTITY), "the kind of a method is None"),
    "a role": (PAPER % (ENTITY[:-1] + ', "role": "eats"}', ""), "the role of a dataset is 'eats'"),
}


@pytest.mark.parametrize(("line", "says"), WRONG.values(), ids=WRONG)
def test_a_line_that_is_no_gold_is_told(tmp_path: Path, line: str, says: str) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(LINES[0] + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(GoldError) as caught:
        read_gold(gold)
    assert str(caught.value).startswith(f"{gold}:2: {says}")


def test_a_mention_that_is_not_in_the_text_is_told(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(PAPER % ('{"name": "X1", "mentions": ["X1", "X", "X2"]}', ""), encoding="utf-8")
    papers = read_gold(gold)
    assert [(p.line, m) for p, m in unplaced(papers)] == [(1, "X"), (1, "X2")]
