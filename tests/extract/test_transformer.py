"""The transformer's component, with a tiny random network: what is read, windows, notes, opinions, what is missing."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from spacy.language import Language
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from kg.errors import ModelError
from kg.extract import extract_papers
from kg.extract.opinions import OPINIONS, ROLES, TAGS, laid_out, opinions
from kg.extract.pieces import LONGEST, Reader, windows
from kg.extract.pipeline import load
from kg.extract.transformer import META, MODEL, TOKENIZER, Transformer, meta
from kg.model import Paper

WORDS = ("bert", "image", "##net", "we", "use", "on", ".", "-", "a", "##a", "1", "中")
TEXT = "On BERT\n\nWe use  ImageNet-1.\nOn BERT"


def tokenizer() -> Tokenizer:
    vocabulary = {piece: i for i, piece in enumerate(("[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS))}
    made = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return made


def graph() -> onnx.ModelProto:
    """A word's log-probabilities depend on its first piece and its shapes alone."""
    rng = np.random.default_rng(0)
    nodes = [helper.make_node("Gather", [name, "first"], [f"{name}_at"]) for name in ("ids", "shapes")]
    nodes.append(helper.make_node("Cast", ["shapes_at"], ["looks"], to=TensorProto.FLOAT))
    tables = []
    for name, size in (("tags", len(TAGS)), ("roles", len(ROLES))):
        tables.append(numpy_helper.from_array(rng.normal(size=(20, size)).astype(np.float32), f"{name}_of_piece"))
        tables.append(numpy_helper.from_array(rng.normal(size=(3, size)).astype(np.float32), f"{name}_of_looks"))
        nodes.append(helper.make_node("Gather", [f"{name}_of_piece", "ids_at"], [f"{name}_1"]))
        nodes.append(helper.make_node("MatMul", ["looks", f"{name}_of_looks"], [f"{name}_2"]))
        nodes.append(helper.make_node("Add", [f"{name}_1", f"{name}_2"], [f"{name}_sum"]))
        nodes.append(helper.make_node("LogSoftmax", [f"{name}_sum"], [name]))
    given = [
        helper.make_tensor_value_info(name, TensorProto.INT64, shape)
        for name, shape in (("ids", ["p"]), ("shapes", ["p", 3]), ("first", ["w"]))
    ]
    made = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["w", size])
        for name, size in (("tags", len(TAGS)), ("roles", len(ROLES)))
    ]
    body = helper.make_graph(nodes, "tiny", given, made, tables)
    return helper.make_model(body, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / MODEL).write_bytes(graph().SerializeToString())
    (folder / TOKENIZER).write_text(tokenizer().to_str(), encoding="utf-8")
    (folder / META).write_text(json.dumps(meta()), encoding="utf-8")
    return folder


@pytest.fixture
def nlp(data: Path) -> Language:
    made = load()
    component = made.add_pipe("kg_transformer", name="transformer", before="scorer")
    assert isinstance(component, Transformer)
    component.from_disk(data)
    return made


def noted(nlp: Language, text: str) -> tuple[np.ndarray, np.ndarray]:
    doc = nlp.get_pipe("transformer")(nlp.tokenizer(text))
    return doc.user_data["kg.tags"], doc.user_data["kg.tag_roles"]


# What is read


def test_pieces_with_the_looks_of_their_words() -> None:
    words = [(0, 2), (3, 7), (9, 11), (12, 15), (17, 25), (25, 26), (26, 27), (27, 28), (29, 31), (32, 36)]
    read = Reader(tokenizer()).read(TEXT, [a for a, _ in words], [b for _, b in words])
    vocabulary = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS)
    assert [vocabulary[i] for i in read.ids] == [
        *("on", "bert", "we", "use", "image", "##net", "-", "1", ".", "on", "bert")
    ]  # fmt: skip
    assert read.first.tolist() == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10]
    assert read.shapes.tolist() == [
        [6, 1, 3],
        [5, 5, 3],
        [6, 1, 2],
        [4, 1, 1],
        *[[8, 8, 1]] * 2,
        [1, 8, 1],
        [2, 8, 1],
        [1, 8, 1],
        [6, 1, 2],
        [5, 5, 1],
    ]


