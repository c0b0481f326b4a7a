// question: How are two things connected, by the fewest steps?
// parameter from: thing
// parameter to: thing
// parameter limit: number = 20
// note: Up to four steps; of four, those over the first few middles. Each statement is tried until one has rows.
// example: from=CIFAR-10 to=BERT
MATCH (a) WHERE a.id IN $from
MATCH (a)-[e1]-(b) WHERE b.id IN $to AND a.id <> b.id
RETURN 1 AS steps, coalesce(a.title, a.name) AS start, '' AS via_1, '' AS via_2, '' AS via_3,
  coalesce(b.title, b.name) AS end_at, coalesce(e1.quotes, []) AS words
ORDER BY start, end_at, a.id, b.id
LIMIT $limit;
MATCH (a) WHERE a.id IN $from
MATCH (a)-[e1]-(x) WHERE a.id <> x.id
MATCH (x)-[e2]-(b) WHERE b.id IN $to AND a.id <> b.id
RETURN 2 AS steps, coalesce(a.title, a.name) AS start, coalesce(x.title, x.name) AS via_1, '' AS via_2, '' AS via_3,
  coalesce(b.title, b.name) AS end_at, coalesce(e1.quotes, []) + coalesce(e2.quotes, []) AS words
ORDER BY via_1, x.id, start, end_at, a.id, b.id
LIMIT $limit;
MATCH (a) WHERE a.id IN $from
MATCH (a)-[e1]-(x)
MATCH (b) WHERE b.id IN $to AND a.id <> b.id
MATCH (b)-[e3]-(y)
MATCH (x)-[e2]-(y) WHERE x.id <> b.id AND y.id <> a.id
RETURN 3 AS steps, coalesce(a.title, a.name) AS start, coalesce(x.title, x.name) AS via_1,
  coalesce(y.title, y.name) AS via_2, '' AS via_3, coalesce(b.title, b.name) AS end_at,
  coalesce(e1.quotes, []) + coalesce(e2.quotes, []) + coalesce(e3.quotes, []) AS words
ORDER BY via_1, via_2, x.id, y.id, start, end_at, a.id, b.id
LIMIT $limit;
MATCH (a) WHERE a.id IN $from AND NOT (a.id IN $to)
MATCH (a)-[]-(x)-[]-(y) WHERE NOT (x.id IN $to) AND NOT (y.id IN $to) AND y.id <> a.id
WITH DISTINCT y.id AS middle
MATCH (b) WHERE b.id IN $to
MATCH (b)-[]-(z) WHERE NOT (z.id IN $from)
MATCH (z)-[]-(y) WHERE y.id = middle
WITH DISTINCT middle, coalesce(y.title, y.name) AS via_2 ORDER BY via_2, middle LIMIT $limit
MATCH (a) WHERE a.id IN $from
MATCH (a)-[e1]-(x) WHERE NOT (x.id IN $to)
MATCH (x)-[e2]-(y) WHERE y.id = middle
MATCH (b) WHERE b.id IN $to
MATCH (b)-[e4]-(z) WHERE NOT (z.id IN $from) AND z.id <> x.id
MATCH (z)-[e3]-(w) WHERE w.id = middle
RETURN 4 AS steps, coalesce(a.title, a.name) AS start, coalesce(x.title, x.name) AS via_1, via_2,
  coalesce(z.title, z.name) AS via_3, coalesce(b.title, b.name) AS end_at,
  coalesce(e1.quotes, []) + coalesce(e2.quotes, []) + coalesce(e3.quotes, []) + coalesce(e4.quotes, []) AS words
ORDER BY via_2, via_1, via_3, middle, x.id, z.id, start, end_at, a.id, b.id
LIMIT $limit
