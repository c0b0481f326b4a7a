"""Trains the network of a model: what kg.train is given as `network`.

1. A first network learns the annotated papers, the transformer's held-out ones aside.
2. On those, a softmax regression weighs the log-linear model, that network and the transformer (fusion); what it says
   of the unlabelled abstracts are their labels, as probabilities.
3. A network learns these abstracts.
4. For each fold, and for all, it learns the annotated papers (the fold's aside) with some of the abstracts among them.

Seeds are fixed: the same input, machine and number of threads (one) give the same network.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.context import Context
from kg.extract.decide import LABELS
from kg.extract.scorer import Fusion, Model
from kg.train.examples import Examples
from kg.train.gold import GoldPaper
from kg.train.scorer import FOLDS

from .network import Net, Tables, batch, context, tables
from .reading import Read, gold, opinions_of_gold, silver
from .silver import held_out, open_silver

__all__ = ["NetworkOf"]

COUNT, AMONG = 10000, 3000  # abstracts learned first, and those learned again with the annotated papers
FIRST_EPOCHS, SILVER_EPOCHS, GOLD_EPOCHS = 5, 3, 3
FIRST_RATE, GOLD_RATE = 2e-3, 1.2e-3
PAPERS = 16  # in a step
WARM = 100  # steps in which the rate rises, or a tenth of all
WORD_RATE = 0.5  # of the word vectors, as a share of the rate
DECAY = 0.02
CANDIDATES = 300  # a step has about so many: the scale of its loss
STRENGTH = 0.02  # of the fusion's evidence (C): chosen for 130 papers
SHOWN, ALIKE = 64, 0.01  # abstracts that both networks read, and how far they may differ

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


def train(net: Net, t: Tables, parts: Sequence[tuple[Read, Ints]], *, epochs: int, rate: float, seed: int) -> None:
    """`parts`: annotated or labelled papers, and which of them to learn."""
    rng = np.random.default_rng(seed)
    rest = [p for name, p in net.named_parameters() if name != "word.weight"]
    groups: list[dict[str, Any]] = [
        {"params": [net.word.weight], "lr": rate * WORD_RATE, "weight_decay": 0.0},
        {"params": rest, "lr": rate, "weight_decay": DECAY},
    ]
    optimizer = torch.optim.AdamW(groups)
    rates = [g["lr"] for g in groups]
    total = epochs * sum(-(-len(papers) // PAPERS) for _, papers in parts)
    warm = max(min(WARM, total // 10), 1)
    step, began = 0, time.process_time()
    for epoch in range(epochs):
        net.train()
        steps = [(read, some) for read, papers in parts for some in _cut(rng.permutation(papers))]
        loss_sum = number = 0.0
        for k in rng.permutation(len(steps)).tolist():
            b = batch(steps[k][0], steps[k][1], t)
            for group, full in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = full * min((step + 1) / warm, 1 - step / total)
            loss = -(b.target * net(b).log_softmax(-1)).sum()
            (loss / CANDIDATES).backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            step += 1
            loss_sum += loss.item()
            number += len(b.target)
        spent = time.process_time() - began
        print(f"  epoch {epoch + 1} of {epochs}: loss {loss_sum / number:.4f}, {spent:.0f} s of CPU", flush=True)


def _cut(papers: Ints) -> list[Ints]:
    return [papers[at : at + PAPERS] for at in range(0, len(papers), PAPERS)]


def predict(net: Net, t: Tables, read: Read, papers: Ints) -> Floats:
    """Probabilities of all candidates of the Read, 0 for those of other papers."""
    net.eval()
    result = np.zeros_like(read.wide)
    with torch.inference_mode():
        for some in _cut(papers):
            b = batch(read, some, t)
            result[b.number] = net(b).softmax(-1).numpy()
    return result


def fusion(said: Floats, labels: Ints) -> Fusion:
    """Softmax regression; a label that none of the rows has stays out of it."""
    found = LogisticRegression(C=STRENGTH, max_iter=3000).fit(said, labels)
    weights = np.zeros((len(LABELS), said.shape[1]), dtype=np.float32)
    bias = np.full(len(LABELS), -100, dtype=np.float32)
    weights[found.classes_], bias[found.classes_] = found.coef_, found.intercept_
    return Fusion(weights, bias)


class NetworkOf:
    """A kg.train.scorer.Network. `vectors` and `silver` are files that vectors.py and silver.py have written."""

    def __init__(self, vectors: Path, silver: Path, *, count: int = COUNT) -> None:
        with np.load(vectors, allow_pickle=False) as file:
            self.words, self.vectors = file["words"], file["vectors"]
        self.noted = open_silver(silver)
        self.count = count

    def __call__(
        self, papers: Sequence[GoldPaper], nlp: Language, ex: Examples, wide: Floats, model: Model
    ) -> tuple[Context, Floats]:
        torch.set_num_threads(1)
        read = gold(papers, nlp, ex, wide)
        t = tables(self.words, self.vectors, read)
        labelled = self._labelled(papers, nlp, read, t, model)
        print("network: learns the abstracts", flush=True)
        begun = _new(t)
        train(begun, t, [(labelled, labelled.papers)], epochs=SILVER_EPOCHS, rate=FIRST_RATE, seed=1)
        scores = np.zeros_like(wide)
        among = (labelled, labelled.papers[:AMONG])

        def taught(learned: Ints) -> Net:
            net = copy.deepcopy(begun)
            torch.manual_seed(2)
            train(net, t, [(read, learned), among], epochs=GOLD_EPOCHS, rate=GOLD_RATE, seed=2)
            return net

        for k in range(FOLDS):
            print(f"network: learns the annotated papers without fold {k + 1}", flush=True)
            held = read.papers % FOLDS == k
            scores += predict(taught(read.papers[~held]), t, read, read.papers[held])
        print("network: learns the annotated papers", flush=True)
        net = taught(read.papers)
        made = context(net, t)
        some = self.noted.texts[self.noted.held :][: min(SHOWN, len(labelled.mine) - 1)]
        _check(made, net, t, labelled, list(nlp.pipe(nlp.tokenizer(text) for text in some)), model)
        return made, scores

    def _labelled(self, papers: Sequence[GoldPaper], nlp: Language, read: Read, t: Tables, model: Model) -> Read:
        """The abstracts, labelled by fusion."""
        held = held_out(len(papers))
        texts = [papers[i].text for i in held]
        if texts != self.noted.texts[: self.noted.held]:
            raise SystemExit("the silver file was made with other gold: run training.context.silver again")
        print("network: learns the annotated papers, to label the abstracts", flush=True)
        first = _new(t)
        learned = np.setdiff1d(read.papers, held)
        train(first, t, [(read, learned)], epochs=FIRST_EPOCHS, rate=FIRST_RATE, seed=1)
        rows = np.concatenate([np.arange(read.mine[p], read.mine[p + 1]) for p in held])
        said = Fusion.told(
            read.wide[rows],
            predict(first, t, read, np.intersect1d(read.papers, held))[rows],
            opinions_of_gold(read, held, self.noted, texts, nlp),
        )
        f = fusion(said, read.target[rows].argmax(axis=1))
        abstracts, opinions = silver(self.noted, nlp, model, self.count)
        seen = predict(first, t, abstracts, abstracts.papers)
        return abstracts._replace(target=f.probabilities(Fusion.told(abstracts.wide, seen, opinions)))


def _new(t: Tables) -> Net:
    torch.manual_seed(1)
    return Net(t)


def _check(made: Context, net: Net, t: Tables, read: Read, docs: Sequence[Doc], model: Model) -> None:
    """That kg reads as PyTorch does, tried on the first papers of `read`, `docs`: else one was changed alone."""
    c, _ = model.likely(docs)
    wide = read.wide[: read.mine[len(docs)]]
    there = predict(net, t, read, read.papers[read.papers < len(docs)])[: len(wide)]
    away = float(np.abs(made.probabilities(c, wide) - there).max(initial=0))
    print(f"network: kg's reading differs from PyTorch's by {away:.6f} at most", flush=True)
    if away > ALIKE:
        raise SystemExit("kg.extract.context and training/context are two different networks")
