// question: How are two things connected, by the fewest steps?
// parameter from: thing
// parameter to: thing
// parameter limit: number = 20
// note: Up to four steps. Each statement is tried in turn until one has rows.
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
MATCH (a) WHERE a.id IN $from
MATCH (a)-[e1]-(x)
MATCH (b) WHERE b.id IN $to AND a.id <> b.id
MATCH (b)-[e4]-(z)
MATCH (x)-[e2]-(y)-[e3]-(z) WHERE x.id <> z.id AND y.id <> a.id AND y.id <> b.id
RETURN 4 AS steps, coalesce(a.title, a.name) AS start, coalesce(x.title, x.name) AS via_1,
  coalesce(y.title, y.name) AS via_2, coalesce(z.title, z.name) AS via_3, coalesce(b.title, b.name) AS end_at,
  coalesce(e1.quotes, []) + coalesce(e2.quotes, []) + coalesce(e3.quotes, []) + coalesce(e4.quotes, []) AS words
ORDER BY via_1, via_2, via_3, x.id, y.id, z.id, start, end_at, a.id, b.id
LIMIT $limit
