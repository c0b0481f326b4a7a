"""What the page says, as plain data: the network as pyvis gives it, and what a click on a node or an edge shows.

All of it is text. Nothing here is markup, and the page puts it in place as text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from kg import schema
from kg.model import Edge, Evidence, Node
from kg.store import Store
from kg.views import Neighbourhood, Ref

__all__ = ["content", "marked", "web_link"]

# Okabe and Ito's palette (2008, "Color Universal Design"), told apart with any colour vision; a shape each as well.
# In the schema's order of node types; vis-network's names for shapes.
_LOOKS = (
    ("dot", "#0072B2"),
    ("diamond", "#E69F00"),
    ("square", "#009E73"),
    ("triangle", "#CC79A7"),
    ("star", "#56B4E9"),
)
_LABEL = 32  # characters of a label on the picture; the panel has all of it
_PAPERS = 12  # papers listed for an edge that rests on papers


def content(store: Store, centre: Sequence[Ref], found: Neighbourhood, *, hops: int) -> dict[str, Any]:
    """Everything that the page's script needs, ready for JSON: the nodes and edges are numbered from 0."""
    known = schema.load()
    numbers = {(n.type, n.id): i for i, n in enumerate(found.nodes)}
    titles = _titles(store, found)
    net = _network(found, numbers, set(centre))
    looks = dict(zip(known.nodes, _LOOKS, strict=True))
    return {
        "title": ", ".join(_name(n) for n in found.nodes if (n.type, n.id) in set(centre)) or "Nothing to show",
        "subtitle": _subtitle(found, hops),
        "nodeTypes": [
            {"name": t.name, "about": t.description, "shape": looks[t.name][0], "color": looks[t.name][1]}
            for t in known.nodes.values()
        ],
        "edgeTypes": [{"name": t.name, "about": t.description} for t in known.edges.values()],
        "nodes": net.nodes,
        "edges": net.edges,
        "nodeDetails": [_node_details(n) for n in found.nodes],
        "edgeDetails": [_edge_details(e, found.nodes[numbers[e.subject_type, e.subject]], titles) for e in found.edges],
    }


def _subtitle(found: Neighbourhood, hops: int) -> str:
    within = f"{_count(len(found.nodes), 'node')} and {_count(len(found.edges), 'edge')} within {_count(hops, 'hop')}"
    if not found.left_out:
        return within
    more = "" if found.complete else " at least"
    return f"{within}; the nearest and best supported are shown,{more} {found.left_out:,} more left out"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + "s" * (number != 1)


def _network(found: Neighbourhood, numbers: Mapping[Ref, int], centre: set[Ref]) -> Any:
    """The network in pyvis, node by node: its from_nx is quadratic, and its own pages are not used at all."""
    from pyvis.network import Network

    looks = dict(zip(schema.load().nodes, _LOOKS, strict=True))
    degree = [0] * len(numbers)
    for e in found.edges:
        for ref in {(e.subject_type, e.subject), (e.object_type, e.object)}:
            degree[numbers[ref]] += 1
    net = Network(directed=True)
    for ref, number in numbers.items():
        shape, color = looks[ref[0]]
        size = 20 if ref in centre else 9 + min(9, degree[number])
        net.add_node(number, label=_label(_name(found.nodes[number])), shape=shape, color=color, size=size, type=ref[0])
    together: dict[tuple[int, int], int] = {}
    for number, e in enumerate(found.edges):
        ends = numbers[e.subject_type, e.subject], numbers[e.object_type, e.object]
        nth = together[ends] = together.get(ends, -1) + 1
        # Edges that join the same two nodes are bent apart, else only the last one could be seen and clicked.
        bend = {"enabled": True, "type": "curvedCW", "roundness": 0.12 * nth} if nth else False
        net.add_edge(*ends, id=number, type=e.type, smooth=bend)
    return net


def _name(node: Node) -> str:
    properties = node.properties
    return str(properties.get("name") or properties.get("title") or node.id)


