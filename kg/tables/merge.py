"""One paper from several copies of it.

1. Copies that share an identifier are one paper; so are copies without any that share the title key.
2. Of the groups so made, those of one title key join the first of them, each unless an earlier one has an identifier of
   the same scheme: then its values differ, for else step 1 had joined them.
3. Where groups that step 2 joined over several titles hold two values of one scheme after all, it joins none of them.

Joining is transitive: the connected components, by handing on the smallest place until nothing changes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from kg.model import Paper
from kg.tables.connect import connect, in_buckets, one, reader
from kg.tables.papers import FIELDS, papers_of, to_arrow

if TYPE_CHECKING:
    import duckdb

__all__ = ["merge", "merge_papers"]

_MASK = "CASE split_part({0}, ':', 1) WHEN 'arxiv' THEN 1 WHEN 'doi' THEN 2 WHEN 'acl' THEN 4 ELSE 8 END"


def merge(c: duckdb.DuckDBPyConnection, papers: str) -> None:
    """From the rows of `papers` (columns of papers.to_arrow) make the view `paper`, one row a paper.

    Its columns: those of Paper, `place` of the first copy and `text_place` of the copy whose title and abstract it has.
    """
    c.execute(f"CREATE VIEW copy AS SELECT * FROM {papers}")
    c.execute("CREATE TABLE stub AS SELECT place, title_key, identifiers FROM copy")
    c.execute(
        """CREATE TABLE name AS SELECT DISTINCT place AS item, k FROM (
             SELECT place, unnest(identifiers) AS k FROM stub
             UNION ALL SELECT place, 'title:' || title_key FROM stub WHERE len(identifiers) = 0)"""
    )
    _components(c, "name", "alike")
    c.execute(
        "CREATE TABLE member AS SELECT place, coalesce(root, place) AS g FROM stub LEFT JOIN alike ON item = place"
    )
    _title_links(c)
    _components(c, "title", "joined")
    c.execute(
        f"""CREATE TABLE torn AS SELECT DISTINCT root FROM (
              SELECT root, scheme FROM joined JOIN (
                SELECT DISTINCT g, {_MASK.format("i")} AS scheme
                FROM (SELECT place, unnest(identifiers) AS i FROM stub) JOIN member USING (place)) ON g = item
              GROUP BY root, scheme HAVING count(*) > 1)"""
    )
    c.execute(
        """CREATE TABLE home AS SELECT place, coalesce(root, g) AS root FROM member
           LEFT JOIN (FROM joined ANTI JOIN torn USING (root)) ON item = g"""
    )
    c.execute("CREATE TABLE several AS SELECT root FROM home GROUP BY root HAVING count(*) > 1")
    c.execute("CREATE TABLE grouped AS SELECT place, root FROM home SEMI JOIN several USING (root)")
    _paper(c)


def _title_links(c: duckdb.DuckDBPyConnection) -> None:
    """The table title(item, k): the groups that may be joined by a title, step 2."""
    c.execute(
        f"""CREATE TABLE mask AS SELECT g, bit_or({_MASK.format("i")}) AS mask
            FROM (SELECT place, unnest(identifiers) AS i FROM stub) JOIN member USING (place) GROUP BY g"""
    )
    c.execute("CREATE TABLE titled AS SELECT DISTINCT title_key, g FROM stub JOIN member USING (place)")
    c.execute("CREATE TABLE crowded AS SELECT title_key FROM titled GROUP BY title_key HAVING count(*) > 1")
    c.execute(
        """CREATE TABLE title AS SELECT g AS item, title_key AS k FROM (
             SELECT g, title_key, mask, bit_or(mask) OVER (PARTITION BY title_key ORDER BY g
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earlier
             FROM (SELECT g, title_key, coalesce(mask, 0) AS mask
                   FROM titled SEMI JOIN crowded USING (title_key) LEFT JOIN mask USING (g)))
           WHERE mask & coalesce(earlier, 0) = 0"""
    )


def _components(c: duckdb.DuckDBPyConnection, links: str, result: str) -> None:
    """The table `result`(item, root): for items of `links`(item, k) that share a key, the smallest they are tied to."""
    c.execute(f"CREATE OR REPLACE TEMP TABLE busy AS SELECT k FROM {links} GROUP BY k HAVING count(*) > 1")
    c.execute(f"CREATE OR REPLACE TEMP TABLE tie AS SELECT item, k FROM {links} SEMI JOIN busy USING (k)")
    c.execute(f"CREATE TABLE {result} AS SELECT DISTINCT item, item AS root FROM tie")
    while True:
        c.execute(
            f"""CREATE OR REPLACE TEMP TABLE step AS SELECT item, min(least) AS root FROM tie
                JOIN (SELECT k, min(root) AS least FROM tie JOIN {result} USING (item) GROUP BY k) USING (k)
                GROUP BY item"""
        )
        changed = one(c, f"SELECT count(*) FROM step JOIN {result} old USING (item) WHERE step.root <> old.root")
        if not changed:
            return
        # The root of the root: long chains shrink by half a step.
        c.execute(
            f"""CREATE OR REPLACE TABLE {result} AS SELECT a.item, coalesce(b.root, a.root) AS root
                FROM step a LEFT JOIN step b ON b.item = a.root"""
        )


def _paper(c: duckdb.DuckDBPyConnection) -> None:
    """The view paper: single copies as they are, several copies made into one, no id twice."""
    scalars = ("year", "date", "url", "author_count")
    firsts = [f"arg_min({n}, place) FILTER ({n} IS NOT NULL) AS {n}" for n in scalars]
    firsts += [f"coalesce(arg_min({n}, place) FILTER (len({n}) > 0), []) AS {n}" for n in ("authors", "categories")]
    in_buckets(
        c,
        "blend",
        "grouped",
        "root",
        f"""SELECT root, arg_min(id, place) AS id, arg_min(mark, place) AS mark, {", ".join(firsts)},
              list_sort(list_distinct(flatten(list(identifiers)))) AS identifiers,
              flatten(list(sources ORDER BY place)) AS sources,
              min(struct_pack(bare := abstract = '', place := place)).place AS text_place
            FROM copy JOIN {{source}} USING (place) GROUP BY root""",
    )
    shared = [n for n in FIELDS if n not in ("id", "title", "abstract", "sources")]
    c.execute(
        """CREATE TABLE twin AS SELECT place, id || '~' || mark AS other FROM (
             SELECT place, id, mark, row_number() OVER (PARTITION BY id ORDER BY place) AS n FROM (
               SELECT place, id, mark FROM copy ANTI JOIN grouped USING (place)
               UNION ALL SELECT root, id, mark FROM blend)) WHERE n > 1"""
    )
    c.execute(
        f"""CREATE VIEW paper AS
            SELECT coalesce(other, id) AS id, m.* EXCLUDE (id) FROM (
              SELECT place, place AS text_place, id, title, abstract, {", ".join(shared)}, sources
              FROM copy ANTI JOIN grouped USING (place)
              UNION ALL
              SELECT root, text_place, b.id, t.title, t.abstract, {", ".join("b." + n for n in shared)},
                list_filter(b.sources, lambda s, i: list_position(b.sources, s) = i)
              FROM blend b JOIN copy t ON t.place = b.text_place) m
            LEFT JOIN twin USING (place)"""
    )


def merge_papers(papers: Iterable[Paper], *, memory: str = "1GB") -> Iterator[Paper]:
    """Make copies of one paper into one, in order of first appearance; out of core, so input of any length will do.

    The id is the first copy's, title and abstract those of the first copy that has an abstract, else of the first;
    other fields are the first that is known; identifiers and sources are united. Two papers that share an id and no
    more keep it for the earlier, the later one gets ``~`` and a digest after it. Raises StorageError, BuildError.
    """
    import pyarrow.parquet as pq

    with tempfile.TemporaryDirectory(prefix="kg-merge-") as name:
        folder, stream, first = Path(name), iter(papers), 0
        parts: list[Path] = []
        while chunk := list(islice(stream, 10_000)):
            parts.append(folder / f"{first}.parquet")
            pq.write_table(to_arrow(chunk, first), parts[-1], compression="zstd")
            first += len(chunk)
        if not parts:
            return
        with connect(folder, memory=memory) as c:
            merge(c, reader(parts))
            rows = c.sql(f"SELECT {', '.join(FIELDS)} FROM paper ORDER BY place").to_arrow_reader(10_000)
            for batch in rows:
                yield from papers_of(batch)
