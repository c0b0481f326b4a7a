"""Nothing but reading the graph gets through, in either dialect."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import QueryError
from kg.query import cypher
from kg.store import Store

REFUSED = [
    "CREATE (p:Paper {id: 'x'})",
    "MATCH (p:Paper) SET p.title = 'x'",
    "MATCH (p:Paper) SET p += $m",
    "MATCH (p:Paper) DELETE p",
    "MATCH (p:Paper) DETACH DELETE p",
    "MATCH (p:Paper) REMOVE p.title",
    "MERGE (p:Paper {id: 'x'}) RETURN p",
    "UNWIND [1] AS x CREATE (:Paper {id: 'y'})",
    "MATCH (p:Paper) WITH p LIMIT 1 SET p.title = 'x' RETURN p",
    "MATCH (p:Paper) FOREACH (x IN [1] | SET p.year = x)",
    "CREATE NODE TABLE X (id STRING, PRIMARY KEY (id))",
    "DROP TABLE Paper",
    "ALTER TABLE Paper ADD x STRING",
    "COPY Paper FROM 'x.csv'",
    "COPY (MATCH (p:Paper) RETURN p.id) TO 'x.csv'",
    "LOAD FROM '/etc/passwd' RETURN *",
    "load from '/etc/passwd' return *",
    "MATCH (p:Paper) LOAD FROM '/etc/passwd' RETURN *",
    "LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row",
    "ATTACH 'other' AS o (dbtype lbug)",
    "USE other",
    "INSTALL httpfs",
    "EXPORT DATABASE 'x'",
    "IMPORT DATABASE 'x'",
    "CALL show_tables() RETURN *",
    "CALL threads=1",
    "CALL db.labels()",
    "BEGIN TRANSACTION",
    "CHECKPOINT",
    "RETURN 1 AS x; RETURN 2 AS x",
    "RETURN 1 AS x; COPY (MATCH (p:Paper) RETURN p.id) TO 'x.csv'",
    "// comment\rCOPY (MATCH (p:Paper) RETURN p.id) TO 'x.csv'",
    "/* comment */ DROP TABLE Paper",
    "",
    "  // nothing\n",
    ";",
]


@pytest.mark.parametrize("language", ["common", "ladybug"])
@pytest.mark.parametrize("text", REFUSED)
def test_refuses(
    text: str, language: cypher.Dialect, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(QueryError):
        cypher.ask(store, text, {"m": {}} if "$m" in text else {}, language=language)
    assert not list(tmp_path.iterdir())


def test_says_where_and_what_to_do() -> None:
    with pytest.raises(QueryError) as e:
        cypher.check("MATCH (p:Paper)\nSET p.year = 1", {})
    assert str(e.value) == (
        "line 2, column 1: SET changes the graph\n"
        "  SET p.year = 1\n"
        "  ^^^ (a graph folder is only read; build it again from other input: kg build)"
    )
