"""The same rows from a real Neo4j server: of every named query, every form to write, every query that passes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import neo4j_server
import pytest
from dialect_cases import ACCEPTED, REFUSED, Case
from query_sets import example, sets

from kg.errors import KgError, NameNotFound, QueryError, QueryTimeout, ServerError
from kg.neo4j.export import export
from kg.neo4j.server import Server
from kg.query import cypher, library
from kg.query.answer import Answer
from kg.query.neo4j_engine import Neo4j
from kg.store import Store

pytestmark = pytest.mark.neo4j


@pytest.fixture(scope="module")
def loaded(store: Store, any_server: Server) -> Server:
    """A server that holds the example graph."""
    neo4j_server.empty(any_server)
    export(store, any_server)
    return any_server


@pytest.fixture(scope="module")
def neo4j(loaded: Server) -> Iterator[Neo4j]:
    with closing(Neo4j.open(loaded)) as engine:
        yield engine


def plain(value: Any) -> Any:
    return [plain(v) for v in value] if isinstance(value, (list, tuple)) else value


def rows(answer: Answer) -> list[Any]:
    return [plain(row) for row in answer.rows]


def in_order(listed: list[Any]) -> list[Any]:
    return sorted(listed, key=repr)


@pytest.mark.parametrize(("name", "given"), sets())
def test_a_named_query_gives_the_same_rows_in_the_same_order(
    name: str, given: dict[str, str], store: Store, neo4j: Neo4j
) -> None:
    assert library.ask(neo4j, name, given) == library.ask(store, name, given)


@pytest.mark.parametrize("name", library.all_queries())
def test_every_statement_of_a_query_gives_the_same_rows(name: str, store: Store, neo4j: Neo4j) -> None:
    query = library.get(name)
    given = library.values(store, query, example(name))
    assert library.values(neo4j, query, example(name)) == given
    for statement in query.statements:
        assert cypher.ask(neo4j, statement, given) == cypher.ask(store, statement, given)


@pytest.mark.parametrize("case", [c for c in REFUSED if not c.by_chance], ids=str)
def test_what_is_refused_has_no_answer_or_another_one_here(case: Case, store: Store, neo4j: Neo4j) -> None:
    def outcome(source: Store | Neo4j) -> Any:
        try:
            return in_order(rows(cypher.ask(source, case.refused, case.parameters, language="ladybug")))
        except QueryError:
            return None

    ours = outcome(store)
    assert ours is None or ours != outcome(neo4j)


@pytest.mark.parametrize("case", [c for c in REFUSED if c.write], ids=str)
def test_form_to_write_gives_the_same_rows(case: Case, neo4j: Neo4j) -> None:
    assert in_order(rows(cypher.ask(neo4j, case.write, case.given))) == in_order(case.rows)


@pytest.mark.parametrize(("query", "parameters"), ACCEPTED)
def test_what_passes_gives_the_same_rows(query: str, parameters: dict[str, Any], store: Store, neo4j: Neo4j) -> None:
    ours, theirs = cypher.ask(store, query, parameters), cypher.ask(neo4j, query, parameters)
    assert (ours.columns, in_order(rows(ours))) == (theirs.columns, in_order(rows(theirs)))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE (n:Paper {id: 'x'})",
        "MATCH (n) SET n.x = 1",
        "MATCH (n) DETACH DELETE n",
        "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS",
        "FOREACH (i IN [1] | CREATE (:X))",
        "CREATE INDEX x FOR (n:X) ON (n.y)",
        "DROP CONSTRAINT kg_key",
        "CREATE USER u SET PASSWORD 'long-enough'",
        "ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'long-enough'",
        "CALL db.createLabel('X')",
        "TERMINATE TRANSACTIONS 'neo4j-transaction-1'",
        "CALL dbms.killConnection('bolt-1')",
        "LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row",
    ],
)
def test_writing_is_refused_here_or_there(statement: str, loaded: Server, neo4j: Neo4j) -> None:
    before = neo4j_server.content(loaded)
    with pytest.raises(QueryError, match=r"changes the graph|not allowed here|a query begins"):
        cypher.ask(neo4j, statement, {}, language="neo4j")
    assert neo4j_server.content(loaded) == before


@pytest.mark.parametrize(
    "statement", ["CREATE (n:Paper {id: 'x'})", "MATCH (n) DETACH DELETE n", "CREATE INDEX x FOR (n:X) ON (n.y)"]
)
def test_the_server_itself_refuses_to_write(statement: str, loaded: Server, neo4j: Neo4j) -> None:
    before = neo4j_server.content(loaded)
    with pytest.raises(QueryError, match="changes the graph"):
        neo4j.ask(statement, {}, timeout=10)
    assert neo4j_server.content(loaded) == before


def test_the_whole_language_of_neo4j_is_there(neo4j: Neo4j) -> None:
    text = """
    MATCH (p:Paper {id: $id})-[e:USES]->(d:Dataset)
    CALL (d) { MATCH (d)<-[:USES]-(q) RETURN count(q) AS n }
    RETURN p.authors[0] AS first, type(e) AS type, [x IN collect(d.name) | toUpper(x)] AS names, sum(n) AS n,
      date('2020-01-31') AS day, d {.name} AS map
    ORDER BY map.name
    """
    assert cypher.ask(neo4j, text, {"id": "arxiv:1609.02907"}, language="neo4j") == Answer(
        ("first", "type", "names", "n", "day", "map"),
        (
            ("Thomas N. Kipf", "USES", ("CORA",), 2, "2020-01-31", {"name": "Cora"}),
            ("Thomas N. Kipf", "USES", ("PUBMED",), 2, "2020-01-31", {"name": "PubMed"}),
        ),
    )
    assert cypher.ask(neo4j, "SHOW INDEXES YIELD name WHERE name = 'kg_names'", {}, language="neo4j").rows


def test_nodes_edges_and_paths_are_what_they_have(neo4j: Neo4j) -> None:
    text = "MATCH q = (a:Dataset {id: 'dataset:cifar10'})-[e:VARIANT_OF]->(b) RETURN a, e, q"
    a = {
        "type": "Dataset",
        "aliases": ("CIFAR 10", "Cifar10"),
        "id": "dataset:cifar10",
        "name": "CIFAR-10",
        "papers": 5,
    }
    b = {"type": "Dataset", "aliases": (), "id": "dataset:cifar", "name": "CIFAR", "papers": 1}
    e = {"type": "VARIANT_OF", "sources": ("name",)}
    assert cypher.ask(neo4j, text, {}).rows == ((a, e, {"nodes": (a, b), "edges": (e,)}),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("MATCH (n) RETURN", "line 1, column 17: Invalid input ''"),
        ("MATCH (p:Paper)\nRETURN p.year.month / 0", "Type mismatch"),
        ("RETURN 1 / 0 AS x", "/ by zero"),
        ("RETURN 1 AS x; RETURN 2 AS x", "a second statement"),
        ("RETURN $x AS x", "no value for the parameter 'x'"),
        ("CALL no.such() YIELD x RETURN x", "no.such"),
    ],
)
def test_a_mistake_is_said_with_its_place(text: str, message: str, neo4j: Neo4j) -> None:
    with pytest.raises(QueryError) as e:
        cypher.ask(neo4j, text, {}, language="neo4j")
    assert message in str(e.value)
    assert library.ask(neo4j, "variants-of", {"name": "CIFAR"}).rows  # and the session is good for more


def test_the_time_limit_holds(neo4j: Neo4j) -> None:
    text = "UNWIND range(1, 100000000) AS a UNWIND range(1, 1000) AS b RETURN count(*) AS n"
    with pytest.raises(QueryTimeout, match=r"0\.5 s"):
        cypher.ask(neo4j, text, {}, timeout=0.5)
    assert library.ask(neo4j, "variants-of", {"name": "CIFAR"}).rows


def test_a_text_in_a_parameter_stays_a_text(neo4j: Neo4j) -> None:
    text = "x'}) DETACH DELETE n //"
    assert cypher.ask(neo4j, "RETURN $t AS t", {"t": text}).rows == ((text,),)
    with pytest.raises(NameNotFound):
        library.ask(neo4j, "who-introduced", {"name": text})


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("papers-with-code", {"dataset": "CIFR-10"}),
        ("who-introduced", {"name": "SGD"}),
        ("papers-of-repository", {"repository": "tkipf/gnc"}),
        ("path-between", {"from": "Attention", "to": "BERT"}),
        ("papers-with-code", {}),
        ("introduced-in", {"year": "long ago"}),
    ],
)
def test_what_is_wrong_is_said_in_the_same_words(name: str, given: dict[str, str], store: Store, neo4j: Neo4j) -> None:
    def said(source: Store | Neo4j) -> tuple[type[KgError], str]:
        with pytest.raises(QueryError) as e:
            library.ask(source, name, given)
        return type(e.value), str(e.value)

    assert said(neo4j) == said(store)


def test_a_server_that_is_gone_is_said_once_and_for_all(any_server: Server) -> None:
    nobody = Server("bolt://127.0.0.1:9", any_server.user, any_server.password)
    with pytest.raises(ServerError, match="no Neo4j server answers"):
        Neo4j.open(nobody)
