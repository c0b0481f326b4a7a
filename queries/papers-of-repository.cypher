// question: Which papers link to this repository, and in which words?
// parameter repository: repository
// example: repository=tkipf/gcn
MATCH (r:Repository) WHERE r.id IN $repository
MATCH (p:Paper)-[e:HAS_CODE]->(r)
RETURN p.title AS title, p.year AS year, r.url AS repository, e.quotes AS words, p.id AS paper
ORDER BY coalesce(p.year, 0) DESC, title, paper
LIMIT $limit
