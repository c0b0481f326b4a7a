// question: Which repositories implement this method?
// parameter method: method
// note: A repository implements a method if a paper that introduces the method links to it.
// example: method=graph convolutional network
MATCH (m:Method) WHERE m.id IN $method
MATCH (r:Repository)-[e:IMPLEMENTS]->(m)
RETURN r.url AS repository, m.name AS method, e.papers AS papers, e.score AS score
ORDER BY score DESC, repository, r.id
LIMIT $limit
