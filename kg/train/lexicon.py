"""What the annotated papers say of each form: the counts of the lexicon that goes with the model."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import ahocorasick_rs

from kg.extract.lexicon import CLASSES
from kg.extract.lexicon.learned import Surface, best_class
from kg.extract.text import folded
from kg.train.gold import GoldPaper, at_boundaries, key

__all__ = ["Tally", "surfaces", "tally"]


class Tally:
    """What the annotated papers say of one key."""

    def __init__(self) -> None:
        self.counts = [0] * len(CLASSES)
        self.papers = 0
        self.spellings: Counter[str] = Counter()  # of right occurrences
        self.wrong: Counter[str] = Counter()  # spellings of the others
        self.names: Counter[str] = Counter()


def occurrences(papers: list[GoldPaper], keys: list[str]) -> list[list[tuple[str, str]]]:
    """For each paper the (key, spelling) of every key that stands in it at word boundaries."""
    automaton = ahocorasick_rs.AhoCorasick(keys)
    found = []
    for p in papers:
        low = folded(p.text)
        found.append(
            [
                (keys[i], p.text[s:e])
                for i, s, e in automaton.find_matches_as_indexes(low, overlapping=True)
                if at_boundaries(low, s, e)
            ]
        )
    return found


def tally(papers: list[GoldPaper], extra: Iterable[str] = ()) -> dict[str, Tally]:
    """Tallies of every key that is annotated anywhere, and of the `extra` keys."""
    keys = sorted({k for p in papers for e in p.entities for m in e.mentions if (k := key(m))} | set(extra))
    tallies: dict[str, Tally] = defaultdict(Tally)
    for p, hits in zip(papers, occurrences(papers, keys), strict=True):
        gold = {key(m): e for e in p.entities for m in e.mentions}
        for k in {k for k, _ in hits} | set(gold):
            t = tallies[k]
            t.papers += 1
            if k in gold:
                t.counts[gold[k].cls] += 1
                t.names[gold[k].name] += 1
        for k, spelling in set(hits):
            (tallies[k].spellings if k in gold else tallies[k].wrong)[spelling] += 1
    return tallies


def surfaces(tallies: dict[str, Tally]) -> tuple[Surface, ...]:
    """The forms that are right in a tenth of the papers they stand in, sorted by key."""
    found = []
    for k, t in sorted(tallies.items()):
        right = sum(t.counts)
        if not right or right * 10 < t.papers or not any(c.isalpha() for c in k) or len(k) < 2:
            continue
        # Exact: the other spellings of the same letters are mostly something else.
        others = sum(n for s, n in t.wrong.items() if s not in t.spellings)
        exact = " " not in k and others > right and k not in t.spellings
        type_, kind = CLASSES[best_class(t.counts)]
        # Of spellings as frequent, the first by the alphabet: the order of a set is another in each process.
        surface = min(t.spellings, key=lambda s: (-t.spellings[s], s)) if t.spellings else k
        surface = " ".join(surface.split())
        papers = t.papers - others if exact else t.papers
        name = " ".join(t.names.most_common(1)[0][0].split())
        if type_ == "Task" or kind == "technique":
            surface = surface if exact or surface.isupper() else k_like(surface)
        if not surface.startswith("#"):  # the file would take it for a comment
            found.append(Surface(surface, name, exact, tuple(t.counts), max(papers, right)))
    return tuple(found)


def k_like(surface: str) -> str:
    """A phrase in lower case, acronyms kept."""
    return " ".join(w if sum(c.isupper() for c in w) > 1 else w.lower() for w in surface.split())
