// question: Which papers use both of two datasets, and which only one?
// parameter first: dataset with variants
// parameter second: dataset with variants
// example: first=CIFAR-10 second=CIFAR-100
MATCH (d:Dataset) WHERE d.id IN $first OR d.id IN $second
MATCH (p:Paper)-[:USES]->(d)
WITH p, max(CASE WHEN d.id IN $first THEN 1 ELSE 0 END) AS one, max(CASE WHEN d.id IN $second THEN 1 ELSE 0 END) AS two
RETURN CASE WHEN one = 1 AND two = 1 THEN 'both' WHEN one = 1 THEN 'first only' ELSE 'second only' END AS uses,
  p.title AS title, p.year AS year, p.id AS paper
ORDER BY uses, coalesce(p.year, 0) DESC, title, paper
LIMIT $limit