def test_one_endless_word_is_a_few_pieces() -> None:
    reader = Reader(tokenizer())
    assert len(reader.read("中" * 10_000, [0], [10_000]).ids) == 64
    assert reader.read("a" * 10_000, [0], [10_000]).ids.tolist() == [reader.unknown]


def test_a_word_of_nothing_readable_is_unknown() -> None:
    reader = Reader(tokenizer())
    assert reader.read("\x01", [0], [1]).ids.tolist() == [reader.unknown]


@pytest.mark.parametrize("count", [1, 510, 511, 700, 5000])
def test_windows_judge_each_word_once_with_text_on_both_sides(count: int) -> None:
    sizes = np.random.default_rng(count).integers(1, 65, count) if count == 5000 else np.ones(count, dtype=np.int64)
    first, pieces = np.cumsum(sizes) - sizes, int(sizes.sum())
    bounds = np.append(first, pieces)
    made = list(windows(first, pieces))
    assert [k for w in made for k in range(w.kept_from, w.kept_to)] == list(range(count))
    for w in made:
        assert w.start <= w.kept_from <= w.kept_to <= w.end
        assert bounds[w.end] - bounds[w.start] <= LONGEST - 2
        assert w.start == 0 or bounds[w.kept_from] - bounds[w.start] >= 1
        assert w.end == count or bounds[w.end] - bounds[w.kept_to] >= 1
    assert len(made) == 1 if pieces <= LONGEST - 2 else len(made) > 1


# Notes


def test_a_row_a_token_and_white_space_is_nothing(nlp: Language) -> None:
    tags, roles = noted(nlp, TEXT)
    doc = nlp.tokenizer(TEXT)
    space = np.array([t.is_space for t in doc])
    assert (tags.shape, roles.shape, tags.dtype, roles.dtype) == ((len(doc), 9), (len(doc), 4), np.float32, np.float32)
    assert space.any()
    assert np.allclose(np.exp(tags).sum(axis=1), 1)
    assert np.allclose(np.exp(roles[~space]).sum(axis=1), 1)
    assert (tags[space] == [0, *[-np.inf] * 8]).all()
    assert (roles[space] == 0).all()
    assert np.isfinite(tags[~space]).all()


def test_rows_of_a_long_text_are_those_of_its_words(nlp: Language) -> None:
    # The tiny network sees nothing of a word's neighbours, so a row that moved by one would show.
    sentence = "We use ImageNet-1 on BERT. "
    for once, many in zip(noted(nlp, sentence), noted(nlp, sentence * 200), strict=True):
        assert np.array_equal(many, np.tile(once, (200, 1)))


def test_a_paper_is_judged_alike_alone_and_among_others(nlp: Language) -> None:
    texts = [TEXT, "", "We use BERT. " * 300, "中 on a"]
    together = list(nlp.get_pipe("transformer").pipe([nlp.tokenizer(t) for t in texts]))
    for doc, text in zip(together, texts, strict=True):
        assert np.array_equal(doc.user_data["kg.tags"], noted(nlp, text)[0])


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "\n\n\n", "\x00\x01", "中" * 3000, "- " * 3000, "\u202e\U0001f600 ﷺ\ufffd", "a" * 3000]
)
def test_hostile_texts_get_their_rows(nlp: Language, text: str) -> None:
    tags, roles = noted(nlp, text)
    assert len(tags) == len(roles) == len(nlp.tokenizer(text))
    assert not np.isnan(tags).any()
    assert np.isfinite(roles).all()


# Opinions


def test_opinions_are_those_of_the_plain_formula(nlp: Language) -> None:
    tags, roles = noted(nlp, TEXT)
    words = [i for i, row in enumerate(tags) if np.isfinite(row[1])]
    places = [(i, j) for i in range(len(words)) for j in range(i + 1, len(words) + 1)]
    got = opinions(
        tags, roles, np.array([words[i] for i, _ in places]), np.array([words[j - 1] + 1 for _, j in places])
    )
    assert got.shape == (len(places), len(OPINIONS))
    for (i, j), row in zip(places, got, strict=True):
        inside = words[i:j]
        wanted = []
        for q in range(4):
            p = tags[inside[0], 1 + 2 * q] + sum(tags[k, 2 + 2 * q] for k in inside[1:])
            after = np.exp(tags[words[j], 2 + 2 * q]) if j < len(words) else 0.0
            wanted.append(max(p + np.log(1 - min(after, 0.9999)), -12))
        none = np.log(max(1 - np.exp(wanted).sum(), 1e-4))
        assert np.allclose(row, [none, *wanted, *roles[inside].mean(axis=0)], atol=1e-4)


