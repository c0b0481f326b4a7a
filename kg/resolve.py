"""Which names stand for one thing: pure functions over distinct names, which are far fewer than mentions.

Names of one type are one entity if they have the same spelling key, if the lexicon lists them together, if papers
spell one out as the other (GNN, graph neural network), or if the extractor calls one by the other. What papers disagree
on stays apart: a short form joins a long form only where `AGREEMENT` of the papers that spell it out mean that one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from kg.ids import entity_id, repository_id, spelling_key
from kg.model import Extraction

__all__ = ["AGREEMENT", "Entry", "Form", "Known", "Pair", "Vote", "bases", "forms", "known", "pairs", "unite"]

AGREEMENT = 0.8
REPOSITORY = "Repository"

_BREAK = re.compile(r"[\s/_-]+")
# Words beside a name that say what sort of thing it is, and do not make it another thing.
_MATERIAL = ("dataset", "data", "set", "corpus", "benchmark", "challenge", "open", "task", "problem")
_MEANS = ("model", "method", "approach", "technique", "framework", "algorithm", "architecture", "based")
_HEADS = frozenset((*_MATERIAL, *_MEANS))

# A size, split or version at the end of a name: ResNet-50, MIMIC-III, Llama 3.1, BERT-large, ImageNet-1K, ViT-B/16,
# VOC 2012, Qwen2-7B, Swin-T. The base must itself be known, so that the rule may be generous here.
_SUFFIX = re.compile(
    r"""(?: [\s_/-]+ (?: v?\d+(?:\.\d+)*(?:[a-z]|bn|shot)? | (?:\d+(?:\.\d+)?x)?\d+(?:\.\d+)?[kmbt]
            | [ivx]{2,5} | v?\d+\+\+ | tiny | nano | mini | micro | small | base | medium | large | huge | giant
            | x+l | [bls]/\d+ | [a-z] | full | lite | light | plus | pro | turbo | ultra | max
            | instruct | chat | hard | easy | challenge | extended | clean )
          | (?<=[a-z]{2})v?\d+(?:\.\d+)* | '\d\d ) $""",
    re.IGNORECASE | re.VERBOSE,
)


