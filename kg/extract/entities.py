"""From spans to what a paper speaks of: settles rivals and groups spellings. Plain functions over plain values.

One entity has one name in all its mentions: short and long form of an acronym, singular and plural, with and without
a generic head word ("the ImageNet dataset"). ``CIFAR-10/100`` is two entities with the same stretch of text.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from kg.extract.acronyms import Pair
from kg.ids import spelling_key
from kg.model import Kind, Role

__all__ = ["Found", "group_key", "long_forms", "settle"]


class Found(NamedTuple):
    """A mention before it has its field: offsets in the composed text. `name` is empty until it is settled."""

    start: int
    end: int
    text: str
    type: str
    kind: Kind | None
    role: Role | None
    source: str
    score: float
    name: str = ""


_HEADS = re.compile(
    r"(?<=\S)\s+(?:data\s?sets?|benchmarks?|corpus|corpora|databases?|challenge|collection|suite|models?|networks?|algorithms?"
    r"|methods?|architectures?|frameworks?|layers?|loss|optimizer|tasks?|problems?)$",
    re.IGNORECASE,
)
_RUN = re.compile(r"(?P<glue>/|,? and -?|,? or |, | & )(?P<size>\d{1,4}[A-Za-z]{0,2})(?!\w|%|\.\d)")
# A paper lists a handful. Each size is a mention with the whole run as its words, so that a megabyte of them would be a
# square of that.
_MOST_SIZES = 20
_SIZE = re.compile(r"^(?P<stem>.*?[A-Za-z][- ]?)(?P<size>\d{1,4}[A-Za-z]{0,2})$", re.DOTALL)
_SPACES = re.compile(r"\s+")
_ROLE_RANK = {"introduces": 3, "uses": 2, "compares": 1, "mentions": 0, None: -1}


@lru_cache(maxsize=65536)
def group_key(text: str) -> str:
    """The spelling key without generic heads."""
    base = _HEADS.sub("", _SPACES.sub(" ", text))
    return spelling_key(base) or spelling_key(text)


def long_forms(pairs: Iterable[Pair]) -> dict[str, str]:
    """The group key of each short form, and that of its long form; the first one counts."""
    joined: dict[str, str] = {}
    for pair in pairs:
        short, long = group_key(pair.short), group_key(pair.long)
        if short and long:
            joined.setdefault(short, long)
    return joined


def settle(
    text: str, found: Sequence[Found], pairs: Iterable[Pair], canonical: Mapping[tuple[str, str], str]
) -> list[Found]:
    """The mentions of `text` that stand, in order, each with its entity's name.

    Of two that overlap the surer one stands, the longer one of two equally sure. `canonical` gives names by (type,
    group key). Found with a name already (a run such as CIFAR-10/100) keep it.
    """
    standing = _runs(text, _without_rivals(found))
    spelt: dict[str, tuple[str, str]] = {}  # short forms by key: the key of the long form, the short form as written
    for pair in pairs:
        short, long = group_key(pair.short), group_key(pair.long)
        if short and long:
            spelt.setdefault(short, (long, pair.short))
    settled = []
    for (type_, key), members in _grouped(standing, spelt, canonical).items():
        name = members[0].name or canonical.get((type_, key)) or _name(members, spelt)
        role, kind = members[0].role, members[0].kind
        if len(members) > 1:
            role = max((m.role for m in members), key=_ROLE_RANK.__getitem__)
            kind = Counter(m.kind for m in sorted(members, key=lambda m: -m.score)).most_common(1)[0][0]
        settled += [Found(*m[:4], kind, role, m.source, m.score, name) for m in members]
    return sorted(settled, key=lambda m: (m.start, m.end, m.type, m.name))


def _without_rivals(found: Sequence[Found]) -> list[Found]:
    standing: list[Found] = []
    taken = bytearray(max((m.end for m in found), default=0))
    for m in sorted(found, key=lambda m: (-m.score, m.start - m.end, m.start, m.type)):
        # A mention is short: a mark on each of its characters is cheaper than a tree of intervals.
        if m.end - m.start < 400 and taken.find(1, m.start, m.end) < 0:
            taken[m.start : m.end] = b"\1" * (m.end - m.start)
            standing.append(m)
    return sorted(standing, key=lambda m: m.start)


def _runs(text: str, found: list[Found]) -> list[Found]:
    """A name that ends in a size and is followed by more sizes stands for each of them."""
    result: list[Found] = []
    reach = -1
    for m in found:
        if m.start < reach:
            continue
        sized = _SIZE.match(m.text) if m.type in ("Dataset", "Method") and m.kind in (None, "named") else None
        more = _run_sizes(text, m.end) if sized else []
        if not sized or not more:
            result.append(m)
            continue
        reach = more[-1][1]
        whole = m._replace(end=reach, text=text[m.start : reach])
        names = [_SPACES.sub(" ", m.text), *(_SPACES.sub(" ", sized["stem"]) + size for size, _ in more)]
        result += [whole._replace(name=name) for name in names]
    return result


def _run_sizes(text: str, end: int) -> list[tuple[str, int]]:
    """The sizes that follow a name, each with its end. After a slash any number is one; after "and" only one that no
    word follows but a head ("CIFAR-10 and 100 datasets", not "CIFAR-10 and 100 classes")."""
    sizes: list[tuple[str, int]] = []
    while len(sizes) < _MOST_SIZES and (found := _RUN.match(text, end)):
        if found["glue"] != "/" and not re.match(
            r"\s*(?:[.,;:)]|datasets?\b|benchmarks?\b|$)", text[found.end() : found.end() + 12]
        ):
            break
        end = found.end()
        sizes.append((found["size"], end))
    return sizes


def _grouped(
    found: list[Found], spelt: Mapping[str, tuple[str, str]], canonical: Mapping[tuple[str, str], str]
) -> dict[tuple[str, str], list[Found]]:
    """By type and key. What the paper itself spells out goes before what the lexicon knows: SAM may be anything."""
    groups: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for m in found:
        key = group_key(m.name or m.text)
        if key in spelt:
            key = spelt[key][0]
        known = canonical.get((m.type, key))
        groups[m.type, group_key(known) if known else key].append(m)
    return groups


def _name(members: list[Found], spelt: Mapping[str, tuple[str, str]]) -> str:
    first = members[0]
    surfaces = [_SPACES.sub(" ", m.text) for m in members]
    if first.type == "Dataset" or first.kind in ("named", "software"):
        for key in map(group_key, surfaces):
            if key in spelt:
                return spelt[key][1]
        return min(Counter(surfaces).items(), key=lambda c: (-c[1], len(c[0]), c[0]))[0]
    # Phrases: the long form, in lower case unless it is written with capitals everywhere.
    long = max(surfaces, key=lambda s: (" " in s, len(s)))
    return _phrase(next((s for s in surfaces if s.islower() and " " in s), long))


def _phrase(surface: str) -> str:
    words = [w if sum(c.isupper() for c in w) > 1 else w.lower() for w in surface.split(" ")]
    last = words[-1]
    if len(last) > 4 and last.endswith("s") and last.islower() and not last.endswith(("ss", "us", "is", "ics", "ies")):
        words[-1] = last[:-1]
    return " ".join(words)
