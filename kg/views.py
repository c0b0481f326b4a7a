"""Two views of a graph: the whole as a networkx graph, and what lies around a few nodes."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg import schema
from kg.model import Edge, Evidence, Node
from kg.store import Store

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["Neighbourhood", "Ref", "keys", "neighbourhood", "networkx"]

# A node's type and id: an id alone is unique only within its type.
Ref = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What lies around some nodes: `nodes` nearest first, and every edge between two of them.

    `left_out` counts the nodes that were found but did not fit. `complete` is False where `limit` stopped the search
    before the last hop, so that more may lie behind those counted.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: int
    complete: bool


def neighbourhood(store: Store, ids: Collection[Ref], *, hops: int = 1, limit: int = 200) -> Neighbourhood:
    """What lies within `hops` edges (either way) of the nodes `ids`, which come first; at most `limit` nodes.

    Nearest first; at the same distance the nodes with more edges to those already chosen, then those with the stronger
    edge (the schema lists edge types from strong to weak), then with the higher score, then by id. Ids that are not in
    the graph are passed over. Only the columns that decide are read of the whole graph. `hops` is 0 or more, `limit` 1
    or more.
    """
    if hops < 0 or limit < 1:
        raise ValueError(f"hops {hops} and limit {limit}: expected 0 or more, and 1 or more")
    centre = _present(store, ids)
    chosen = dict.fromkeys(centre[:limit])
    frontier = set(chosen)
    left_out, complete = len(centre) - len(chosen), True
    for hop in range(hops):
        found = _ranked(_around(store, frontier, set(chosen)))
        taken = found[: limit - len(chosen)]
        chosen.update(dict.fromkeys(taken))
        left_out += len(found) - len(taken)
        frontier = set(taken)
        if len(found) > len(taken):
            complete = hop == hops - 1
            break
        if not frontier:
            break
    refs = list(chosen)
    return Neighbourhood(_nodes(store, refs), _edges_among(store, set(refs)), left_out, complete)


def _present(store: Store, refs: Iterable[Ref]) -> list[Ref]:
    asked = list(dict.fromkeys(refs))
    there = {
        (name, row["id"]) for name, ids in _by_type(asked).items() for row in store.select(name, "id", ids, ["id"])
    }
    return [ref for ref in asked if ref in there]


def _by_type(refs: Iterable[Ref]) -> dict[str, list[str]]:
    ids: dict[str, list[str]] = {}
    for name, key in refs:
        ids.setdefault(name, []).append(key)
    return ids


def _touching(
    store: Store, edge_type: str, refs: Collection[Ref], columns: list[str] | None
) -> Iterator[dict[str, Any]]:
    """The rows of an edge type with an end among `refs`; a row with both ends among them comes twice."""
    ends = schema.load().edges[edge_type].pairs
    for end, side in (("subject", 0), ("object", 1)):
        types = {pair[side] for pair in ends}
        ids = {key for name, key in refs if name in types}
        for row in store.select(edge_type, end, ids, columns):
            if (row[f"{end}_type"], row[end]) in refs:
                yield row


def _around(store: Store, frontier: Collection[Ref], known: Collection[Ref]) -> dict[Ref, tuple[int, int, float]]:
    """Each node one edge away from the frontier and not yet known: number of edges, strongest type, highest score."""
    found: dict[Ref, tuple[int, int, float]] = {}
    for strength, edge_type in enumerate(schema.load().edges.values()):
        ends = ["subject", "subject_type", "object", "object_type"]
        scored = any(p.name == "score" for p in edge_type.properties)
        for row in _touching(store, edge_type.name, frontier, ends + ["score"] * scored):
            score = row.get("score") or 0.0
            for ref in ((row["subject_type"], row["subject"]), (row["object_type"], row["object"])):
                if ref not in known:
                    edges, strongest, highest = found.get(ref, (0, strength, 0.0))
                    found[ref] = (edges + 1, min(strongest, strength), max(highest, score))
    return found


def _ranked(found: Mapping[Ref, tuple[int, int, float]]) -> list[Ref]:
    return sorted(found, key=lambda ref: (-found[ref][0], found[ref][1], -found[ref][2], ref))


def _nodes(store: Store, refs: list[Ref]) -> tuple[Node, ...]:
    found: dict[Ref, Node] = {}
    for name, ids in _by_type(refs).items():
        for row in store.select(name, "id", ids):
            key = row.pop("id")
            found[(name, key)] = Node(key, name, _frozen(row))
    return tuple(found[ref] for ref in refs)


def _edges_among(store: Store, refs: set[Ref]) -> tuple[Edge, ...]:
    found = []
    for edge_type in schema.load().edges.values():
        subjects = {key for name, key in refs if name in {a for a, _ in edge_type.pairs}}
        for row in store.select(edge_type.name, "subject", subjects):
            ends = {k: row.pop(k) for k in ("subject", "subject_type", "object", "object_type")}
            if {(ends["subject_type"], ends["subject"]), (ends["object_type"], ends["object"])} <= refs:
                evidence = tuple(Evidence(**e) for e in row.pop("evidence", None) or ())
                found.append(Edge(edge_type.name, **ends, properties=_frozen(row), evidence=evidence))
    return tuple(found)


def _frozen(row: Mapping[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}


def keys(store: Store) -> Mapping[Ref, str]:
    """The nodes whose id another type uses too, and the key that tells each apart where one name space holds all nodes.

    Empty as a rule: the ids that kg makes never meet. But a paper's id is what the input says, and may be anything,
    also ``dataset:cifar10``: then the keys are ``Paper:dataset:cifar10`` and ``Dataset:dataset:cifar10``. The key of
    every node that is not listed is its id.
    """
    types = list(schema.load().nodes)
    clashes: list[Ref] = []
    last: Ref | None = None
    for key, name in heapq.merge(*(_ids(store, name) for name in types)):
        if last is not None and last[1] == key:
            clashes.extend(ref for ref in (last, (name, key)) if ref not in clashes[-1:])
        last = (name, key)
    made: dict[Ref, str] = {}
    for name, key in clashes:
        new = f"{name}:{key}"
        while new in made.values() or any(True for other in types for _ in store.select(other, "id", [new], ["id"])):
            new = f"{name}:{new}"
        made[(name, key)] = new
    return made


def _ids(store: Store, name: str) -> Iterator[tuple[str, str]]:
    return ((row["id"], name) for row in store.rows(name, ["id"]))


def networkx(store: Store) -> nx.MultiDiGraph[str]:
    """The whole graph, in memory: node key is the id, edge key the type; properties and `type` are the attributes.

    A property that is not known is left out. Nodes of two types with one id get keys of their own (see `keys`)
    and keep the id in the attribute `id`. Evidence stays in the graph folder; `quotes` has its sentences.
    """
    import networkx as nx

    known = schema.load()
    apart = keys(store)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for name in known.nodes:
        for node in store.nodes(name):
            graph.add_node(apart.get((name, node.id), node.id), type=name, id=node.id, **_given(node.properties))
    for name, edge_type in known.edges.items():
        columns = ["subject", "subject_type", "object", "object_type", *(p.name for p in edge_type.properties)]
        for row in store.rows(name, columns):
            ends = [(row.pop(f"{end}_type"), row.pop(end)) for end in ("subject", "object")]
            subject, object_ = (apart.get(ref, ref[1]) for ref in ends)
            graph.add_edge(subject, object_, key=name, type=name, **_given(_frozen(row)))
    return graph


def _given(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in properties.items() if v is not None}
