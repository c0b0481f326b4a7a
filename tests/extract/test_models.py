"""A model is asked for by a path or by a name."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg.errors import ModelError
from kg.extract import extract_papers, fingerprint
from kg.extract.models import find_model, models_folder
from kg.extract.stored import SMALL
from kg.model import Paper

PAPER = Paper(id="p", title="RevCol: a backbone", abstract="We train RevCol on ImageNet-1K and beat ConvNeXt.")


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of models."""
    monkeypatch.setenv("KG_MODELS", str(tmp_path / "models"))
    (tmp_path / "models").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "models"


def test_a_folder_is_found_by_its_path(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    assert (find_model("mine"), find_model(tmp_path / "mine")) == (Path("mine"), tmp_path / "mine")


def test_a_name_is_looked_up_in_the_folder_of_models(kept: Path) -> None:
    (kept / "accurate").mkdir()
    assert find_model("accurate") == kept / "accurate"


def test_a_folder_here_goes_before_one_in_the_folder_of_models(kept: Path, tmp_path: Path) -> None:
    (kept / "mine").mkdir()
    (tmp_path / "mine").mkdir()
    assert find_model("mine") == Path("mine")


def test_an_installed_package_is_left_to_spacy(kept: Path) -> None:
    assert find_model("spacy") == "spacy"


def test_without_the_variable_models_are_kept_in_the_users_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("KG_MODELS", raising=False)
    monkeypatch.setattr("platformdirs.user_data_path", lambda name, **_: tmp_path / name)
    assert models_folder() == tmp_path / "kg" / "models"


def test_who_asks_for_the_accurate_model_without_having_it_is_told_how_to_get_it(kept: Path) -> None:
    with pytest.raises(ModelError) as caught:
        find_model("accurate")
    assert str(caught.value) == (
        "no model accurate (train it on gold of your own with training/transformer, or copy the folder from someone "
        f"who has it, to {kept / 'accurate'}; nothing is downloaded)"
    )


@pytest.mark.parametrize("name", ["no_such_model", "blank:en", "a b"])
def test_a_name_that_is_nowhere(kept: Path, name: str) -> None:
    with pytest.raises(ModelError) as caught:
        find_model(name)
    assert str(caught.value) == (
        f"no model {name} (give a folder with a spaCy pipeline, put one at {kept / name}, or install a package of that "
        "name)"
    )


@pytest.mark.parametrize("path", ["absent/model", "../model", "", Path("absent")])
def test_a_path_that_is_not_there(kept: Path, path: str | Path) -> None:
    with pytest.raises(ModelError) as caught:
        find_model(path)
    assert str(caught.value) == f"no model {path} (give a folder with a spaCy pipeline)"


def test_extraction_and_its_fingerprint_take_a_name(kept: Path) -> None:
    shutil.copytree(SMALL, kept / "mine")
    assert next(extract_papers([PAPER], model="mine")) == next(extract_papers([PAPER]))
    assert fingerprint("mine") == fingerprint()


def test_the_command_says_it_in_one_line(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "papers.jsonl").write_text('{"id": "p", "title": "T", "abstract": "We use BERT."}\n', encoding="utf-8")
    command = [sys.executable, "-m", "kg", "extract", "papers.jsonl", "--model", "accurate"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"kg: {_error('accurate')}\n"


def _error(name: str) -> str:
    with pytest.raises(ModelError) as caught:
        find_model(name)
    return str(caught.value)
