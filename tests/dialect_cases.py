"""Cypher that the two engines do not answer alike: what is refused, and the form that is right in both.

One case for each construct that was found to differ between Neo4j 5.26 and LadybugDB 0.22, on the example graph.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["ACCEPTED", "REFUSED", "Case"]


@dataclass(frozen=True)
class Case:
    """`refused` must be refused with `says` in the message; `write` gives `rows` on both engines.

    `write` is empty where no Cypher does it in both. `parameters` are for `refused`, `given` for `write`. LadybugDB's
    answer to `refused` is not Neo4j's, or there is none, but where it is so `by_chance`: with rows on several threads.
    """

    name: str
    refused: str
    says: str
    write: str = ""
    rows: list[list[Any]] = field(default_factory=list)
    parameters: dict[str, Any] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    by_chance: bool = False

    def __str__(self) -> str:
        return self.name


P = "MATCH (p:Paper {id: 'arxiv:1609.02907'})"
CORA = "MATCH (p:Paper)-[:USES]->(d:Dataset {id: 'dataset:cora'})"
GCN = "arxiv:1609.02907"
GAT = "arxiv:1710.10903"

REFUSED = (
    # Sub-queries.
    Case(
        "EXISTS without MATCH",
        "MATCH (p:Paper) WHERE NOT EXISTS { (p)-[:HAS_CODE]->() } RETURN count(p) AS n",
        "EXISTS { MATCH",
        "MATCH (p:Paper) WHERE NOT EXISTS { MATCH (p)-[:HAS_CODE]->() } RETURN count(p) AS n",
        [[3]],
    ),
    Case(
        "exists() of a pattern",
        "MATCH (p:Paper) WHERE NOT exists((p)-[:HAS_CODE]->()) RETURN count(p) AS n",
        "EXISTS { MATCH",
        "MATCH (p:Paper) WHERE NOT (p)-[:HAS_CODE]->() RETURN count(p) AS n",
        [[3]],
    ),
    Case(
        "exists() of a property",
        "MATCH (p:Paper) WHERE exists(p.url) RETURN count(p) AS n",
        "IS NOT NULL",
        "MATCH (p:Paper) WHERE p.url IS NOT NULL RETURN count(p) AS n",
        [[11]],
    ),
    Case(
        "COUNT without MATCH",
        f"{P} RETURN COUNT {{ (p)-[:USES]->(:Dataset) }} AS n",
        "COUNT { MATCH",
        f"{P} RETURN COUNT {{ MATCH (p)-[:USES]->(:Dataset) }} AS n",
        [[2]],
    ),
    Case(
        "COLLECT { }",
        f"{P} RETURN COLLECT {{ MATCH (p)-[:USES]->(d:Dataset) RETURN d.id }} AS ds",
        "OPTIONAL MATCH",
        f"{P} OPTIONAL MATCH (p)-[:USES]->(d:Dataset) WHERE d.name = 'Cora' RETURN collect(d.id) AS ds",
        [[["dataset:cora"]]],
    ),
    Case(
        "pattern comprehension",
        f"{P} RETURN [(p)-[:USES]->(d:Dataset) | d.id] AS ds",
        "OPTIONAL MATCH",
        f"{P} OPTIONAL MATCH (p)-[:USES]->(d:Dataset) WHERE d.name = 'Cora' RETURN collect(d.id) AS ds",
        [[["dataset:cora"]]],
    ),
    Case(
        "CALL { }",
        f"{P} CALL {{ WITH p MATCH (p)-[:USES]->(d:Dataset) RETURN count(d) AS n }} RETURN n",
        "OPTIONAL MATCH",
        f"{P} OPTIONAL MATCH (p)-[:USES]->(d:Dataset) WITH p, count(d) AS n RETURN n",
        [[2]],
    ),
    Case(
        "CALL (p) { }",
        f"{P} CALL (p) {{ MATCH (p)-[:USES]->(d:Dataset) RETURN count(d) AS n }} RETURN n",
        "OPTIONAL MATCH",
        f"{P} OPTIONAL MATCH (p)-[:USES]->(d:Dataset) WITH p, count(d) AS n RETURN n",
        [[2]],
    ),
    # Labels and types.
    Case(
        "(n:A:B)",
        "MATCH (n:Method:Task) RETURN count(n) AS n",
        "(n:Method|Task)",
        "MATCH (n:Method|Task) RETURN count(n) AS n",
        [[17]],
    ),
    Case(
        "labels(n)",
        "MATCH (n) WHERE n.id = 'task:questionanswering' RETURN labels(n) AS l",
        "UNION ALL",
        "MATCH (n:Task) WHERE n.name = 'question answering' RETURN 'Task' AS l, n.id AS id"
        " UNION ALL MATCH (n:Method) WHERE n.name = 'question answering' RETURN 'Method' AS l, n.id AS id",
        [["Task", "task:questionanswering"]],
    ),
    Case(
        "labels(n)[0]",
        "MATCH (n) RETURN labels(n)[0] AS l",
        "UNION ALL",
        "MATCH (n:Task) RETURN 'Task' AS l, count(n) AS n",
        [["Task", 5]],
    ),
    Case(
        "head(labels(n))",
        "MATCH (n) RETURN head(labels(n)) AS l",
        "LadybugDB has no head()",
        "MATCH (n:Task) RETURN 'Task' AS l, count(n) AS n",
        [["Task", 5]],
    ),
    Case(
        "$l IN labels(n)",
        "MATCH (n) WHERE $l IN labels(n) RETURN n.id AS id",
        "(n:Method|Dataset)",
        "MATCH (n:Task) RETURN count(n) AS n",
        [[5]],
        {"l": "Task"},
    ),
    Case(
        "WHERE n:Label",
        "MATCH (n) WHERE n:Method RETURN count(n) AS n",
        "MATCH (n:Method)",
        "MATCH (n:Method) RETURN count(n) AS n",
        [[12]],
    ),
    Case(
        "WHERE (n:Label)",
        "MATCH (n) WHERE (n:Method) RETURN count(n) AS n",
        "MATCH (n:Method)",
        "MATCH (n:Method) RETURN count(n) AS n",
        [[12]],
    ),
    Case(
        "n:A OR n:B",
        "MATCH (n) WHERE n:Method OR n:Task RETURN count(n) AS n",
        "(n:Method|Task)",
        "MATCH (n:Method|Task) RETURN count(n) AS n",
        [[17]],
    ),
    Case(
        "CASE WHEN n:Label",
        "MATCH (n) WHERE n.id = 'method:gcn' RETURN CASE WHEN n:Method THEN 'Method' ELSE 'other' END AS l",
        "EXISTS { MATCH (n:Method) }",
        "MATCH (n) WHERE n.id = 'method:gcn'"
        " RETURN CASE WHEN EXISTS { MATCH (n:Method) } THEN 'Method' ELSE 'other' END AS l",
        [["Method"]],
    ),
    Case(
        "type(r)",
        f"{P}-[r]->(x) RETURN type(r) AS t, x.id AS id",
        "RETURN 'USES' AS type",
        f"{P}-[:INTRODUCES]->(x) RETURN 'INTRODUCES' AS t, x.id AS id"
        f" UNION ALL {P}-[:ADDRESSES]->(x) RETURN 'ADDRESSES' AS t, x.id AS id",
        [["ADDRESSES", "task:nodeclassification"], ["INTRODUCES", "method:gcn"]],
    ),
    Case(
        "type(r) IN list",
        f"{P}-[r]->(x) WHERE type(r) IN ['USES', 'INTRODUCES'] RETURN count(x) AS n",
        "MATCH (p)-[:USES]->(x)",
        f"{P}-[r:USES|INTRODUCES]->(x) RETURN count(x) AS n",
        [[3]],
    ),
    Case(
        "keys(n)",
        "MATCH (t:Task) RETURN keys(t) AS k",
        "return the properties you want",
        "MATCH (t:Task) WHERE t.name STARTS WITH 'q' RETURN t.id AS id, t.name AS name",
        [["task:questionanswering", "question answering"]],
    ),
    Case(
        "properties(n)",
        "MATCH (t:Task) RETURN properties(t) AS k",
        "return the properties you want",
        "MATCH (t:Task) WHERE t.name STARTS WITH 'q' RETURN t.id AS id, t.name AS name",
        [["task:questionanswering", "question answering"]],
    ),
    Case(
        "map projection",
        "MATCH (t:Task) RETURN t {.id, .name} AS m",
        "t.id AS id",
        "MATCH (t:Task) WHERE t.name STARTS WITH 'q' RETURN t.id AS id, t.name AS name",
        [["task:questionanswering", "question answering"]],
    ),
    Case(
        "elementId(n)",
        "MATCH (a:Task), (b:Task) WHERE elementId(a) = elementId(b) RETURN count(*) AS n",
        "a = b",
        "MATCH (a:Task), (b:Task) WHERE a = b RETURN count(*) AS n",
        [[5]],
    ),
    Case(
        "id(n)",
        "MATCH (a:Task) RETURN id(a) AS i",
        "n.id",
        "MATCH (a:Task) WHERE a.name STARTS WITH 'q' RETURN a.id AS i",
        [["task:questionanswering"]],
    ),
    Case(
        "startNode, endNode",
        f"{P}-[e:HAS_CODE]->(r) RETURN startNode(e).id AS a, endNode(e).id AS b",
        "name the node in the pattern",
        f"{P}-[e:HAS_CODE]->(r) RETURN p.id AS a, r.name AS b",
        [[GCN, "tkipf/gcn"]],
    ),
    # Lists.
    Case(
        "list[0]",
        f"{P} RETURN p.authors[0] AS a",
        "list[-size(list)]",
        f"{P} WHERE size(p.authors) > 0 RETURN p.authors[-size(p.authors)] AS a",
        [["Thomas N. Kipf"]],
    ),
    Case(
        "list[1]",
        f"{P} RETURN p.authors[1] AS a",
        "list[-1]",
        f"{P} RETURN p.authors[-1] AS a",
        [["Max Welling"]],
    ),
    Case("list[$i]", f"{P} RETURN p.authors[$i] AS a", "UNWIND", parameters={"i": 1}),
    Case(
        "index out of range",
        f"{P} RETURN p.authors[9] AS a",
        "count from 0",
        f"{P} UNWIND p.authors AS a RETURN a ORDER BY a",
        [["Max Welling"], ["Thomas N. Kipf"]],
    ),
    Case(
        "collect()[0]",
        f"{P}-[:INTRODUCES]->(m) WITH collect(m.id) AS ids RETURN ids[0] AS i",
        "list[..k]",
        f"{P}-[:INTRODUCES]->(m) WITH collect(m.id) AS ids RETURN ids[..1] AS i",
        [[["method:gcn"]]],
    ),
    Case(
        "list[1..2]",
        f"{P} RETURN p.authors[1..2] AS a",
        "list[..k]",
        f"{P} RETURN p.authors[..1] AS a",
        [[["Thomas N. Kipf"]]],
    ),
    Case(
        "list[1..]",
        f"{P} RETURN p.authors[1..] AS a",
        "count from 0",
        f"{P} RETURN p.authors[-1..] AS a",
        [[["Max Welling"]]],
    ),
    Case(
        "head()",
        f"{P} RETURN head(p.authors) AS a",
        "list[-size(list)]",
        f"{P} RETURN p.authors[-size(p.authors)] AS a",
        [["Thomas N. Kipf"]],
    ),
    Case("last()", f"{P} RETURN last(p.authors) AS a", "list[-1]", f"{P} RETURN p.authors[-1] AS a", [["Max Welling"]]),
    Case(
        "tail()",
        f"{P} RETURN tail(p.authors) AS a",
        "UNWIND",
        f"{P} UNWIND p.authors AS a RETURN a ORDER BY a",
        [["Max Welling"], ["Thomas N. Kipf"]],
    ),
    Case("reverse(list)", f"{P} RETURN reverse(p.authors) AS a", "in Python"),
    Case(
        "[x IN list WHERE .. | ..]",
        f"{P} RETURN [a IN p.authors WHERE size(a) > 11 | toLower(a)] AS l",
        "UNWIND",
        f"{P} UNWIND p.authors AS a WITH p, a WHERE size(a) > 11 RETURN p.id AS id, collect(toLower(a)) AS l",
        [[GCN, ["thomas n. kipf"]]],
    ),
    Case(
        "[x IN list | ..]",
        f"{P} RETURN [a IN p.authors | toLower(a)] AS l",
        "UNWIND",
        f"{P} UNWIND p.authors AS a WITH toLower(a) AS l RETURN l ORDER BY l",
        [["max welling"], ["thomas n. kipf"]],
    ),
    Case(
        "[x IN list WHERE ..]",
        f"{P} RETURN [a IN p.authors WHERE size(a) > 11] AS l",
        "UNWIND",
        f"{P} UNWIND p.authors AS a WITH p, a WHERE size(a) > 11 RETURN p.id AS id, collect(a) AS l",
        [[GCN, ["Thomas N. Kipf"]]],
    ),
    Case(
        "toLower($x) IN [a IN list | ..]",
        "MATCH (m:Method) WHERE toLower($x) IN [a IN m.aliases | toLower(a)] RETURN m.id AS id",
        "UNWIND",
        "MATCH (m:Method) UNWIND m.aliases AS a WITH m, a WHERE toLower(a) = toLower($x) RETURN DISTINCT m.id AS id",
        [["method:vit"]],
        {"x": "VISION transformer"},
        {"x": "VISION transformer"},
    ),
    Case(
        "parameter in any()",
        "MATCH (m:Method) WHERE any(a IN m.aliases WHERE toLower(a) = toLower($x)) RETURN m.id AS id",
        "WITH $x AS needle",
        "WITH toLower($x) AS needle MATCH (m:Method) WHERE any(a IN m.aliases WHERE toLower(a) = needle)"
        " RETURN m.id AS id",
        [["method:vit"]],
        {"x": "VISION transformer"},
        {"x": "VISION transformer"},
    ),
    Case(
        "reduce()",
        f"{P} RETURN reduce(s = 0, a IN p.authors | s + size(a)) AS n",
        "UNWIND",
        f"{P} UNWIND p.authors AS a WITH p, a RETURN p.id AS id, sum(size(a)) AS n",
        [[GCN, 25]],
    ),
    Case(
        "isEmpty()",
        "MATCH (p:Paper) WHERE isEmpty(p.authors) RETURN count(p) AS n",
        "size(x) = 0",
        "MATCH (p:Paper) WHERE size(p.authors) = 0 RETURN count(p) AS n",
        [[3]],
    ),
    # Text and numbers.
    Case(
        "substring()",
        f"{P} RETURN substring(p.title, 0, 4) AS t",
        "left(s, n)",
        f"{P} RETURN left(p.title, 4) AS t, right(p.title, 8) AS u",
        [["Semi", "Networks"]],
    ),
    Case(
        "split()",
        f"{P} RETURN split(p.date, '-') AS l",
        "STARTS WITH",
        f"{P} WHERE p.date STARTS WITH '2016' RETURN p.year AS y",
        [[2016]],
    ),
    Case("toString()", f"{P} RETURN toString(p.year) AS t", "as it is", f"{P} RETURN p.year AS t", [[2016]]),
    Case(
        "toInteger()",
        "RETURN toInteger('12') AS n",
        "-p n=12",
        "RETURN $n AS n",
        [[12]],
        given={"n": 12},
    ),
    Case("toFloat()", "RETURN toFloat(3) AS x", "1.0 * x", "RETURN 1.0 * 3 AS x", [[3.0]]),
    Case("toBoolean()", "RETURN toBoolean('true') AS x", "= 'true'", "RETURN 'true' = 'true' AS x", [[True]]),
    Case("round(x)", "RETURN round(2.567) AS x", "round(x, 0)", "RETURN round(2.567, 0) AS x", [[3.0]]),
    Case("log(x)", "RETURN log(100) AS x", "log10(x)", "RETURN log10(100) AS x", [[2.0]]),
    Case("char_length()", "RETURN char_length('abc') AS n", "size(text)", "RETURN size('abc') AS n", [[3]]),
    Case("rand()", "MATCH (p:Paper) RETURN p.id AS id ORDER BY rand()", "leave it out"),
    Case(
        "datetime()",
        "MATCH (p:Paper) WHERE p.date >= datetime('2020-01-31') RETURN count(p) AS n",
        "p.date >= '2020-01-31'",
        "MATCH (p:Paper) WHERE p.date >= '2020-01-31' RETURN count(p) AS n",
        [[2]],
    ),
    Case(
        "p.date.year",
        "MATCH (p:Paper) WHERE p.date.year = 2016 RETURN count(p) AS n",
        "p.year",
        "MATCH (p:Paper) WHERE p.year = 2016 RETURN count(p) AS n",
        [[4]],
    ),
    Case(
        "a < x < b",
        "MATCH (p:Paper) WHERE 2016 < p.year < 2019 RETURN count(p) AS n",
        "a < x AND x < b",
        "MATCH (p:Paper) WHERE 2016 < p.year AND p.year < 2019 RETURN count(p) AS n",
        [[3]],
    ),
    Case("'1' = 1", "RETURN '1' = 1 AS x", "text compared with number", "RETURN 1 = 1 AS x", [[True]]),
    Case(
        "number property = text",
        "MATCH (p:Paper) WHERE p.year = '2016' RETURN count(p) AS n",
        "number compared with text",
        "MATCH (p:Paper) WHERE p.year = 2016 RETURN count(p) AS n",
        [[4]],
    ),
    Case(
        "number property = text parameter",
        "MATCH (p:Paper) WHERE p.year = $y RETURN count(p) AS n",
        "-p n=5 is a number",
        "MATCH (p:Paper) WHERE p.year = $y RETURN count(p) AS n",
        [[4]],
        {"y": "2016"},
        {"y": 2016},
    ),
    Case(
        "named number = text",
        "MATCH (p:Paper) WITH p.year AS y WHERE y = '2016' RETURN count(*) AS n",
        "number compared with text",
        "MATCH (p:Paper) WITH p.year AS y WHERE y = 2016 RETURN count(*) AS n",
        [[4]],
    ),
    Case(
        "number property of a map = text",
        "MATCH (p:Paper {year: '2016'}) RETURN count(p) AS n",
        "number compared with text",
        "MATCH (p:Paper {year: 2016}) RETURN count(p) AS n",
        [[4]],
    ),
    Case(
        "computed number = text",
        "MATCH (p:Paper) WHERE p.year + 0 = '2016' RETURN count(p) AS n",
        "number compared with text",
        "MATCH (p:Paper) WHERE p.year + 0 = 2016 RETURN count(p) AS n",
        [[4]],
    ),
    Case(
        "count() > text",
        "MATCH (p:Paper)-[:USES]->(d:Dataset) WITH d, count(p) AS n WHERE n > '4' RETURN d.name AS d",
        "number compared with text",
        "MATCH (p:Paper)-[:USES]->(d:Dataset) WITH d, count(p) AS n WHERE n > 4 RETURN d.name AS name",
        [["CIFAR-10"]],
    ),
    Case(
        "max() = text",
        "MATCH (p:Paper) RETURN max(p.year) = '2023' AS x",
        "number compared with text",
        "MATCH (p:Paper) RETURN max(p.year) = 2023 AS x",
        [[True]],
    ),
    Case(
        "number CONTAINS text",
        "MATCH (p:Paper) WHERE p.year CONTAINS '201' RETURN count(p) AS n",
        "a number is no text",
        "MATCH (p:Paper) WHERE p.year >= 2010 AND p.year < 2020 RETURN count(p) AS n",
        [[10]],
    ),
    Case(
        "list CONTAINS text",
        "MATCH (p:Paper) WHERE p.authors CONTAINS 'Max Welling' RETURN count(p) AS n",
        "'x' IN p.authors",
        "MATCH (p:Paper) WHERE 'Max Welling' IN p.authors RETURN count(p) AS n",
        [[1]],
    ),
    Case(
        "number IN texts",
        "MATCH (p:Paper) WHERE p.year IN ['2016'] RETURN count(p) AS n",
        "other kinds",
        "MATCH (p:Paper) WHERE p.year IN [2016] RETURN count(p) AS n",
        [[4]],
    ),
    Case("null in a list", "RETURN 'b' IN ['a', null] AS x", "leave null out", "RETURN 'b' IN ['a'] AS x", [[False]]),
    Case(
        "CONTAINS ''",
        "MATCH (p:Paper) WHERE p.title CONTAINS $s RETURN count(p) AS n",
        "leave it out",
        "MATCH (p:Paper) RETURN count(p) AS n",
        [[13]],
        {"s": ""},
    ),
    Case(
        "$x IS NULL",
        "MATCH (p:Paper) WHERE $y IS NULL OR p.year = $y RETURN count(p) AS n",
        "size($y) = 0 OR",
        "MATCH (p:Paper) WHERE size($y) = 0 OR p.year IN $y RETURN count(p) AS n",
        [[13]],
        {"y": None},
        {"y": []},
    ),
    # Paths.
    Case(
        "one edge twice",
        f"{P}-[:USES]->(d:Dataset)<-[:USES]-(q:Paper) RETURN q.id AS id",
        "p.id <> q.id",
        f"{P}-[:USES]->(d:Dataset)<-[:USES]-(q:Paper) WHERE p.id <> q.id RETURN q.id AS id, d.name AS n ORDER BY n",
        [[GAT, "Cora"], [GAT, "PubMed"]],
    ),
    Case(
        "one edge twice, two patterns",
        "MATCH (p:Paper)-[:ADDRESSES]->(t:Task), (q:Paper)-[:ADDRESSES]->(t) RETURN count(*) AS n",
        "p.id <> q.id",
        "MATCH (p:Paper)-[:ADDRESSES]->(t:Task), (q:Paper)-[:ADDRESSES]->(t) WHERE p.id <> q.id RETURN count(*) AS n",
        [[18]],
    ),
    Case(
        "one edge twice, kept apart under OR",
        f"{P}-[:USES]->(d)<-[:USES]-(q:Paper) WHERE p.id <> q.id OR d.name = 'Cora' RETURN count(*) AS n",
        "one edge could be matched twice",
        f"{P}-[:USES]->(d) MATCH (d)<-[:USES]-(q:Paper) WHERE p.id <> q.id OR d.name = 'Cora' RETURN count(*) AS n",
        [[3]],
    ),
    Case(
        "undirected *1..3, one type",
        "MATCH (a:Method {id: 'method:wrn'})-[:VARIANT_OF*1..3]-(b:Method) RETURN DISTINCT b.id AS id",
        "a.id <> b.id",
        "MATCH (a:Method {id: 'method:wrn'})-[:VARIANT_OF*1..3]-(b:Method) WHERE a.id <> b.id"
        " RETURN DISTINCT b.id AS id ORDER BY id",
        [["method:resnet"], ["method:resnet50"]],
    ),
    Case(
        "undirected *1..4, several types",
        f"MATCH (a:Paper {{id: '{GCN}'}})-[:USES|INTRODUCES*1..4]-(b:Paper) WHERE a.id <> b.id RETURN count(*) AS n",
        "DISTINCT",
        f"MATCH (a:Paper {{id: '{GCN}'}})-[:USES|INTRODUCES*1..4]-(b:Paper) WHERE a.id <> b.id"
        " RETURN DISTINCT b.id AS id",
        [[GAT]],
    ),
    Case(
        "undirected *2..3",
        "MATCH (a:Method)-[:VARIANT_OF*2..3]-(b:Method) WHERE a.id <> b.id RETURN DISTINCT b.id AS id",
        "begin at *1..",
        "MATCH q = (a:Method {id: 'method:wrn'})-[:VARIANT_OF*1..3]-(b:Method) WHERE a.id <> b.id"
        " RETURN b.id AS id, min(length(q)) AS n ORDER BY n",
        [["method:resnet", 1], ["method:resnet50", 2]],
    ),
    Case(
        "undirected *",
        "MATCH (a:Method)-[:VARIANT_OF*]-(b:Method) WHERE a.id <> b.id RETURN count(*) AS n",
        "upper bound",
        "MATCH (a:Method {id: 'method:wrn'})-[:VARIANT_OF*1..2]-(b:Method) WHERE a.id <> b.id"
        " RETURN count(DISTINCT b.id) AS n",
        [[2]],
    ),
    Case(
        "[n IN nodes(q) | n.id]",
        "MATCH q = (a:Dataset {id: 'dataset:cifar10'})-[:VARIANT_OF*1..2]->(b) RETURN [n IN nodes(q) | n.id] AS ns",
        "properties(nodes(q), 'id')",
        "MATCH (a:Dataset {id: 'dataset:cifar10'})-[:VARIANT_OF]->(b) RETURN a.id AS a, b.id AS b",
        [["dataset:cifar10", "dataset:cifar"]],
    ),
    Case(
        "shortestPath()",
        f"MATCH q = shortestPath((a:Paper {{id: '{GCN}'}})-[*1..4]-(b:Paper {{id: '{GAT}'}})) RETURN length(q) AS n",
        "ORDER BY n LIMIT 1",
        f"MATCH q = (a:Paper {{id: '{GCN}'}})-[:USES|INTRODUCES|COMPARES*1..4]-(b:Paper {{id: '{GAT}'}})"
        " WHERE a.id <> b.id RETURN length(q) AS n ORDER BY n LIMIT 1",
        [[2]],
    ),
    Case(
        "SHORTEST 1",
        f"MATCH q = SHORTEST 1 (a:Paper {{id: '{GCN}'}})-[:USES]-+(b:Paper {{id: '{GAT}'}}) RETURN length(q) AS n",
        "ORDER BY n LIMIT 1",
        f"MATCH q = (a:Paper {{id: '{GCN}'}})-[:USES*1..4]-(b:Paper {{id: '{GAT}'}})"
        " WHERE a.id <> b.id RETURN min(length(q)) AS n",
        [[2]],
    ),
    Case(
        "quantified path",
        "MATCH (a:Dataset)-[:VARIANT_OF]->{1,2}(b) RETURN count(*) AS n",
        "*1..2",
        "MATCH (a:Dataset)-[:VARIANT_OF*1..2]->(b) RETURN count(*) AS n",
        [[2]],
    ),
    Case(
        "size(e) of many edges",
        "MATCH (a:Dataset)-[e:VARIANT_OF*1..2]->(b) RETURN size(e) AS n",
        "length(q)",
        "MATCH q = (a:Dataset {id: 'dataset:cifar10'})-[e:VARIANT_OF*1..2]->(b) RETURN length(q) AS n",
        [[1]],
    ),
    # Order and union.
    Case(
        "order before collect",
        f"{CORA} WITH p.id AS id ORDER BY id DESC RETURN collect(id) AS l",
        "RETURN 1 AS one",
        f"{CORA} WITH p.id AS id ORDER BY id DESC LIMIT 1000 RETURN 1 AS one, collect(id) AS l",
        [[1, [GAT, GCN]]],
    ),
    Case(
        "order before collect of maps",
        f"{CORA} WITH p ORDER BY p.id DESC RETURN collect({{id: p.id, y: p.year}}) AS l",
        "RETURN 1 AS one",
        f"{CORA} WITH p ORDER BY p.id DESC LIMIT 1000 RETURN 1 AS one, collect({{id: p.id, y: p.year}}) AS l",
        [[1, [{"id": GAT, "y": 2017}, {"id": GCN, "y": 2016}]]],
    ),
    Case(
        "order and limit before an aggregate",
        "MATCH (p:Paper) WITH p ORDER BY p.id DESC LIMIT 3 RETURN max(p.id) AS a, count(*) AS n",
        "RETURN 1 AS one, max(p.id)",
        "MATCH (p:Paper) WITH p ORDER BY p.id DESC LIMIT 3 RETURN 1 AS one, max(p.id) AS a, min(p.id) AS b",
        [[1, "title:quoted-nets", "arxiv:2010.11929"]],
    ),
    Case(
        "order and skip before an aggregate, further on",
        "MATCH (p:Paper) WITH p ORDER BY p.id DESC SKIP 10 WITH p.id AS id WHERE id > 'a' RETURN min(id) AS a",
        "these would be other rows",
        "MATCH (p:Paper) WITH p ORDER BY p.id DESC SKIP 10 WITH p.id AS id WHERE id > 'a'"
        " RETURN 1 AS one, min(id) AS a",
        [[1, "arxiv:1512.03385"]],
    ),
    Case(
        "order of many before collect",
        f"{CORA} WITH p.id AS id ORDER BY id DESC LIMIT 1000000 RETURN 1 AS one, collect(id) AS l",
        "LIMIT 1000 at most",
        f"{CORA} RETURN p.id AS id ORDER BY id DESC",
        [[GAT], [GCN]],
        by_chance=True,
    ),
    Case(
        "UNION of other columns",
        "MATCH (t:Task) RETURN t.id AS id UNION MATCH (t:Task) RETURN t.id AS other",
        "the same names",
        "MATCH (t:Task) WHERE t.name STARTS WITH 'q' RETURN t.id AS id UNION MATCH (t:Task) WHERE t.name STARTS WITH"
        " 'q' RETURN t.id AS id",
        [["task:questionanswering"]],
    ),
    Case(
        "date() compared with text",
        "MATCH (p:Paper) WHERE p.date >= date('2018-01-01') RETURN count(p) AS n",
        "dates are text here",
        "MATCH (p:Paper) WHERE p.date >= '2018-01-01' RETURN count(p) AS n",
        [[5]],
    ),
    Case(
        "CONTAINS a number",
        "MATCH (p:Paper) WHERE p.title CONTAINS 16 RETURN p.id AS id",
        "a number is no text",
        "MATCH (p:Paper) WHERE p.title CONTAINS '16' RETURN p.id AS id",
        [["arxiv:2010.11929"]],
    ),
    Case(
        "two columns of one name",
        f"{P} RETURN p.id AS a, p.year AS a",
        "two columns are called a",
        f"{P} RETURN p.id AS a, p.year AS b",
        [[GCN, 2016]],
    ),
)

# Ordinary queries that must pass, with words that look like trouble where they are none; (query, parameters).
ACCEPTED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("MATCH (p:Paper) WHERE p.title CONTAINS 'SET x = 1; DELETE [0] type(r) labels(n)' RETURN count(p) AS n", {}),
    ("MATCH (p:Paper) /* CREATE (x) head(l) */ RETURN count(p) AS n // MERGE; list[0]", {}),
    ("MATCH (p:Paper) RETURN p.title AS `labels(n)[0]` ORDER BY `labels(n)[0]`, p.id LIMIT 1", {}),
    ("MATCH (p:`Paper`)-[:`USES`]->(d:`Dataset`) WHERE d.`name` = 'Cora' RETURN count(p) AS n", {}),
    ("MATCH (m:Method) RETURN m.kind AS type, count(m) AS id ORDER BY type, id", {}),
    ("WITH 1 AS load, 2 AS set RETURN load + set AS copy", {}),
    ("MATCH (p:Paper) WHERE p.year > 2015 AND p.year < 2018 AND (p.code = 'released') RETURN count(p) AS n", {}),
    ("MATCH (p:Paper) WHERE p.year < -1 OR p.year > -2 RETURN count(p) AS n", {}),
    ("MATCH (p:Paper)-->(x) WHERE p.year = 2016 RETURN count(x) AS n", {}),
    ("MATCH (x)<--(p:Paper) WHERE p.year = 2016 RETURN count(x) AS n", {}),
    ("MATCH (a)--(b) WHERE a.id = 'dataset:cifar' RETURN count(b) AS n", {}),
    ("MATCH (p:Paper)-[:USES]->(d:Dataset), (p)-[:HAS_CODE]->(r:Repository) RETURN count(*) AS n", {}),
    ("MATCH (p:Paper)-[:USES]->(d:Dataset), (p)-[:USES]->(m:Method) RETURN count(*) AS n", {}),
    ("MATCH (p:Paper)-[:USES]->(d:Dataset) MATCH (q:Paper)-[:USES]->(d) RETURN count(*) AS n", {}),
    (
        "MATCH (p:Paper)-[:USES]->(d:Dataset)<-[:USES]-(q:Paper) WHERE p.id < q.id AND d.papers > 1 RETURN d.id AS i",
        {},
    ),
    ("MATCH (p:Paper)-[:USES]->(d:Dataset)<-[:USES]-(q:Paper) WHERE p <> q RETURN count(*) AS n", {}),
    ("MATCH (p:Paper)-[:INTRODUCES]->(m:Method)<-[:COMPARES]-(q:Paper) RETURN count(*) AS n", {}),
    ("MATCH (r:Repository)-[:IMPLEMENTS]->(m:Method)-[:EVALUATED_ON]->(d:Dataset) RETURN count(*) AS n", {}),
    ("MATCH (m:Method)-[:VARIANT_OF]->(n:Method)-[:EVALUATED_ON]->(d:Dataset) RETURN count(*) AS n", {}),
    ("MATCH (m:Method)-[:VARIANT_OF*1..3]->(n:Method) RETURN count(*) AS n", {}),
    ("MATCH (p:Paper) WHERE NOT EXISTS { MATCH (p)-[:HAS_CODE]->(:Repository) } RETURN count(p) AS n", {}),
    ("MATCH (p:Paper) WHERE EXISTS { MATCH (p)-[e:USES]->(d) WHERE e.score > 0.5 } RETURN count(p) AS n", {}),
    ("MATCH (p:Paper) WHERE NOT (p)-[:HAS_CODE]->() RETURN count(p) AS n", {}),
    ("MATCH (p:Paper) OPTIONAL MATCH (p)-[:HAS_CODE]->(r) WITH p, r WHERE r IS NULL RETURN count(p) AS n", {}),
    ("MATCH (p:Paper) WHERE p.year IN [2016, 2017] RETURN count(p) AS n", {}),
    ("MATCH (p:Paper) WHERE p.id IN $ids RETURN count(p) AS n", {"ids": []}),
    ("MATCH (p:Paper) WHERE p.title STARTS WITH $s AND p.year >= $y RETURN count(p) AS n", {"s": "A", "y": 2000}),
    ("MATCH (p:Paper) WHERE 'GCNs' IN p.authors OR size(p.authors) = 2 RETURN count(p) AS n", {}),
    ("MATCH (p:Paper) RETURN CASE p.code WHEN 'released' THEN 1 ELSE 0 END AS c, count(*) AS n ORDER BY c", {}),
    ("MATCH (p:Paper) RETURN {id: p.id, year: p.year} AS m ORDER BY p.id LIMIT 1", {}),
    ("UNWIND [{a: 1, b: 'x'}, {a: 2, b: 'y'}] AS row RETURN row.a AS a, row.b AS b ORDER BY a", {}),
    ("UNWIND [{year: '2016'}] AS row WITH row WHERE row.year = '2016' RETURN row.year AS y", {}),
    ("MATCH (p:Paper) WHERE toLower(p.title) CONTAINS 'graph' AND size(p.authors) - 1 > 0 RETURN count(p) AS n", {}),
    ("MATCH (p:Paper) WHERE coalesce(p.year, 0) >= 2019 AND left(p.title, 1) <> 'x' RETURN count(p) AS n", {}),
    ("UNWIND $rows AS row MATCH (p:Paper {id: row.id}) RETURN p.year AS y", {"rows": [{"id": GCN}]}),
    ("MATCH (a:Task), (b:Task) WHERE id(a) = id(b) RETURN count(*) AS n", {}),
    ("MATCH (p:Paper) RETURN reverse(p.code) AS c, count(*) AS n ORDER BY c", {}),
    ("MATCH (p:Paper) WHERE p.title =~ '(?i).*graph.*' RETURN count(p) AS n", {}),
    (
        "MATCH (d:Dataset) RETURN d.name AS name, d.papers * 2 AS twice ORDER BY twice DESC, name SKIP 1 LIMIT $k",
        {"k": 2},
    ),
    ("MATCH (p:Paper) WITH p ORDER BY p.id LIMIT 100000 RETURN p.title AS title ORDER BY title", {}),
    ("MATCH (p:Paper) WITH p ORDER BY p.id LIMIT 3 RETURN p.year AS y, collect(p.id) AS ids", {}),
    ("MATCH (p:Paper) WITH p.year AS y, count(*) AS n WHERE n > 1 RETURN y, n ORDER BY y", {}),
    ("MATCH (m:Method) RETURN m.name AS name UNION ALL MATCH (d:Dataset) RETURN d.name AS name", {}),
    ("MATCH (p:Paper) WHERE p.authors = [] RETURN count(p) AS n;", {}),
    ("MATCH (x:Method|Dataset) WHERE x.id STARTS WITH 'method' RETURN count(x) AS n", {}),
    ("MATCH (p:Paper) WHERE any(a IN p.authors WHERE a STARTS WITH 'K') RETURN count(p) AS n", {}),
    ("MATCH (p:Paper) WHERE (p.year = 2016) XOR (p.code = 'released') RETURN count(p) AS n", {}),
    ("RETURN 7 / 2 AS a, 7 % 3 AS b, 1.0 * 3 / 4 AS c, 'it\\'s' AS d, \"q\" + 'r' AS e", {}),
    ("MATCH (p:Paper) RETURN max(p.year) AS a, min(p.date) AS b, count(DISTINCT p.code) AS c", {}),
)
