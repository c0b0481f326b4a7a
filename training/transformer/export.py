"""Makes the accurate model of trained weights: python training/transformer/export.py BEST.pt MODEL_FOLDER

The network becomes an ONNX graph with weights of eight bits (--float leaves them as they are), and goes into a copy of
a pipeline (--base; the shipped one by default) as its component "transformer", before "scorer". MODEL_FOLDER is then
what --model of kg takes.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from tagger import TOKENIZER_FILE, Tagger
from torch import Tensor, nn

from kg.extract.pieces import LONGEST
from kg.extract.pipeline import load
from kg.extract.transformer import META, MODEL, TOKENIZER, meta

_OPSET = 20


class OnePaper(nn.Module):
    """The network over one text, without padding: `ids` (pieces), `shapes` (pieces, 3), `first` (words) to
    log-probabilities `tags` and `roles`, a row a word."""

    def __init__(self, tagger: Tagger) -> None:
        super().__init__()
        self.tagger = tagger

    def forward(self, ids: Tensor, shapes: Tensor, first: Tensor) -> tuple[Tensor, Tensor]:
        tags, roles = self.tagger(ids[None], shapes[None], first[None], None)
        return tags[0].log_softmax(-1), roles[0].log_softmax(-1)


def graph(tagger: Tagger, path: Path) -> None:
    """Write the network as an ONNX graph."""
    pieces, words = torch.export.Dim("pieces", max=LONGEST), torch.export.Dim("words", max=LONGEST)
    example = (torch.arange(1000, 1009), torch.ones(9, 3, dtype=torch.int64), torch.arange(1, 7))
    program = torch.onnx.export(
        OnePaper(tagger).eval(),
        example,
        dynamo=True,
        input_names=["ids", "shapes", "first"],
        output_names=["tags", "roles"],
        dynamic_shapes=({0: pieces}, {0: pieces}, {0: words}),
        opset_version=_OPSET,
    )
    assert program is not None
    program.save(path)


def quantised(source: Path, target: Path) -> None:
    """The same graph with weights of eight bits, those of activations found as it runs.

    A scale for each column, and seven bits used of eight, so that processors without VNNI do not overflow: with a scale
    a matrix the F1 of exact spans fell by .011, so by nothing (README.md).
    """
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / MODEL
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(prepared, target, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


def component(weights: Path, folder: Path, *, eight_bits: bool) -> None:
    """Write the files of the component "transformer"."""
    tagger = Tagger()
    tagger.load_state_dict(torch.load(weights, weights_only=True))
    folder.mkdir(parents=True, exist_ok=True)
    if eight_bits:
        with tempfile.TemporaryDirectory() as scratch:
            graph(tagger, Path(scratch) / "float.onnx")
            quantised(Path(scratch) / "float.onnx", folder / MODEL)
    else:
        graph(tagger, folder / MODEL)
    (folder / TOKENIZER).write_bytes(TOKENIZER_FILE.read_bytes())
    (folder / META).write_text(json.dumps(meta(), indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--base", type=Path, help="the pipeline that gets the component")
    parser.add_argument("--float", action="store_true", help="four times as large, half as quick")
    options = parser.parse_args()
    nlp = load(options.base)
    if "transformer" not in nlp.pipe_names:
        nlp.add_pipe("kg_transformer", name="transformer", before="scorer")
    with tempfile.TemporaryDirectory() as scratch:
        component(options.weights, Path(scratch), eight_bits=not options.float)
        nlp.get_pipe("transformer").from_disk(Path(scratch))  # type: ignore[attr-defined]
    nlp.meta["name"] = "kg_accurate"
    options.model.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(options.model, exclude=["vocab"])


if __name__ == "__main__":
    main()
