"""From the names in all papers to entities: the table `entity`, and `final`, which leads there from a mention's id.

said      one row for each way a paper names something
spelled   the short and long forms of each paper
same      what resolve.unite() joined: id, root
spelling  every spelling of a root, how many papers name it so, and how many have those words
entity    root, type, id, name, url, kind, present: the graph's entities and, not present, the lexicon's others
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kg.ids import entity_id
from kg.resolve import REPOSITORY, Entry, Known, Vote, known, unite
from kg.tables.connect import in_buckets

if TYPE_CHECKING:
    import duckdb

__all__ = ["name_entities"]

_CLEAN = "trim(regexp_replace({0}, '\\s+', ' ', 'g'))"


def name_entities(c: duckdb.DuckDBPyConnection, entries: Iterable[Entry]) -> None:
    """Make the tables above from the views `part` and `best`."""
    lexicon = known(entries)
    _said(c)
    roots = unite(_votes(c), lexicon)
    _lexicon(c, lexicon, roots)
    _same(c, roots)
    _spelling(c)
    _entity(c)


def _said(c: duckdb.DuckDBPyConnection) -> None:
    c.execute(
        f"""CREATE TABLE said AS
            SELECT place, m.id, m.name_id, m.text_id, m.type, {_CLEAN.format("m.name")} AS name,
                   {_CLEAN.format("m.text")} AS text, m.kind, count(*) AS n
            FROM (SELECT place, unnest(mentions) AS m FROM part SEMI JOIN best USING (place)) GROUP BY ALL"""
    )
    c.execute(
        f"""CREATE TABLE spelled AS
            SELECT place, p.type, p.short_id, p.long_id,
                   {_CLEAN.format("p.short")} AS short, {_CLEAN.format("p.long")} AS long
            FROM (SELECT place, unnest(pairs) AS p FROM part SEMI JOIN best USING (place))"""
    )


def _lexicon(c: duckdb.DuckDBPyConnection, lexicon: Known, roots: dict[str, str]) -> None:
    import pyarrow as pa

    entries = list(lexicon.entries.items())
    columns = {
        "id": [key for key, _ in entries],
        "root": [roots.get(key, key) for key, _ in entries],
        **{name: [getattr(e, name) for _, e in entries] for name in ("type", "name", "url", "kind")},
        "base": [None if (base := _base(e, lexicon)) is None else roots.get(base, base) for _, e in entries],
    }
    _insert(c, "lexicon", pa.table({k: pa.array(v, pa.string()) for k, v in columns.items()}))
    aliases = [(key, alias) for key, e in entries for alias in e.aliases]
    table = {"root": [roots.get(key, key) for key, _ in aliases], "alias": [alias for _, alias in aliases]}
    _insert(c, "listed", pa.table({k: pa.array(v, pa.string()) for k, v in table.items()}))


def _base(entry: Entry, lexicon: Known) -> str | None:
    if entry.variant_of is None:
        return None
    return lexicon.spellings.get(entity_id(entry.type, entry.variant_of))


def _insert(c: duckdb.DuckDBPyConnection, name: str, table: object) -> None:
    c.register("given", table)
    c.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
    c.unregister("given")


def _votes(c: duckdb.DuckDBPyConnection) -> Iterator[Vote]:
    """What papers say of names: by spelling out a short form, and by calling words by a name of other spelling."""
    spelled, called = (
        """SELECT short_id, long_id, count(*), sum(count(*)) OVER (PARTITION BY short_id) FROM spelled
           GROUP BY short_id, long_id""",
        f"""SELECT text_id, id, papers, total FROM (
              SELECT text_id, id, count(*) AS papers, sum(count(*)) OVER (PARTITION BY text_id) AS total
              FROM (SELECT DISTINCT place, text_id, id FROM said WHERE type <> '{REPOSITORY}' AND text_id IS NOT NULL)
              GROUP BY text_id, id)
            ANTI JOIN (SELECT short_id AS text_id FROM spelled) USING (text_id) WHERE text_id <> id""",
    )
    for query in (spelled, called):
        cursor = c.execute(query)
        while rows := cursor.fetchmany(10_000):
            yield from (Vote(a, b, papers, int(total), query is spelled) for a, b, papers, total in rows)


def _same(c: duckdb.DuckDBPyConnection, roots: dict[str, str]) -> None:
    import pyarrow as pa

    table = {"id": pa.array(roots.keys(), pa.string()), "root": pa.array(roots.values(), pa.string())}
    _insert(c, "same", pa.table(table))


def _spelling(c: duckdb.DuckDBPyConnection) -> None:
    """A spelling belongs to a root if its own id does, or if a paper spells one out as the other."""
    c.execute(
        f"""CREATE TABLE spelling AS
            WITH used AS (
              SELECT place, type, id, name AS spelling, name_id AS own, true AS named, false AS paired FROM said
              UNION ALL SELECT place, type, id, text, text_id, false, false FROM said WHERE text_id IS NOT NULL
              UNION ALL SELECT place, type, long_id, short, short_id, false, true FROM spelled
              UNION ALL SELECT place, type, long_id, long, long_id, false, true FROM spelled),
            counted AS (
              SELECT id, type, spelling, own, count(*) FILTER (named) AS named, count(*) AS worded,
                     bool_or(paired) AS paired
              FROM (SELECT DISTINCT * FROM used WHERE type <> '{REPOSITORY}') GROUP BY ALL)
            SELECT coalesce(a.root, c.id) AS root, type, spelling, own, coalesce(b.root, own) AS own_root,
                   sum(named)::BIGINT AS named, sum(worded)::BIGINT AS worded, bool_or(paired) AS paired
            FROM counted c LEFT JOIN same a ON a.id = c.id LEFT JOIN same b ON b.id = own GROUP BY ALL"""
    )


def _entity(c: duckdb.DuckDBPyConnection) -> None:
    c.execute(
        f"""CREATE TABLE met AS SELECT DISTINCT s.id, type, coalesce(root, s.id) AS root
            FROM said s LEFT JOIN same ON same.id = s.id WHERE type <> '{REPOSITORY}'"""
    )
    c.execute(
        f"""CREATE TABLE entity AS
            WITH chosen AS (
              SELECT p.root, p.type, min(struct_pack(
                       listed := l.id IS NULL, a := -named, b := -worded, c := length(spelling), d := spelling,
                       own := own)) AS s
              FROM (SELECT root, type, spelling, own, named, worded FROM spelling WHERE own_root = root
                    UNION ALL SELECT root, type, name, id, 0, 0 FROM lexicon) p
              LEFT JOIN lexicon l ON l.id = own SEMI JOIN met ON met.root = p.root GROUP BY ALL),
            kinds AS (
              SELECT root, min(struct_pack(a := -n, kind := kind)).kind AS kind
              FROM (SELECT root, kind, sum(n)::BIGINT AS n FROM said JOIN met USING (id)
                    WHERE kind IS NOT NULL AND said.type <> '{REPOSITORY}' GROUP BY ALL)
              GROUP BY root)
            SELECT k.root, k.type, s.own AS id, coalesce(l.name, s.d) AS name, url,
                   coalesce(l.kind, kinds.kind) AS kind, true AS present
            FROM chosen k LEFT JOIN lexicon l ON l.id = s.own LEFT JOIN kinds ON kinds.root = k.root
            UNION ALL
            SELECT root, type, id, name, url, kind, false FROM lexicon l ANTI JOIN met USING (root)
            QUALIFY row_number() OVER (PARTITION BY root ORDER BY id) = 1"""
    )
    c.execute(
        f"""CREATE TABLE final AS
            SELECT met.id, e.id AS entity FROM met JOIN entity e USING (root)
            UNION ALL SELECT DISTINCT id, id FROM said WHERE type = '{REPOSITORY}'"""
    )
    c.execute(
        """CREATE TABLE alias AS
           SELECT DISTINCT e.id, spelling AS alias FROM entity e JOIN (
             SELECT root, spelling FROM spelling WHERE own_root = root OR paired
             UNION ALL SELECT root, alias FROM listed) USING (root)
           WHERE spelling <> name AND spelling <> ''"""
    )
    in_buckets(
        c, "aliases", "alias", "id", "SELECT id, list(alias ORDER BY alias) AS aliases FROM {source} GROUP BY id"
    )
