"""The component that judges candidates: a log-linear model over hashed features, trained by kg/train/scorer.py, and a
small network (context.py) that corrects it by the words around.

Each feature of a candidate votes for every label with one number; the sums, through the softmax, are probabilities.
The model file holds the numbers in eight bits each, the words that may end a phrase, and the calibration. Where a
transformer has noted what it thinks (transformer.py), a softmax regression over all three opinions has the last word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from kg.errors import ModelError
from kg.extract.addresses import covered
from kg.extract.batched import Batched
from kg.extract.candidates import HEAD, Candidates, Vocabulary, candidates
from kg.extract.context import Context, load_context, save_context
from kg.extract.cues import CUES
from kg.extract.decide import LABELS, Calibration, Decision, decide
from kg.extract.features import BUCKETS, Prior, features, gate_features
from kg.extract.lexicon import CLASSES
from kg.extract.lookup import Table, table_of
from kg.extract.notes import Detail, Judged, replace, spans_of, text_of, token_places
from kg.extract.opinions import OPINIONS, laid_out, opinions
from kg.extract.stored import Stored, file_of
from kg.extract.text import SEPARATOR
from kg.extract.weights import eight_bits, packed, softmax, unpacked
from kg.model import Kind, Role

__all__ = ["Fusion", "Model", "Scorer", "judge", "known", "load_model", "save_model"]

# Adds up the labels of a class.
TO_CLASS: NDArray[np.float32] = np.array(
    [[float(cls == k) for k in range(len(CLASSES))] for cls, _ in LABELS], dtype=np.float32
)
WEIGHTS = "weights.npz"
CONTEXT = "context.npz"
FUSION = "fusion.npz"
_CUE_ROLES: tuple[Role | None, ...] = (None, *(cue.role for cue in CUES))
_SOURCES = ("scorer", "lexicon", "cues")
_SURELY_NOTHING = 0.8
_LEAST = 1e-6
_BLOCK = 16384  # candidates scored at once; bounds the memory that one endless abstract takes


class Fusion(NamedTuple):
    """Softmax regression over the log-probabilities of the log-linear model and of the network, and what a transformer
    thinks (opinions.OPINIONS): `weights` has one row a label, `bias` one number."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    @staticmethod
    def told(wide: NDArray[np.float32], read: NDArray[np.float32], thought: NDArray[np.float32]) -> NDArray[np.float32]:
        """What is weighed, one row a candidate: the probabilities of the two as logarithms, and the opinions."""
        logs = [np.log(np.maximum(p, np.float32(_LEAST))) for p in (wide, read)]
        return np.concatenate([*logs, thought], axis=1)

    def probabilities(self, told: NDArray[np.float32]) -> NDArray[np.float32]:
        """One row a candidate, one column a label, each row adding up to 1."""
        return softmax(told @ self.weights.T + self.bias)


class Model(NamedTuple):
    """`weights`: BUCKETS rows, one column a label. `gate`: BUCKETS numbers, and the sum from which it `opens`.
    `context` and `fusion` are None in a model without a network, and without a transformer."""

    weights: NDArray[np.float32]
    gate: NDArray[np.float32]
    opens: float
    vocabulary: Vocabulary
    calibration: Calibration
    context: Context | None = None
    fusion: Fusion | None = None

    def likely(self, docs: Sequence[Doc]) -> tuple[Candidates, Prior]:
        """The candidates that the gate lets through, and what the lexicon knows of them."""
        c = candidates(docs, self.vocabulary)
        prior = known(c, table_of(docs))
        sums = np.zeros(len(c.start), dtype=np.float32)
        for column in gate_features(c, prior).T:
            sums += self.gate.take(column, mode="clip")
        keep = np.flatnonzero(sums >= self.opens)
        return c.select(keep), prior.select(keep)

    def probabilities(self, rows: NDArray[np.uint32]) -> NDArray[np.float32]:
        """One row a candidate, one column a label, each row adding up to 1."""
        sums = np.zeros((len(rows), len(LABELS)), dtype=np.float32)
        for at in range(0, len(rows), _BLOCK):
            block = rows[at : at + _BLOCK]
            votes = np.empty((len(block), len(LABELS)), dtype=np.float32)
            for column in block.T:
                # Indexing by an array does the same in four times the time.
                self.weights.take(column, axis=0, out=votes, mode="clip")
                sums[at : at + _BLOCK] += votes
        return softmax(sums)

    def in_context(self, docs: Sequence[Doc], c: Candidates, wide: NDArray[np.float32]) -> NDArray[np.float32]:
        """The probabilities `wide` after all that the model knows of the words around has been heard."""
        if self.context is None:
            return wide
        read = self.context.probabilities(c, wide)
        noted = laid_out(docs, c.tokens.first, len(c.tokens.lower)) if self.fusion else None
        if self.fusion is None or noted is None:
            return read
        return self.fusion.probabilities(Fusion.told(wide, read, opinions(*noted, c.start, c.end)))


