"""Who may import whom: read from the source with ast, so that a wrong import fails with file and line."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

KG = Path(__file__).parent.parent / "kg"

# A module may import from its own layer and from those before it.
LAYERS = [
    ["errors", "model", "resources"],
    ["ids", "schema"],
    ["read", "extract", "resolve", "shards", "tables", "store", "output"],
    ["pipeline", "views", "neo4j"],
    ["query", "export", "draw", "evaluate", "train"],
    ["graph"],
    ["cli"],
]
# Within the third layer, rooms that know nothing of each other.
APART = {"read": {"extract", "resolve", "shards", "tables", "store"}, "extract": {"read", "shards", "tables", "store"}}
# A heavy package has one home; a name with a slash is one module.
HOMES = {
    "spacy": {"extract", "train"},
    "thinc": {"extract"},
    "ahocorasick_rs": {"extract", "train"},
    "onnxruntime": {"extract"},
    "tokenizers": {"extract"},
    "sklearn": {"train"},
    "scipy": {"train"},
    "threadpoolctl": {"extract", "train"},
    "duckdb": {"tables", "store"},
    "pyarrow": {"tables", "store", "shards"},
    "distributed": {"shards"},
    "ladybug": {"query"},
    "rapidfuzz": {"query"},
    "bibtexparser": {"read"},
    "rdflib": set(),  # reads what we write, in tests only
    "networkx": {"views", "export", "graph"},
    "pyvis": {"draw"},
    "jinja2": {"draw"},
    "neo4j": {"neo4j"},
    "typer": {"cli"},
    "rich": {"cli"},
}
RANK = {room: i for i, rooms in enumerate(LAYERS) for room in rooms}


def room_of(file: Path) -> str:
    first = file.relative_to(KG).parts[0]
    return first.removesuffix(".py")


def imports(file: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: a relative import; write it out"
            if node.module == "kg":
                yield from ((node.lineno, f"kg.{alias.name}") for alias in node.names)
            elif node.module:
                yield node.lineno, node.module


def test_every_import_points_down_and_heavy_packages_stay_home() -> None:
    wrong = []
    for file in sorted(KG.rglob("*.py")):
        room = room_of(file)
        if room in ("__init__", "__main__"):
            continue
        assert room in RANK, f"{file}: a room that has no layer yet; add it to LAYERS"
        for line, name in imports(file):
            top, _, rest = name.partition(".")
            target = rest.split(".")[0]
            if top == "kg" and target in RANK:
                if RANK[target] > RANK[room] or target in APART.get(room, set()):
                    wrong.append(f"{file}:{line}: {room} may not import {name}")
            elif top in HOMES and room not in HOMES[top]:
                wrong.append(f"{file}:{line}: {name} lives in {', '.join(sorted(HOMES[top]))}")
    assert not wrong, "\n".join(wrong)