def _label(name: str) -> str:
    """One line, no control characters, cut at a word where it is long."""
    line = " ".join("".join(c if unicodedata.category(c) != "Cc" else " " for c in name).split()) or "?"
    if len(line) <= _LABEL:
        return line
    cut = line[: _LABEL - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[_LABEL // 2 :] else cut) + "…"


def _node_details(node: Node) -> dict[str, Any]:
    p = node.properties
    kinds: Any = p.get("link_kinds") or ()
    links: Any = p.get("links") or ()
    urls = [*([(p["url"], "")] if p.get("url") else []), *zip(links, kinds, strict=False)]
    return {
        "type": node.type,
        "name": _name(node),
        "aliases": list(p.get("aliases") or ()),  # type: ignore[arg-type]
        "facts": _facts(node),
        "abstract": p.get("abstract") or "",
        "links": [{"text": url, "kind": kind, "href": web_link(url)} for url, kind in dict.fromkeys(urls)],
    }


def _facts(node: Node) -> list[list[str]]:
    """What is known of a node in a word or two, each with its name."""
    p = node.properties
    authors: Any = p.get("authors") or ()
    listed = ", ".join(authors[:8]) + (f" and {len(authors) - 8} more" if len(authors) > 8 else "")
    facts = {
        "date": p.get("date") or p.get("year"),
        "authors": listed or p.get("author_count"),
        "categories": ", ".join(p.get("categories") or ()),  # type: ignore[arg-type]
        "kind": p.get("kind"),
        "host": p.get("host"),
        "papers": p.get("papers"),
        "code": p.get("code") if p.get("code") != "none" else None,
        "id": node.id,
    }
    return [[name, str(value)] for name, value in facts.items() if value not in (None, "")]


def web_link(url: str) -> str | None:
    """`url` where it is a plain http or https address that a page may link to; None where it is anything else.

    >>> web_link("https://github.com/megvii-research/RevCol"), web_link("javascript:alert(1)")
    ('https://github.com/megvii-research/RevCol', None)
    """
    if re.search(r"[\s\x00-\x20\x7f<>\"\\^`{|}]", url):
        return None
    try:
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def _titles(store: Store, found: Neighbourhood) -> dict[str, dict[str, Any]]:
    """The papers that edges rest on: id to title and address, each edge's first few."""
    papers = {key for e in found.edges for key in _rests_on(e)[:_PAPERS]}
    return {row["id"]: row for row in store.select("Paper", "id", papers, ["id", "title", "url"])}


def _rests_on(edge: Edge) -> Sequence[str]:
    papers = edge.properties.get("papers")
    return papers if isinstance(papers, tuple) else ()


def _edge_details(edge: Edge, subject: Node, titles: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    sources: Any = edge.properties.get("sources") or ()
    papers = [titles[key] for key in _rests_on(edge)[:_PAPERS] if key in titles]
    return {
        "score": edge.properties.get("score"),
        "sources": list(sources),
        "sentences": [
            {"field": where, "parts": marked(str(subject.properties.get(where) or ""), start, end, spans)}
            for (where, start, end), spans in _sentences(edge.evidence).items()
        ],
        "papers": [{"text": row["title"], "href": web_link(row["url"] or "")} for row in papers],
        "more": len(_rests_on(edge)) - len(papers),
    }


def _sentences(evidence: Iterable[Evidence]) -> dict[tuple[str, int, int], list[tuple[int, int]]]:
    found: dict[tuple[str, int, int], list[tuple[int, int]]] = {}
    for e in evidence:
        found.setdefault((e.field, e.sentence_start, e.sentence_end), []).append((e.start, e.end))
    return found


def marked(text: str, start: int, end: int, spans: Iterable[tuple[int, int]]) -> list[list[Any]]:
    """``text[start:end]`` in pieces, each with 1 where it lies in one of `spans`, else 0. Offsets are code points.

    Cut here and not in the page, whose strings count UTF-16 units.

    >>> marked("We use CIFAR-10 here.", 0, 21, [(7, 15)])
    [['We use ', 0], ['CIFAR-10', 1], [' here.', 0]]
    """
    inside = [(max(a, start), min(b, end)) for a, b in spans if a < end and b > start]
    places = sorted({start, end, *(place for span in inside for place in span)})
    parts: list[list[Any]] = []
    for a, b in pairwise(places):
        mark = int(any(first <= a and b <= last for first, last in inside))
        if parts and parts[-1][1] == mark:
            parts[-1][0] += text[a:b]
        else:
            parts.append([text[a:b], mark])
    return parts
