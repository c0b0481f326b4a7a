// question: Which methods do more papers use, introduce or compare with than in the years before?
// parameter years: number = 2
// note: Counts the last so many years of the graph, and as many before them.
// example: years=5
MATCH (l:Paper)
WITH max(l.year) AS latest
MATCH (p:Paper)-[:USES|INTRODUCES|COMPARES]->(m:Method)
WHERE p.year > latest - 2 * $years
WITH m, count(DISTINCT CASE WHEN p.year > latest - $years THEN p.id END) AS recent,
  count(DISTINCT CASE WHEN p.year <= latest - $years THEN p.id END) AS before
WHERE recent > before
RETURN m.name AS method, recent, before, recent - before AS rise, m.id AS id
ORDER BY rise DESC, recent DESC, method, id
LIMIT $limit