def save_model(model: Model) -> bytes:
    """The weights in eight bits each, as a numpy archive."""
    small, scale = eight_bits(model.weights)
    gate, gate_scale = eight_bits(model.gate)
    words = model.vocabulary
    return packed(
        weights=small,
        scale=scale,
        gate=gate,
        gate_scale=gate_scale,
        opens=np.float32(model.opens),
        heads=words.hashes[(words.flags & HEAD) != 0],
        calibration=np.array(model.calibration.weights),
        at_least=np.array(model.calibration.at_least),
    )


def load_model(data: bytes, path: Path | None = None) -> Model:
    """What save_model has written. Raises ModelError, which names `path`, where it does not read or has another
    size."""
    with unpacked(data, "the scorer", path) as file:
        weights = file["weights"].astype(np.float32) * file["scale"]
        gate = file["gate"].astype(np.float32) * file["gate_scale"]
        opens = float(file["opens"])
        heads = file["heads"].tolist()
        calibration = Calibration(file["calibration"].tolist(), file["at_least"].tolist())
    if weights.shape != (BUCKETS, len(LABELS)):
        raise ModelError(f"the scorer's weights have the shape {weights.shape}", path=path)
    return Model(np.ascontiguousarray(weights), gate, opens, Vocabulary(heads), calibration)


def _load_fusion(data: bytes, path: Path | None) -> Fusion:
    with unpacked(data, "the fusion", path) as file:
        fusion = Fusion(file["weights"], file["bias"])
    if fusion.weights.shape != (len(LABELS), 2 * len(LABELS) + len(OPINIONS)):
        raise ModelError(f"the weights of the fusion have the shape {fusion.weights.shape}", path=path)
    return fusion


def known(c: Candidates, t: Table) -> Prior:
    """What the lexicon knows of the candidates."""
    return Prior(t.counts[c.row], t.papers[c.row], t.listed[c.row], t.corpus[c.row], t.corpus_papers[c.row])


class Scorer(Batched, Stored):
    """Puts the candidates that stand in the place of the spans that other components proposed."""

    shipped = "scorer"

    def __init__(self) -> None:
        self._model: Model | None = None

    @property
    def model(self) -> Model:
        """The trained model."""
        if self._model is None:
            self.from_shipped()
        return cast(Model, self._model)

    @model.setter
    def model(self, model: Model) -> None:
        self._model = model

    def to_files(self) -> dict[str, bytes]:
        files = {WEIGHTS: save_model(self.model)}
        if self.model.context is not None:
            files[CONTEXT] = save_context(self.model.context)
        if self.model.fusion is not None:
            files[FUSION] = packed(weights=self.model.fusion.weights, bias=self.model.fusion.bias)
        return files

    def from_files(self, files: Mapping[str, bytes], folder: Path | None) -> None:
        model = load_model(file_of(files, WEIGHTS, folder), folder and folder / WEIGHTS)
        if CONTEXT in files:
            model = model._replace(context=load_context(files[CONTEXT], folder and folder / CONTEXT))
        if FUSION in files:
            model = model._replace(fusion=_load_fusion(files[FUSION], folder and folder / FUSION))
        self.model = model

    def judge(self, docs: Sequence[Doc]) -> None:
        for doc, judged in zip(docs, judge(docs, self.model), strict=True):
            text = text_of(doc)
            title = max(text.find(SEPARATOR), 0)  # a text that is no paper has none
            decisions = decide(text, title, judged, doc.user_data.get("kg.pairs", ()), self.model.calibration)
            _write(doc, decisions)


def judge(docs: Sequence[Doc], model: Model) -> list[list[Judged]]:
    """The candidates of each Doc that may be something; none inside an address."""
    c, prior = model.likely(docs)
    judged: list[list[Judged]] = [[] for _ in docs]
    if not len(c.start):
        return judged
    scored = model.in_context(docs, c, model.probabilities(features(c, prior)))
    likely = np.flatnonzero(scored[:, 0] < _SURELY_NOTHING)
    rows = zip(
        c.doc[likely].tolist(),
        c.tokens.starts[c.start[likely]].tolist(),
        c.tokens.ends[c.end[likely] - 1].tolist(),
        scored[likely].tolist(),
        (scored[likely] @ TO_CLASS).tolist(),
        np.where(c.row[likely] >= 0, 1, np.where(c.cue[likely] > 0, 2, 0)).tolist(),
        c.cue[likely].tolist(),
        strict=True,
    )
    inside = [covered(doc.user_data.get("kg.addresses", [])) for doc in docs]
    for d, start, end, scores, by_class, source, cue in rows:
        if inside[d].find(1, start, end) < 0:
            judged[d].append(Judged(start, end, scores, by_class, _SOURCES[source], _CUE_ROLES[cue]))
    return judged


def _write(doc: Doc, decisions: list[Decision]) -> None:
    """The decisions as spans, with the component that brought each up as its source."""
    kept = [s for s in spans_of(doc) if s[2] == "Repository"]
    for d, place in zip(decisions, token_places(doc, [d[:2] for d in decisions]), strict=True):
        assert place is not None  # candidates are made of tokens
        type_, kind = CLASSES[d.cls]
        detail = Detail(d.source, round(d.score, 4), cast("Kind | None", kind), cast("Role | None", d.role))
        kept.append((*place, type_, detail))
    replace(doc, kept)


@Language.factory("kg_scorer")
def create_scorer(nlp: Language, name: str) -> Scorer:
    return Scorer()
