"""Store.select over tables of several row groups and batches, against a plain filter."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kg import store

ROWS = 150_000  # more than one batch, which is some 65,000 rows


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> store.Store:
    made = store.write(tmp_path_factory.mktemp("select") / "g", [], [])
    columns = {
        "id": [f"p{i:06d}" for i in range(ROWS)],
        "title": [f"t{i % 1000}" for i in range(ROWS)],
        "authors": [["a", str(i)] for i in range(ROWS)],
    }
    wanted = store.arrow_schema("Paper")
    table = pa.table([pa.array(columns.get(f.name, [None] * ROWS), f.type) for f in wanted], schema=wanted)
    pq.write_table(table, made.file("Paper"), row_group_size=100_000)
    return made


@pytest.mark.parametrize("column", ["id", "title"])
@pytest.mark.parametrize("values", [[], ["p000000", "p099999", "p100000", "p149999", "t7", "nobody"], ["nobody"]])
def test_gives_the_rows_of_a_plain_filter_in_order(graph: store.Store, column: str, values: list[str]) -> None:
    columns = ["id", "title", "authors"]
    wanted = [row for row in graph.rows("Paper", columns) if row[column] in values]
    assert list(graph.select("Paper", column, values, columns)) == wanted


def test_gives_all_columns_unless_told(graph: store.Store) -> None:
    (row,) = graph.select("Paper", "id", ["p123456"])
    assert set(row) == set(store.arrow_schema("Paper").names)
