"""Nodes: a view for each node type, with the columns of the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg import schema
from kg.resolve import REPOSITORY

if TYPE_CHECKING:
    import duckdb

__all__ = ["node_views"]


def node_views(c: duckdb.DuckDBPyConnection) -> None:
    """The views node_TYPE, from the tables of merge, names and edges."""
    c.execute(
        """CREATE VIEW node_Paper AS SELECT p.*, code, links, link_kinds
           FROM paper p JOIN (
             SELECT place AS text_place, code, coalesce(links, []) AS links, coalesce(link_kinds, []) AS link_kinds
             FROM part) USING (text_place)"""
    )
    c.execute(
        """CREATE TABLE uses AS
           SELECT object AS id, object_type AS type, count(*) AS papers FROM mentioned GROUP BY ALL"""
    )
    for name in schema.load().entity_types:
        c.execute(
            f"""CREATE VIEW node_{name} AS
                SELECT e.id, name, coalesce(aliases, []) AS aliases, coalesce(papers, 0) AS papers, url, kind
                FROM entity e LEFT JOIN aliases USING (id)
                LEFT JOIN (SELECT * FROM uses WHERE type = '{name}') USING (id)
                WHERE e.type = '{name}' AND present"""
        )
    c.execute(
        f"""CREATE VIEW node_{REPOSITORY} AS
            SELECT id, array_to_string(parts[2:], '/') AS name, url, parts[1] AS host, papers
            FROM (SELECT id, string_split(regexp_replace(url, '^https?://', ''), '/') AS parts, url, papers FROM (
                    SELECT id, min(struct_pack(a := -n, url := url)).url AS url FROM (
                      SELECT id, name AS url, sum(n)::BIGINT AS n FROM said
                      WHERE type = '{REPOSITORY}' GROUP BY ALL) GROUP BY id)
                  JOIN uses USING (id))"""
    )
