"""Draws unlabelled abstracts for the teacher to label: python abstracts.py OUT.jsonl FILE.jsonl.gz=SHARE ...

With --count N it draws N; --gold GOLD.jsonl (as often as needed) names papers to leave out. Each FILE holds one paper a
line with id, title and abstract, and gives its SHARE (0 to 1) of the papers, e.g. arxiv.jsonl.gz=0.6 acl.jsonl.gz=0.4.
Papers whose title was drawn already are left out; so are abstracts under 300 or over 2,200 characters, and those that
are hardly English. Same input, same papers.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from pathlib import Path
from typing import Any

from spans import read_lines

SHORTEST, LONGEST = 300, 2200
_ENGLISH = frozenset(
    ("the", "of", "and", "in", "to", "a", "is", "for", "that", "with", "on", "we", "this", "are", "by")
)
_WORD = re.compile(r"[^\W\d_]+")


def title_key(title: str) -> str:
    return re.sub(r"[\W_]+", "", title.casefold())


def is_english(text: str) -> bool:
    """Whether at least one word in eight is one of fifteen common English ones."""
    words = _WORD.findall(text.lower())
    return sum(w in _ENGLISH for w in words) * 8 >= len(words) > 0


def draw(path: Path, count: int, seen: set[str], rng: random.Random) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        papers = [json.loads(line) for line in lines]
    rng.shuffle(papers)
    drawn: list[dict[str, Any]] = []
    for p in papers:
        title, abstract = (p.get("title") or "").strip(), (p.get("abstract") or "").strip()
        key = title_key(title)
        if len(drawn) == count:
            break
        if key and key not in seen and SHORTEST < len(abstract) < LONGEST and is_english(abstract):
            seen.add(key)
            drawn.append({"id": f"{path.name.split('.')[0]}:{p['id']}", "title": title, "abstract": abstract})
    return drawn


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("files", nargs="+", help="FILE.jsonl.gz=SHARE")
    parser.add_argument("--count", type=int, default=12000)
    parser.add_argument("--gold", type=Path, action="append", default=[], help="papers to leave out; may be repeated")
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    seen = {title_key(p["title"]) for gold in options.gold for p in read_lines(gold)}
    papers: list[dict[str, Any]] = []
    for item in options.files:
        name, _, share = item.partition("=")
        papers += draw(Path(name), round(options.count * float(share)), seen, rng)
    rng.shuffle(papers)
    with options.out.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(p, ensure_ascii=False) + "\n" for p in papers)
    print(f"{len(papers)} papers")


if __name__ == "__main__":
    main()
