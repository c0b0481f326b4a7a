"""The component of the accurate model: a pretrained transformer that says of each word what it is part of.

It judges no span by itself: it notes its probabilities on the Doc, and the scorer weighs them with all it knows. The
network is an ONNX graph (training/transformer makes it), run by ONNX Runtime on the CPU, one text at a time: a batch
would be no quicker there, and what is said of a paper must not depend on the papers beside it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IS_SPACE  # type: ignore[import-not-found]
from spacy.language import Language
from spacy.tokens import Doc

from kg.errors import ModelError
from kg.extract.batched import Batched
from kg.extract.notes import offsets, text_of
from kg.extract.opinions import ROLES, TAG_ROLES_NOTE, TAGS, TAGS_NOTE
from kg.extract.pieces import LONGEST, Reader, windows
from kg.extract.stored import Stored, file_of

__all__ = ["META", "MODEL", "TOKENIZER", "Transformer", "meta"]

Floats = NDArray[np.float32]

MODEL, TOKENIZER, META = "model.onnx", "tokenizer.json", "meta.json"
_INPUTS, _OUTPUTS = {"ids", "shapes", "first"}, {"tags", "roles"}
_ERRORS_ONLY = 3  # how much ONNX Runtime writes to standard error


def meta() -> dict[str, Any]:
    """What a graph must have been made for, as meta.json says it."""
    return {"format": 1, "tags": list(TAGS), "roles": list(ROLES), "longest": LONGEST}


class Transformer(Batched, Stored):
    """Notes on each Doc ``kg.tags`` and ``kg.tag_roles`` in ``doc.user_data``: float32, one row a token, the
    log-probabilities of opinions.TAGS and of opinions.ROLES. White space is O for certain, with zeros for roles.

    `threads`: of one run of the network. One, since kg build has a worker on each core.
    """

    shipped = "transformer"

    def __init__(self, *, threads: int) -> None:
        self.threads = threads
        self._files: Mapping[str, bytes] = {}
        self._session: Any = None
        self._reader: Reader | None = None

    def from_shipped(self) -> None:
        """No weights are shipped. Raises ModelError."""
        raise ModelError(
            "the transformer has no weights", remedy="open a pipeline that was saved with them: --model accurate"
        )

    def to_files(self) -> dict[str, bytes]:
        return {name: self._files[name] for name in (MODEL, TOKENIZER, META) if name in self._files}

    def from_files(self, files: Mapping[str, bytes], folder: Path | None) -> None:
        graph, pieces, about = (file_of(files, name, folder) for name in (MODEL, TOKENIZER, META))
        _check(about, folder and folder / META)
        self._session = _session(graph, self.threads, folder and folder / MODEL)
        self._reader = _reader(pieces, folder and folder / TOKENIZER)
        self._files = files

    def judge(self, docs: Sequence[Doc]) -> None:
        for doc in docs:
            doc.user_data[TAGS_NOTE], doc.user_data[TAG_ROLES_NOTE] = self._judged(doc)

    def _judged(self, doc: Doc) -> tuple[Floats, Floats]:
        if self._reader is None:
            self.from_shipped()
        assert self._reader is not None
        tags = np.full((len(doc), len(TAGS)), -np.inf, dtype=np.float32)
        tags[:, 0] = 0
        roles = np.zeros((len(doc), len(ROLES)), dtype=np.float32)
        words = np.flatnonzero(doc.to_array([IS_SPACE]) == 0) if len(doc) else np.zeros(0, dtype=np.int64)
        if not len(words):
            return tags, roles
        starts, ends = offsets(doc)
        pieces = self._reader.read(text_of(doc), starts[words].tolist(), ends[words].tolist())
        for w in windows(pieces.first, len(pieces.ids)):
            part = self._reader.closed(pieces.window(w.start, w.end))
            found = self._session.run(["tags", "roles"], part._asdict())
            kept = slice(w.kept_from - w.start, w.kept_to - w.start)
            at = words[w.kept_from : w.kept_to]
            tags[at], roles[at] = found[0][kept], found[1][kept]
        return tags, roles


def _check(about: bytes, path: Path | None) -> None:
    try:
        known = json.loads(about)
    except ValueError as e:
        raise ModelError(f"is no JSON: {e}", path=path, remedy="export the model anew") from e
    if not isinstance(known, dict) or {k: known.get(k) for k in meta()} != meta():
        raise ModelError("the transformer was made for other tags", path=path, remedy="export the model anew")


def _session(graph: bytes, threads: int, path: Path | None) -> Any:
    try:
        import onnxruntime as ort
    except ImportError as e:
        raise _missing("onnxruntime") from e
    options = ort.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = _ERRORS_ONLY
    try:
        session = ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as e:  # its errors have no class in common
        what = str(e).split("\n", 1)[0]
        raise ModelError(f"ONNX Runtime cannot open it: {what}", path=path, remedy="export the model anew") from e
    given, made = ({x.name for x in xs} for xs in (session.get_inputs(), session.get_outputs()))
    if given != _INPUTS or not made >= _OUTPUTS:
        raise ModelError(
            f"the graph makes {sorted(made)} of {sorted(given)}", path=path, remedy="export the model anew"
        )
    return session


def _reader(data: bytes, path: Path | None) -> Reader:
    try:
        from tokenizers import Tokenizer
    except ImportError as e:
        raise _missing("tokenizers") from e
    try:
        return Reader(Tokenizer.from_buffer(data))
    except Exception as e:  # it raises Exception itself
        raise ModelError(f"the tokenizer cannot be read: {e}", path=path, remedy="export the model anew") from e


def _missing(package: str) -> ModelError:
    return ModelError(f"the accurate model needs {package}", remedy='pip install "kg[accurate]"')


@Language.factory("kg_transformer", default_config={"threads": 1})
def create_transformer(nlp: Language, name: str, threads: int) -> Transformer:
    return Transformer(threads=threads)
