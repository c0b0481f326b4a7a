// question: Which new methods were compared with this method, and in which words?
// parameter method: method with variants
// example: method=ResNet
MATCH (m:Method) WHERE m.id IN $method
MATCH (p:Paper)-[e:COMPARES]->(m)
MATCH (p)-[:INTRODUCES]->(n:Method)
WHERE n.id <> m.id
RETURN n.name AS method, m.name AS compared_with, p.title AS title, p.year AS year, e.quotes AS words, p.id AS paper
ORDER BY coalesce(p.year, 0) DESC, method, n.id, compared_with, m.id, title, paper
LIMIT $limit
