"""Trains the transformer: python training/transformer/train.py GOLD.jsonl OUT_FOLDER

GOLD is in the gold format (docs/extraction.md). Some papers are held out; after every half epoch the F1 of exact spans
on them is printed, and the best weights so far go to OUT_FOLDER/best.pt, the latest to last.pt, for --start. The same
seed, machine and number of threads give the same weights, unless a limit of time cuts in.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # idle threads sleep: quicker on a shared machine

import torch
from decode import best_path, f1, spans_of
from tagger import TOKENIZER_FILE, Encoded, Tagger, collate, encode
from torch import nn

from kg.extract.pieces import Reader
from kg.train.gold import read_gold

_NEW_RATE = 1e-3  # learning rate of the layers that are not pretrained
_ROLES_WEIGH = 0.1


def batches(papers: list[Encoded], size: int, rng: random.Random) -> Iterator[list[Encoded]]:
    """Every paper once, those of like length together, in random order."""
    papers = rng.sample(papers, len(papers))
    cut = []
    for at in range(0, len(papers), size * 12):
        pool = sorted(papers[at : at + size * 12], key=lambda e: len(e.ids))
        cut += [pool[i : i + size] for i in range(0, len(pool), size)]
    rng.shuffle(cut)
    yield from cut


def loss_of(model: Tagger, papers: list[Encoded]) -> torch.Tensor:
    batch = collate(papers)
    wanted_tags, wanted_roles = batch.pop("tags").flatten(), batch.pop("roles").flatten()
    with torch.autocast("cpu", torch.bfloat16):
        tags, roles = model(**batch)
    loss = nn.functional.cross_entropy(tags.flatten(0, 1), wanted_tags)
    if (wanted_roles >= 0).any():
        loss = loss + _ROLES_WEIGH * nn.functional.cross_entropy(roles.flatten(0, 1), wanted_roles)
    return loss


def scores(model: Tagger, papers: Sequence[Encoded], *, batch: int = 16) -> dict[str, float]:
    """F1 of exact spans."""
    model.eval()
    pairs = []
    order = sorted(papers, key=lambda e: len(e.ids))
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for at in range(0, len(order), batch):
            part = order[at : at + batch]
            given = {k: v for k, v in collate(part).items() if k not in ("tags", "roles")}
            found = model(**given)[0].log_softmax(-1).numpy()
            pairs += [
                (spans_of(e.tags), spans_of(best_path(rows[: len(e.tags)])))
                for e, rows in zip(part, found, strict=True)
            ]
    return f1(pairs)


def train(model: Tagger, papers: list[Encoded], held: list[Encoded], options: argparse.Namespace) -> None:
    rng = random.Random(options.seed)
    encoder = [p for n, p in model.named_parameters() if n.startswith("encoder.") and p.requires_grad]
    new = [p for n, p in model.named_parameters() if not n.startswith("encoder.")]
    groups = [{"params": encoder, "lr": options.rate}, {"params": new, "lr": _NEW_RATE}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    rates = [g["lr"] for g in groups]
    an_epoch = -(-len(papers) // options.batch)
    total = min(an_epoch * options.epochs, options.steps or an_epoch * options.epochs)
    half = max(1, an_epoch // 2)
    step, best, losses = 0, -1.0, []
    began, done = time.process_time(), 0.0
    while done < 1:
        for part in batches(papers, options.batch, rng):
            model.train()
            # The rate rises at first and falls to nothing at the end, by steps or by time.
            spent = (time.process_time() - began) / 60
            done = max((step + 1) / total, spent / options.cpu_minutes if options.cpu_minutes else 0.0)
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * max(0.0, min((step + 1) / options.warm, 1 - done))
            loss = loss_of(model, part)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            losses.append(loss.item())
            step += 1
            if step % half == 0 or done >= 1:
                found = scores(model, held) if held else {}
                mean = round(sum(losses) / len(losses), 4)
                print(json.dumps({"step": step, "of": total, "CPU minutes": round(spent, 1), "loss": mean, **found}))
                losses.clear()
                torch.save(model.state_dict(), options.out / "last.pt")
                if found.get("all", 0.0) >= best:
                    best = found.get("all", 0.0)
                    torch.save(model.state_dict(), options.out / "best.pt")
            if done >= 1:
                break


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--steps", type=int, help="at most")
    parser.add_argument("--cpu-minutes", type=float, help="at most; the learning rate falls to nothing in this time")
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--held", type=int, default=130, help="papers held out to score on")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rate", type=float, default=1.5e-4, help="learning rate of the pretrained layers")
    parser.add_argument("--warm", type=int, default=60, help="steps in which the learning rate rises")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    reader = Reader.open(TOKENIZER_FILE)
    every = [encode(p, reader) for p in read_gold(options.gold)]
    papers = random.Random(7).sample(every, len(every))
    held, papers = papers[: options.held], papers[options.held :]
    if not papers:
        parser.error(f"{len(every)} papers, of which {options.held} are held out: nothing is left to learn from")
    print(f"{len(papers)} papers to learn from, {len(held)} held out")
    model = Tagger()
    if options.start:
        model.load_state_dict(torch.load(options.start, weights_only=True))
    train(model, papers, held, options)


if __name__ == "__main__":
    main()
