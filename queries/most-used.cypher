// question: Which datasets or methods are used by the most papers, year by year?
// parameter type: dataset or method as text = dataset
// parameter since: number = 0
// parameter until: number = 9999
// example: type=dataset since=2016
MATCH (p:Paper)-[:USES]->(x:Dataset|Method)
WHERE x.id STARTS WITH $type AND p.year >= $since AND p.year <= $until
RETURN p.year AS year, x.name AS name, count(DISTINCT p.id) AS papers, x.id AS id
ORDER BY year DESC, papers DESC, name, id
LIMIT $limit
