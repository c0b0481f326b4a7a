"""Tables in DuckDB, out of core: copies of papers to one paper, names to entities, mentions to edges.

Every table is written under a total ORDER BY, without float sums and without lists or firsts in no order, so that equal
input gives equal bytes whatever the number of threads and however much is spilt to disk.
"""

from __future__ import annotations

from kg.tables.graph import Built, build_tables
from kg.tables.merge import merge_papers
from kg.tables.stats import Stats, most_linked, stats

__all__ = ["Built", "Stats", "build_tables", "merge_papers", "most_linked", "stats"]