def test_opinions_do_not_depend_on_what_else_is_in_the_arrays(nlp: Language) -> None:
    docs = [nlp.get_pipe("transformer")(nlp.tokenizer(t)) for t in (TEXT, "We use a", TEXT)]
    first = np.array([3, 3 + len(docs[0]) + 2, 3 + len(docs[0]) + 2 + len(docs[1])])
    laid = laid_out(docs, first, int(first[2]) + len(docs[2]) + 1)
    assert laid is not None
    start = np.arange(len(docs[0]))
    end = np.minimum(start + 4, len(docs[0]))
    alone = opinions(docs[0].user_data["kg.tags"], docs[0].user_data["kg.tag_roles"], start, end)
    assert np.array_equal(opinions(*laid, start + first[0], end + first[0]), alone)
    assert np.array_equal(opinions(*laid, start + first[2], end + first[2]), alone)


def test_no_candidates_no_opinions(nlp: Language) -> None:
    none = np.zeros(0, dtype=np.int64)
    assert opinions(*noted(nlp, TEXT), none, none).shape == (0, len(OPINIONS))
    assert opinions(*noted(nlp, ""), none, none).shape == (0, len(OPINIONS))


def test_docs_without_notes_have_no_opinions(nlp: Language) -> None:
    assert laid_out([nlp.tokenizer(TEXT)], np.array([0]), 100) is None


# The model folder


def test_saved_and_opened_again_it_says_the_same(nlp: Language, data: Path, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "saved", exclude=["vocab"])
    saved = tmp_path / "saved" / "transformer"
    assert {f.name: f.read_bytes() for f in saved.iterdir()} == {f.name: f.read_bytes() for f in data.iterdir()}
    again = load(tmp_path / "saved")
    assert again.pipe_names == [*load().pipe_names[:-2], "transformer", "scorer", "roles"]
    assert np.array_equal(noted(again, TEXT)[0], noted(nlp, TEXT)[0])
    [found] = extract_papers([Paper(id="p", title="BERT", abstract="We use ImageNet.")], model=tmp_path / "saved")
    assert "ImageNet" in {m.text for m in found.mentions}


def test_without_weights_it_says_so() -> None:
    nlp = load()
    component = nlp.add_pipe("kg_transformer", before="scorer")
    with pytest.raises(ModelError, match="the transformer has no weights"):
        component(nlp.tokenizer(TEXT))


@pytest.mark.parametrize("package", ["onnxruntime", "tokenizers"])
def test_a_missing_package_is_told_with_the_command(data: Path, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ModelError) as caught:
        Transformer(threads=1).from_disk(data)
    assert str(caught.value) == f'the accurate model needs {package} (pip install "kg[accurate]")'


@pytest.mark.parametrize("file", [MODEL, TOKENIZER, META])
@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff\x00 nothing of use"])
def test_a_damaged_file_is_told(data: Path, file: str, content: bytes | None) -> None:
    (data / file).unlink() if content is None else (data / file).write_bytes(content)
    with pytest.raises(ModelError) as caught:
        Transformer(threads=1).from_disk(data)
    assert str(data) in str(caught.value)
    assert caught.value.remedy in ("export the model anew", "save the pipeline anew")


def test_a_graph_with_other_inputs_is_refused(data: Path) -> None:
    other = graph()
    other.graph.input.add().CopyFrom(helper.make_tensor_value_info("mask", TensorProto.INT64, ["p"]))
    (data / MODEL).write_bytes(other.SerializeToString())
    with pytest.raises(
        ModelError, match=r"the graph makes \['roles', 'tags'\] of \['first', 'ids', 'mask', 'shapes'\]"
    ):
        Transformer(threads=1).from_disk(data)
