// question: Which paper introduced this method or dataset, and in which words?
// parameter name: dataset or method
// example: name=ResNet
MATCH (x:Dataset|Method) WHERE x.id IN $name
MATCH (p:Paper)-[e:INTRODUCES]->(x)
RETURN x.name AS introduced, p.title AS title, p.year AS year, p.authors AS authors, e.quotes AS words, p.id AS paper
ORDER BY coalesce(p.year, 9999), e.score DESC, title, paper
LIMIT $limit
