"""A mistake in a query names its place and the nearest known name."""

from __future__ import annotations

from typing import Any

import pytest

from kg.errors import NameNotFound, QueryError
from kg.query import cypher
from kg.store import Store


@pytest.mark.parametrize(
    ("text", "parameters", "message"),
    [
        (
            "MATCH (p:Papr) RETURN p.id AS id",
            {},
            "line 1, column 10: no node type 'Papr'\n"
            "  MATCH (p:Papr) RETURN p.id AS id\n           ^^^^ (did you mean Paper?)",
        ),
        (
            "MATCH (p:paper) RETURN p.id AS id",
            {},
            "line 1, column 10: no node type 'paper'\n"
            "  MATCH (p:paper) RETURN p.id AS id\n           ^^^^^ (did you mean Paper?)",
        ),
        (
            "MATCH (:Paper)-[:USE]->(d)\nRETURN d.id AS id",
            {},
            "line 1, column 18: no edge type 'USE'\n"
            "  MATCH (:Paper)-[:USE]->(d)\n                   ^^^ (did you mean USES?)",
        ),
        (
            "MATCH (p:Paper)\nWHERE p.yaer = 2016 RETURN p.id AS id",
            {},
            "line 2, column 9: no property 'yaer'\n"
            "  WHERE p.yaer = 2016 RETURN p.id AS id\n          ^^^^ (did you mean year, date?)",
        ),
        (
            "MATCH (t:Task) RETURN t.title AS title",
            {},
            "line 1, column 25: no property 'title'\n  MATCH (t:Task) RETURN t.title AS title\n"
            "                          ^^^^^ (one of id, name, aliases, papers, url)",
        ),
        (
            "MATCH (paper:Paper) RETURN papr.id AS id",
            {},
            "line 1, column 28: no variable papr here\n  MATCH (paper:Paper) RETURN papr.id AS id\n"
            "                             ^^^^ (did you mean paper?)",
        ),
        (
            "MATCH (p:Paper RETURN p",
            {},
            "line 1, column 16: Cypher does not go on like this\n  MATCH (p:Paper RETURN p\n                 ^^^^^^",
        ),
        (
            "MATCH (p:Paper) RETURN p.id AS",
            {},
            "line 1, column 31: the query ends too early\n"
            "  MATCH (p:Paper) RETURN p.id AS\n                                ^",
        ),
        (
            "MATCH (p:Paper) RETURN soundex(p.id) AS x",
            {},
            "line 1, column 24: LadybugDB has no function soundex\n  MATCH (p:Paper) RETURN soundex(p.id) AS x\n"
            "                         ^^^^^^^",
        ),
        (
            "MATCH (p:Paper) RETURN p.id AS p ORDER BY p",
            {},
            "line 1, column 32: p is a variable as well, and LadybugDB would order by that\n"
            "  MATCH (p:Paper) RETURN p.id AS p ORDER BY p\n"
            "                                 ^ (write another name after AS)",
        ),
        (
            "MATCH (p:Paper) RETURN p.id + p.year AS x",
            {},
            "STRING and INT64 cannot be joined by + (text and numbers do not add up; return them side by side)",
        ),
        (
            "RETURN $x AS x",
            {},
            "line 1, column 8: no value for the parameter 'x'\n  RETURN $x AS x\n         ^^ (give it: -p x=...)",
        ),
        ("RETURN $since AS x", {"since": 1, "sinse": 2}, "the query has no parameter $sinse (did you mean $since?)"),
        (
            "MATCH (p:Paper) WHERE p.year == 2016 RETURN p.id AS id",
            {},
            "line 1, column 31: Cypher has no ==\n  MATCH (p:Paper) WHERE p.year == 2016 RETURN p.id AS id\n"
            "                                ^ (write =)",
        ),
        (
            "MATCH (p:Paper) RETURN count(p) AS n, n + 1 AS m",
            {},
            "line 1, column 39: no variable n here\n  MATCH (p:Paper) RETURN count(p) AS n, n + 1 AS m\n"
            "                                        ^",
        ),
        (
            "FIND papers",
            {},
            "line 1, column 1: a query begins with MATCH, OPTIONAL, WITH, UNWIND, RETURN\n  FIND papers\n"
            "  ^^^^ (for example: MATCH (p:Paper) RETURN p.title AS title LIMIT 5)",
        ),
    ],
)
def test_message(text: str, parameters: dict[str, Any], message: str, store: Store) -> None:
    with pytest.raises(QueryError) as e:
        cypher.ask(store, text, parameters)
    assert str(e.value) == message


def test_a_long_line_is_shown_around_the_mistake() -> None:
    text = "MATCH (p:Paper) WHERE " + " OR ".join(["p.year = 2016"] * 30) + " RETURN p.nope AS x"
    with pytest.raises(NameNotFound) as e:
        cypher.check(text, {})
    first, line, carets = e.value.what.split("\n")
    assert first == f"line 1, column {text.index('nope') + 1}: no property 'nope'"
    assert len(line) <= 102
    assert line[carets.index("^") : carets.rindex("^") + 1] == "nope"


def test_suggestions_are_kept_as_data() -> None:
    with pytest.raises(NameNotFound) as e:
        cypher.check("MATCH (d:Datset) RETURN d.id AS id", {})
    assert e.value.suggestions == ("Dataset",)
