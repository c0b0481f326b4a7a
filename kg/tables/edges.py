"""Edges: from mentions, from names, and those that follow from the papers of others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from kg import schema
from kg.ids import entity_id
from kg.resolve import bases
from kg.tables.connect import in_buckets, one

if TYPE_CHECKING:
    import duckdb

__all__ = ["entity_edges", "mention_edges", "variant_edges"]

# Strongest first: of several mentions of one entity the strongest role is the paper's.
_ROLES = "['introduces', 'uses', 'compares', 'mentions']"


def mention_edges(c: duckdb.DuckDBPyConnection, parts: Iterable[str], stepped: Callable[[], None]) -> None:
    """The table mentioned(type, subject, object, object_type, ...): one row for each paper and entity.

    An edge rests on the mentions that have its role. `parts` are readers of some shards each: lists of evidence cannot
    be spilt, so that only so many are gathered at a time.
    """
    once = "list_filter({0}, lambda v, i: list_position({0}, v) = i)"
    head = "CREATE TABLE mentioned AS"
    for part in parts:
        c.execute(
            f"""{head}
                WITH found AS (
                  SELECT place, m, position, entity,
                         coalesce(list_position({_ROLES}, m.role), len({_ROLES})) AS rank
                  FROM (SELECT place, unnest(mentions) AS m, generate_subscripts(mentions, 1) AS position FROM {part})
                  SEMI JOIN best USING (place) JOIN final ON final.id = m.id),
                strongest AS (SELECT *, min(rank) OVER (PARTITION BY place, entity) AS top FROM found),
                gathered AS (
                  SELECT place, entity, m.type AS object_type, any_value(rank) AS rank, max(m.score) AS score,
                    list(m.quote ORDER BY position) AS quotes, list(m.field ORDER BY position) AS fields,
                    list_sort(list_distinct(list(m.source))) AS sources,
                    list(struct_pack(field := m.field, "start" := m.start, "end" := m.end, text := m.text,
                      source := m.source, score := m.score, sentence_start := m.sentence_start,
                      sentence_end := m.sentence_end)
                      ORDER BY position) AS evidence
                  FROM strongest WHERE rank = top GROUP BY place, entity, m.type)
                SELECT {_edge_type()} AS type, paper AS subject, 'Paper' AS subject_type, entity AS object, object_type,
                  score, {once.format("quotes")} AS quotes, {once.format("fields")} AS fields, sources, evidence
                FROM gathered JOIN best USING (place)"""
        )
        head = "INSERT INTO mentioned"
        stepped()
    for name, edge in schema.load().edges.items():
        if edge.rests_on == "mentions":
            c.execute(f"CREATE VIEW edge_{name} AS SELECT * EXCLUDE (type) FROM mentioned WHERE type = '{name}'")


def _edge_type() -> str:
    """SQL for the edge type from a paper to an `object_type`: the only one, or the one named like the role."""
    cases = []
    known = schema.load()
    for target in known.nodes:
        names = [e.name for e in known.edges.values() if ("Paper", target) in e.pairs]
        if len(names) == 1:
            cases.append(f"WHEN '{target}' THEN '{names[0]}'")
        elif names:
            cases.append(f"WHEN '{target}' THEN upper({_ROLES}[rank])")
    return f"CASE object_type {' '.join(cases)} END"


def variant_edges(c: duckdb.DuckDBPyConnection) -> None:
    """The view edge_VARIANT_OF. A base that no paper names becomes present where the lexicon knows it."""
    allowed = [pair[0] for pair in schema.load().edges["VARIANT_OF"].pairs]
    c.execute("CREATE TABLE candidate (id VARCHAR, type VARCHAR, own VARCHAR, nearness INTEGER)")
    rows = c.cursor().execute("SELECT id, type, name FROM entity")
    for batch in iter(lambda: rows.fetchmany(10_000), []):
        _insert_candidates(c, [row for row in batch if row[1] in allowed])
    c.execute(
        """CREATE TABLE variant AS
           WITH by_name AS (
             SELECT v.id, v.type, min(struct_pack(nearness := nearness, base := e.id)).base AS base
             FROM candidate v LEFT JOIN same ON same.id = v.own
             JOIN entity e ON e.root = coalesce(same.root, v.own) AND e.type = v.type AND e.id <> v.id GROUP BY ALL),
           by_lexicon AS (
             SELECT e.id, e.type, min(b.id) AS base FROM entity e JOIN lexicon l USING (root)
             JOIN entity b ON b.root = l.base WHERE b.id <> e.id GROUP BY ALL)
           SELECT coalesce(l.id, n.id) AS id, coalesce(l.type, n.type) AS type, coalesce(l.base, n.base) AS base,
                  CASE WHEN l.id IS NULL THEN ['name'] WHEN n.base = l.base THEN ['lexicon', 'name']
                       ELSE ['lexicon'] END AS sources
           FROM by_lexicon l FULL JOIN by_name n ON n.id = l.id"""
    )
    missing = """SELECT DISTINCT base FROM variant JOIN entity child ON child.id = variant.id AND child.present
                 JOIN entity b ON b.id = base AND NOT b.present"""
    while one(c, f"SELECT count(*) FROM ({missing})"):
        c.execute(f"UPDATE entity SET present = true WHERE id IN ({missing})")
    c.execute(
        """CREATE VIEW edge_VARIANT_OF AS SELECT variant.id AS subject, variant.type AS subject_type, base AS object,
             variant.type AS object_type, sources FROM variant JOIN entity ON entity.id = variant.id AND present"""
    )


def _insert_candidates(c: duckdb.DuckDBPyConnection, rows: Iterable[tuple[str, str, str]]) -> None:
    import pyarrow as pa

    found = list(chain.from_iterable(_candidates(*row) for row in rows))
    if found:
        columns = zip(("id", "type", "own", "nearness"), zip(*found, strict=True), strict=True)
        c.register("given", pa.table({name: pa.array(values) for name, values in columns}))
        c.execute("INSERT INTO candidate SELECT * FROM given")
        c.unregister("given")


def _candidates(key: str, type_name: str, name: str) -> Iterator[tuple[str, str, str, int]]:
    for nearness, base in enumerate(bases(name)):
        yield key, type_name, entity_id(type_name, base), nearness


def entity_edges(c: duckdb.DuckDBPyConnection) -> None:
    """The tables edge_EVALUATED_ON and edge_IMPLEMENTS, with the papers each edge rests on."""
    introduced = "(SELECT * FROM mentioned WHERE type = 'INTRODUCES' AND object_type = 'Method')"
    data = "(SELECT * FROM mentioned WHERE type IN ('USES', 'INTRODUCES') AND object_type = 'Dataset')"
    code = "(SELECT * FROM mentioned WHERE type = 'HAS_CODE')"
    for name, a, b in (("EVALUATED_ON", introduced, data), ("IMPLEMENTS", code, introduced)):
        c.execute(
            f"""CREATE TABLE both_{name} AS
                SELECT a.object AS subject, a.object_type AS subject_type, b.object, b.object_type, subject AS paper,
                       least(a.score, b.score) AS score
                FROM {a} a JOIN {b} b USING (subject)"""
        )
        in_buckets(
            c,
            f"edge_{name}",
            f"both_{name}",
            "(subject, object)",
            """SELECT subject, subject_type, object, object_type,
                 list(paper ORDER BY paper) AS papers, max(score) AS score
               FROM {source} GROUP BY subject, subject_type, object, object_type""",
        )
