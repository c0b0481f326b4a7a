// question: What did the papers of this year introduce?
// parameter year: number
// parameter type: dataset or method as text = method
// example: year=2016
MATCH (p:Paper)-[e:INTRODUCES]->(x:Dataset|Method)
WHERE p.year = $year AND x.id STARTS WITH $type
RETURN x.name AS introduced, p.title AS title, e.quotes AS words, x.id AS id, p.id AS paper
ORDER BY introduced, id, title, paper
LIMIT $limit