class Entry(Protocol):
    """What the lexicon knows of one entity: its canonical name, the other spellings, what it is a variant of."""

    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...
    @property
    def variant_of(self) -> str | None: ...
    @property
    def url(self) -> str | None: ...
    @property
    def kind(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Form:
    """The ids of a mention: of the entity it stands for in its paper, of its canonical name there, of its own words.

    `text_id` is None where the words are no name that could stand for the entity elsewhere.
    """

    id: str
    name_id: str
    text_id: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A short form that a paper spells out as a long form, with the ids that each has by itself."""

    type: str
    short: str
    short_id: str
    long: str
    long_id: str


@dataclass(frozen=True, slots=True)
class Vote:
    """`papers` papers, of `total` that use `id`, say that it stands for `target`; `spelled`: they spell it out."""

    id: str
    target: str
    papers: int
    total: int
    spelled: bool


@lru_cache(maxsize=100_000)
def _id(type_name: str, name: str) -> str:
    return repository_id(name) if type_name == REPOSITORY else entity_id(type_name, name)


def pairs(found: Extraction) -> tuple[Pair, ...]:
    """The short and long forms of one paper: those it spells out, and those the extractor calls by one name.

    A short form has one long form in a paper, the first. Sorted.
    """
    spelled = list(found.pairs)
    spelled += ((m.text, m.name, m.type) for m in found.mentions if _abbreviates(m.text, m.name))
    spelled += ((m.name, m.text, m.type) for m in found.mentions if _abbreviates(m.name, m.text))
    kept: dict[str, Pair] = {}
    for short, long, type_name in spelled:
        if _is_clause(long, short):
            continue
        pair = Pair(type_name, short, _id(type_name, short), long, _id(type_name, long))
        # Shorter to longer only: no circles, within a paper or between papers.
        if len(pair.short_id) < len(pair.long_id):
            kept.setdefault(pair.short_id, pair)
    return tuple(sorted(kept.values(), key=lambda p: (p.type, p.short_id)))


def _is_clause(long: str, short: str) -> bool:
    """Whether `long` is a piece of a sentence, not a name: after a comma goes on what `short` has no letter for.

    >>> _is_clause("models do better in accuracy, achieving 99", "MNIST")
    True
    >>> _is_clause("findable, accessible, interoperable and reusable", "FAIR")
    False
    """
    letters = short.casefold()
    return any(part.strip()[:1].casefold() not in letters for part in long.split(",")[1:])


def _abbreviates(short: str, long: str) -> bool:
    """Whether `short` looks like the initials, or the squeezed form, of the several words of `long`.

    >>> _abbreviates("RevCol", "Reversible Column Network"), _abbreviates("CIFAR-10", "CIFAR-10 dataset")
    (True, False)
    """
    if len(short) > 12 or " " in short or sum(c.isupper() for c in short) < 2 or len(re.split(r"[\s-]+", long)) < 2:
        return False
    letters, rest = [c for c in short.casefold() if c.isalnum()], iter(long.casefold())
    if not letters or long[:1].casefold() != letters[0] or short.casefold() in long.casefold():
        return False
    return len(letters) < len(long) and all(c in rest for c in letters)


def forms(found: Extraction, spelled: Iterable[Pair]) -> Iterator[Form]:
    """The ids of each mention of a paper, in order. A short form that the paper spells out has the long form's id."""
    long_of = {p.short_id: p.long_id for p in spelled}
    for m in found.mentions:
        name_id = identity = _id(m.type, m.name)
        while identity in long_of:
            identity = long_of[identity]
        yield Form(identity, name_id, identity if m.type == REPOSITORY else _text_id(m.type, m.text, m.name))


@lru_cache(maxsize=100_000)
def _text_id(type_name: str, text: str, name: str) -> str | None:
    # "100" of "CIFAR-10/100" is the words of a mention, but no name.
    return _id(type_name, text) if sum(map(str.isalpha, text)) > 1 and _renames(text, name) else None


def _renames(text: str, name: str) -> bool:
    """Whether `text` can be another spelling of `name`: not where one says all that the other says, and more.

    A paper on road defect detection may say "defect detection" for short; elsewhere that is another thing.

    >>> [_renames(t, "CIFAR-100") for t in ("CIFAR100", "CIFAR-100 dataset", "CIFAR-10/100", "CIFAR")]
    [True, True, False, False]
    >>> _renames("supervised learning", "self-supervised learning"), _renames("ConvNet", "convolutional network")
    (False, True)
    """
    if spelling_key(text) == spelling_key(name):
        return True
    words, others = _words(text), _words(name)
    return not (words <= others or words >= others) or words ^ others <= _HEADS


def _words(name: str) -> frozenset[str]:
    return frozenset(map(spelling_key, _BREAK.split(name))) - {""}


@dataclass(frozen=True, slots=True)
class Known:
    """The lexicon by id: entries, and the entry's id for each spelling of it. A spelling of two entries is left out."""

    entries: dict[str, Entry]
    spellings: dict[str, str]


def known(entries: Iterable[Entry]) -> Known:
    """Index the lexicon. Canonical names win over aliases; of two entries with one id the first is kept."""
    by_id: dict[str, Entry] = {}
    aliases: dict[str, set[str]] = {}
    for entry in entries:
        key = entity_id(entry.type, entry.name)
        by_id.setdefault(key, entry)
        for alias in entry.aliases:
            aliases.setdefault(entity_id(entry.type, alias), set()).add(key)
    spellings = {alias: min(keys) for alias, keys in aliases.items() if len(keys) == 1}
    return Known(by_id, spellings | {key: key for key in by_id})


def unite(votes: Iterable[Vote], lexicon: Known) -> dict[str, str]:
    """For each id that does not stand alone, the smallest id of its class.

    Votes below the agreement are passed over; the rest are taken from the most papers down, ties by id. Two entries of
    the lexicon are joined only where papers spell one out as the other. The order of `votes` changes nothing.
    """
    root: dict[str, str] = {}

    def find(key: str) -> str:
        top = key
        while (up := root.get(top, top)) != top:
            top = up
        while (up := root.get(key, key)) != top:
            root[key], key = top, up
        return top

    listed = set(lexicon.entries)

    def join(a: str, b: str, *, spelled: bool) -> None:
        a, b = find(a), find(b)
        if a == b or (a in listed and b in listed and not spelled):
            return
        root[a] = root[b] = min(a, b)
        if a in listed or b in listed:
            listed.add(min(a, b))

    for spelling, entry in sorted(lexicon.spellings.items()):
        join(spelling, entry, spelled=False)
    agreed = (v for v in votes if v.id != v.target and v.papers >= AGREEMENT * v.total)
    for vote in sorted(agreed, key=lambda v: (not v.spelled, -v.papers, v.id, v.target)):
        join(vote.id, vote.target, spelled=vote.spelled)
    return {key: find(key) for key in sorted(root)}


def bases(name: str) -> Iterator[str]:
    """The names that `name` may be a variant of, nearest first: one suffix of size, split or version off at a time.

    >>> list(bases("Llama-2-7B")), list(bases("CIFAR-10")), list(bases("YOLOv8")), list(bases("T5"))
    (['Llama-2', 'Llama'], ['CIFAR'], ['YOLO'], [])
    """
    while found := _SUFFIX.search(name):
        name = name[: found.start()].rstrip(" -_/")
        if sum(map(str.isalpha, name)) < 2:
            return
        yield name
