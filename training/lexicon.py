"""Makes the lists of the lexicon from collected names: python training/lexicon.py GOLD NAMES

GOLD is a file in the gold format (docs/extraction.md), NAMES a folder with datasets.tsv, methods.tsv and tasks.tsv.
Writes catalogues.tsv and papers_with_code.tsv into kg/extract/lexicon. No description is copied.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from kg.extract.lexicon import COLUMNS, FOLDER
from kg.train.gold import key, read_gold
from kg.train.lexicon import Tally, tally

# Lists that are run names, not names: their rows alone prove nothing.
RUN_NAMES = {"timm_model_ids", "pwc_sota_extractor", "acl_pwcdataset", "ai_glossary"}
PAPERS_WITH_CODE = ("pwc_", "acl_pwcdataset")


def distinctive(name: str) -> bool:
    """A capital or a digit inside a word: no ordinary word looks so."""
    return any(c.isupper() or c.isdigit() for w in name.split() for c in w[1:])


def listed_rows(path: Path, type_: str, tallies: dict[str, Tally]) -> dict[str, list[list[str]]]:
    """Rows of one list that pass the rules, by the file they go to."""
    rows: dict[str, list[list[str]]] = {"catalogues": [], "papers_with_code": []}
    with path.open(encoding="utf-8") as file:
        for r in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            sources = set(r["sources"].split(","))
            if not keep(r, type_, sources, tallies):
                continue
            target = "papers_with_code" if all(s.startswith(PAPERS_WITH_CODE) for s in sources) else "catalogues"
            spellings = {
                s for s in r["other_spellings"].split(" | ") if distinctive(s) and s.lower() != r["name"].lower()
            }
            kind = "named" if type_ == "Method" else ""
            exact = " " not in r["name"] and int(r["df_exact_case"]) * 10 < int(r["df_any_case"]) * 9
            rows[target].append([r["name"], type_, kind, "|".join(sorted(spellings)), "", "", str(int(exact))])
    return rows


def keep(r: dict[str, str], type_: str, sources: set[str], tallies: dict[str, Tally]) -> bool:
    """The rules: seen in abstracts, distinctive, not mostly another word, not run names only, not refuted by gold."""
    name, exact, any_case = r["name"], int(r["df_exact_case"]), int(r["df_any_case"])
    if exact < 1 or len(name) < 3 or len(name) > 60 or "|" in name or sources <= RUN_NAMES:
        return False
    if type_ != "Task" and not (distinctive(name) or (" " in name and name.istitle())):
        return False
    if type_ == "Task" and (" " not in name or any_case < 5):
        return False
    if any_case > 20 and exact * 2 < any_case and type_ != "Task":
        return False
    t = tallies.get(key(name))
    return t is None or t.papers < 2 or sum(t.counts) * 2 >= t.papers


def write(name: str, head: str, columns: list[str], rows: list[list[str]]) -> None:
    lines = [*head.splitlines(), "\t".join(columns), *("\t".join(r) for r in rows)]
    (FOLDER / name).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(name, len(rows))


def main(gold: Path, names: Path) -> None:
    papers = read_gold(gold)
    lists = {"Dataset": "datasets.tsv", "Method": "methods.tsv", "Task": "tasks.tsv"}
    extra = set()
    for file in lists.values():
        for line in (names / file).read_text(encoding="utf-8").splitlines()[1:]:
            cells = line.split("\t")
            if len(cells) > 4 and cells[4].isdigit() and int(cells[4]) and len(key(cells[1])) > 2:
                extra.add(key(cells[1]))
    tallies = tally(papers, extra)
    merged: dict[str, list[list[str]]] = {"catalogues": [], "papers_with_code": []}
    for type_, file in lists.items():
        for target, found in listed_rows(names / file, type_, tallies).items():
            merged[target] += found
    licences = {
        "catalogues": "# Names from catalogues and documentation: see README.md. Apache-2.0 and MIT.",
        "papers_with_code": "# Names from Papers with Code, 2021-2025. CC BY-SA 4.0: see README.md.",
    }
    for target, head in licences.items():
        write(f"{target}.tsv", head, COLUMNS, sorted(merged[target]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
