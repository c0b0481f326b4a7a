"""A graph of all that ids, names and addresses should not be, for exports: none may be lost or break a file."""

from __future__ import annotations

from pathlib import Path

from kg import store
from kg.model import Edge, Evidence, Node

__all__ = ["EDGES", "LINKS", "NODES", "hostile_graph"]

LINKS = (
    "https://example.org/a b",
    "https://example.org/<script>|\"'`^{}\\[1]",
    "https://example.org/?q=a\\b|c",
    "https://Example.ORG:443/../x/./y//z",
    "https://example.org/100%zz%2f%E2%82",
    "https://例え.jp/é?ü#ß#2",
    "https://example.org/\N{RIGHT-TO-LEFT OVERRIDE}\N{TEST TUBE}\ufffd\ue000",
    "http://[::1]:8080/x",
    "http://10.0.0.1/",
    "https://user:secret@example.org/",
    "https://exa_mple.org/",
    "https://example.org:99999/",
    "https://example.org:/",
    "javascript:alert(1)",
    "ftp://example.org/x",
    "//example.org/x",
    "example.org",
    "https://",
    "https://[broken/",
    "https://-a.org/",
    "http://example.org/\nx",
    "mailto:a@example.org",
    "",
)
_TEXT = (
    "\"'<b>&amp;</b>]]> \\ \\u0041 a\tb\nc\rd\x00\x07\x1b[31m\x7f\x85\u2028\u2029\ufeff\ufffd\ufffe "
    "\N{TEST TUBE}é e\u0301"
)
_IDS = ("a b", "<x>", 'q"q', "back\\slash", "100%", "ünï/#?&=", "new\nline", "\N{TEST TUBE}", "dataset:cifar10", "")

NODES = (
    *(Node(key or "?", "Paper", {"title": key or "?", "abstract": _TEXT}) for key in _IDS),
    Node(
        "linked",
        "Paper",
        {
            "title": _TEXT,
            "abstract": "",
            "date": "2023-02-30",
            "url": LINKS[0],
            "authors": ("A | B", "C, D", ""),
            "identifiers": ("doi:10.1/a<b>|c", "other:1"),
            "links": LINKS,
            "link_kinds": ("page",) * len(LINKS),
        },
    ),
    Node("dated", "Paper", {"title": "t", "date": "2023"}),
    Node("dataset:cifar10", "Dataset", {"name": "CIFAR-10", "aliases": (), "papers": 0}),
    Node("dataset:=cmd|' /C calc'!A0", "Dataset", {"name": "=cmd|' /C calc'!A0", "url": "javascript:alert(1)"}),
    Node("method:x", "Method", {"name": "X\N{TEST TUBE}"}),
)
EDGES = (
    Edge(
        "USES",
        "linked",
        "Paper",
        "dataset:cifar10",
        "Dataset",
        {"score": 1e-05, "quotes": (_TEXT,)},
        (
            Evidence("title", 0, 3, _TEXT[:3], "a", 1e-05, 0, len(_TEXT)),
            Evidence("title", 0, 3, _TEXT[:3], "a", 1e-05, 0, len(_TEXT)),
        ),
    ),
    Edge("MENTIONS", "a b", "Paper", "method:x", "Method", {}, (Evidence("abstract", 1, 2, "'", "a", 1.0, 0, 2),)),
    Edge(
        "MENTIONS",
        "dataset:cifar10",
        "Paper",
        "dataset:cifar10",
        "Dataset",
        {},
        (Evidence("title", 0, 1, "d", "a", 1, 0, 1),),
    ),
    Edge("EVALUATED_ON", "method:x", "Method", "dataset:cifar10", "Dataset", {"papers": ("a b", "linked")}),
)


def hostile_graph(path: str | Path) -> store.Store:
    """Write the graph to `path` and open it."""
    return store.write(path, NODES, EDGES)
