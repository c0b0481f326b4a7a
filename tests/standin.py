"""A small extractor for tests of the engine: words of a list, and papers that misbehave when told to.

The title says what to do: "kill me", "hang", "hang in C", "raise", "slow".
"""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.model import Extraction, Link, Mention, Paper
from kg.shards import Extractor


@dataclass(frozen=True)
class Entry:
    name: str
    type: str
    aliases: tuple[str, ...] = ()
    variant_of: str | None = None
    url: str | None = None
    kind: str | None = None


LEXICON = (
    Entry("CIFAR-10", "Dataset", ("CIFAR10",), "CIFAR", "https://www.cs.toronto.edu/~kriz/cifar.html"),
    Entry("CIFAR", "Dataset"),
    Entry("ImageNet", "Dataset", ("ILSVRC",)),
    Entry("ResNet", "Method", ("Residual Network",), kind="named"),
)
ROLES = {"propose": "introduces", "use": "uses", "beat": "compares", "cite": "mentions"}
PATTERN = re.compile(
    r"(?:(?P<verb>propose|use|beat|cite) )?(?:"
    r"(?P<Repository>https://github\.com/[\w-]+/[\w-]+)"
    r"|(?P<Dataset>CIFAR[- ]?\d*|ImageNet|ILSVRC|MIMIC(?:-III)?)"
    r"|(?P<Method>Res[- ]?Net-?\d*|Residual Network|GNNs?|[Gg]raph [Nn]eural [Nn]etworks?|SAM|Adam)"
    r"|(?P<Task>image classification))"
)
PAIR = re.compile(r"([A-Z][a-z]+(?: [A-Za-z][a-z]+)+) \(([A-Z]{2,})\)")


def misbehave(title: str) -> None:
    if "kill me" in title:
        os.kill(os.getpid(), signal.SIGKILL)
    if "hang in C" in title:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        time.sleep(3600)
    if "hang" in title:
        while True:
            time.sleep(0.01)
    if "raise" in title:
        raise ValueError("told to")
    if "slow" in title:
        time.sleep(0.008)


def extract(papers: Iterable[Paper]) -> Iterator[Extraction]:
    for paper in papers:
        misbehave(paper.title)
        mentions = tuple(m for field in ("title", "abstract") for m in found(field, getattr(paper, field)))
        pairs = tuple((m[2], m[1], "Method") for m in PAIR.finditer(paper.abstract))
        code = "released" if any(m.type == "Repository" for m in mentions) else "none"
        links = (Link("https://huggingface.co/a/b", "model"),) if "a/b" in paper.abstract else ()
        yield Extraction(paper.id, mentions, links, code, pairs)


def found(field: str, text: str) -> Iterator[Mention]:
    for m in PATTERN.finditer(text):
        type_name = m.lastgroup if m.lastgroup != "verb" else ""
        type_name = next(t for t in ("Repository", "Dataset", "Method", "Task") if m[t])
        start, end = m.span(type_name)
        role = ROLES.get(m["verb"] or "", "mentions") if type_name in ("Dataset", "Method") else None
        begin = text.rfind(". ", 0, start) + 2 if ". " in text[:start] else 0
        stop = text.find(". ", end) + 1 or len(text)
        kind = "named" if type_name == "Method" else None
        yield Mention(field, start, end, m[type_name], type_name, m[type_name], "standin", 0.5, begin, stop, kind, role)


def entries() -> tuple[Entry, ...]:
    return LEXICON


EXTRACTOR = Extractor(extract, "standin", entries)
