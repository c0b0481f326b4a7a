"""What is refused, and that the form to write gives the right rows; ordinary queries pass."""

from __future__ import annotations

from typing import Any

import pytest
from dialect_cases import ACCEPTED, REFUSED, Case

from kg.errors import DialectError
from kg.query import cypher
from kg.query.answer import Answer
from kg.store import Store


def plain(value: Any) -> Any:
    return [plain(v) for v in value] if isinstance(value, (list, tuple)) else value


def rows(answer: Answer) -> list[Any]:
    return [plain(row) for row in answer.rows]


def in_order(listed: list[Any]) -> list[Any]:
    return sorted(listed, key=repr)


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_refuses_with_the_form_to_write(case: Case) -> None:
    with pytest.raises(DialectError) as e:
        cypher.check(case.refused, case.parameters)
    assert case.says in str(e.value)
    assert "^" in e.value.what


@pytest.mark.parametrize("case", [c for c in REFUSED if c.write], ids=str)
def test_form_to_write_is_right(case: Case, store: Store) -> None:
    assert in_order(rows(cypher.ask(store, case.write, case.given))) == in_order(case.rows)


@pytest.mark.parametrize(("query", "parameters"), ACCEPTED)
def test_ordinary_queries_pass(query: str, parameters: dict[str, Any], store: Store) -> None:
    assert cypher.ask(store, query, parameters).rows


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("MATCH (p:Paper {id: 'arxiv:1609.02907'}) RETURN p.authors[1] AS a", [["Thomas N. Kipf"]]),
        ("MATCH (n) WHERE n.id = 'method:gcn' RETURN labels(n) AS l", [["Method"]]),
        ("RETURN '1' = 1 AS x", [[True]]),
        ("MATCH (n:paper) RETURN count(n) AS n", [[13]]),
    ],
)
def test_the_other_dialect_is_let_through(query: str, answer: list[Any], store: Store) -> None:
    assert rows(cypher.ask(store, query, {}, language="ladybug")) == answer


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (p:Paper {id: 'arxiv:1609.02907'})-[r:INTRODUCES]->() RETURN label(r) AS t",
        "MATCH q = (a:Dataset)-[:VARIANT_OF*1..2]->(b) RETURN properties(nodes(q), 'id') AS ns",
        "MATCH (p:Paper) RETURN concat(p.id, '!') AS s LIMIT 1",
        "MATCH (p:Paper) RETURN CAST(p.year AS STRING) AS s LIMIT 1",
        "MATCH (d:Dataset) WHERE list_contains(d.aliases, 'ILSVRC') RETURN d.id AS id",
    ],
)
def test_what_only_ladybug_knows_passes_since_neo4j_would_say_so(query: str, store: Store) -> None:
    assert cypher.ask(store, query, {}).rows
