"""A model is a spaCy pipeline folder: what it knows goes with it, and nothing is kept elsewhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import spacy

from kg.errors import ModelError
from kg.extract import entries, extract_papers, fingerprint
from kg.extract.lexicon.learned import Learned, Surface
from kg.extract.lookup import Lookup
from kg.extract.pipeline import load
from kg.extract.stored import SMALL
from kg.model import Paper

PAPER = Paper(id="p", title="RevCol: a backbone", abstract="We train RevCol on ImageNet-1K and beat ConvNeXt.")


def files(folder: Path) -> dict[str, object]:
    """What each file holds. Of an archive its arrays: how it is packed differs between versions of Python."""
    return {f.relative_to(folder).as_posix(): content(f) for f in folder.rglob("*") if f.is_file()}


def content(file: Path) -> object:
    if file.suffix != ".npz":
        return file.read_bytes()
    with np.load(file) as arrays:
        return {name: (arrays[name].dtype, arrays[name].shape, arrays[name].tobytes()) for name in arrays.files}


def test_the_shipped_model_is_opened_by_spacy_itself() -> None:
    (found,) = extract_papers([PAPER])
    doc = spacy.load(SMALL)(PAPER.title + "\n\n" + PAPER.abstract)
    assert {s.text for s in doc.spans["kg"]} == {m.text for m in found.mentions}


def test_opened_and_saved_again_the_shipped_model_is_the_same(tmp_path: Path) -> None:
    load().to_disk(tmp_path / "saved", exclude=["vocab"])
    assert files(tmp_path / "saved") == files(SMALL)


def test_bytes_carry_the_model_as_well() -> None:
    nlp = load()
    nlp.get_pipe("lexicon").learned = Learned()  # type: ignore[attr-defined]
    other = load().from_bytes(nlp.to_bytes())
    assert other.get_pipe("lexicon").learned == Learned()  # type: ignore[attr-defined]


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The shipped model, but it has learned of one form only."""
    nlp = load()
    lookup = nlp.get_pipe("lexicon")
    assert isinstance(lookup, Lookup)
    lookup.learned = Learned((Surface("ZibNet", "Zibba Net", False, (0, 5, 0, 0, 0), 5),))
    nlp.to_disk(tmp_path / "other", exclude=["vocab"])
    return tmp_path / "other"


def test_names_follow_the_model(other: Path) -> None:
    paper = Paper(id="p", title="A detector", abstract="Our network outperforms ZibNet on ImageNet.")
    (mine,), (shipped,) = extract_papers([paper], model=other), extract_papers([paper])
    assert {m.text: m.name for m in mine.mentions}["ZibNet"] == "Zibba Net"
    assert {m.text: m.name for m in shipped.mentions}["ZibNet"] == "ZibNet"


def test_entries_follow_the_model(other: Path) -> None:
    learned = [e for e in entries(other) if e.source == "annotated"]
    assert [(e.name, e.type, e.kind, e.aliases) for e in learned] == [("Zibba Net", "Method", "named", ("ZibNet",))]
    assert {e.source for e in entries()} == {"curated", "annotated", "catalogues", "papers_with_code"}


def test_two_models_in_one_process_do_not_mix(other: Path) -> None:
    first = next(extract_papers([PAPER]))
    next(extract_papers([PAPER], model=other))
    assert next(extract_papers([PAPER])) == first


def test_the_fingerprint_is_that_of_the_data_not_of_the_place(tmp_path: Path) -> None:
    shutil.copytree(SMALL, tmp_path / "copy")
    assert fingerprint(tmp_path / "copy") == fingerprint()


@pytest.mark.parametrize("file", ["lexicon/annotated.tsv", "scorer/weights.npz", "roles/weights.npz"])
@pytest.mark.parametrize("data", [None, b"no such format\n"])
def test_a_damaged_model_is_told_with_its_file(tmp_path: Path, file: str, data: bytes | None) -> None:
    shutil.copytree(SMALL, tmp_path / "model")
    damaged = tmp_path / "model" / file
    damaged.unlink() if data is None else damaged.write_bytes(data)
    with pytest.raises(ModelError) as caught:
        load(tmp_path / "model")
    assert str(damaged.parent) in str(caught.value)
