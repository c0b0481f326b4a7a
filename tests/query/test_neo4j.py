"""The same rows from a real Neo4j server: of every named query, every form to write, every query that passes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import neo4j_server
import pytest
from dialect_cases import ACCEPTED, REFUSED, Case

from kg.query import cypher, library
from kg.store import Store

pytestmark = pytest.mark.neo4j


@pytest.fixture(scope="module")
def driver(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from neo4j import GraphDatabase

    with (
        neo4j_server.running(tmp_path_factory.mktemp("neo4j") / "home") as (address, auth),
        GraphDatabase.driver(address, auth=auth, notifications_min_severity="OFF") as driver,
    ):
        neo4j_server.load(driver, store)
        yield driver


def plain(value: Any) -> Any:
    """A cell in a form that compares: lists for tuples, whole floats as they are."""
    return [plain(v) for v in value] if isinstance(value, (list, tuple)) else value


def theirs(driver: Any, text: str, parameters: dict[str, Any]) -> tuple[list[str], list[Any]]:
    records, _, columns = driver.execute_query(text.rstrip(";"), parameters)
    return list(columns), [plain(r.values()) for r in records]


@pytest.mark.parametrize("name", library.all_queries())
def test_named_query_gives_the_same_rows_in_the_same_order(name: str, store: Store, driver: Any) -> None:
    query = library.get(name)
    given = library.values(store, query, dict(re.findall(r"(\w+)=(.+?)(?= \w+=|$)", query.example)))
    for statement in query.statements:
        columns, expected = theirs(driver, statement, given)
        ours = cypher.ask(store, statement, given)
        assert (list(ours.columns), [plain(row) for row in ours.rows]) == (columns, expected)


@pytest.mark.parametrize("case", [c for c in REFUSED if c.write], ids=str)
def test_form_to_write_gives_the_same_rows(case: Case, driver: Any) -> None:
    _, found = theirs(driver, case.write, case.given)
    assert sorted(found, key=repr) == sorted(case.rows, key=repr)


@pytest.mark.parametrize(("query", "parameters"), ACCEPTED)
def test_what_passes_gives_the_same_rows(query: str, parameters: dict[str, Any], store: Store, driver: Any) -> None:
    columns, expected = theirs(driver, query, parameters)
    ours = cypher.ask(store, query, parameters)
    found = sorted([plain(row) for row in ours.rows], key=repr)
    assert (list(ours.columns), found) == (columns, sorted(expected, key=repr))
