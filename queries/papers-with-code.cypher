// question: Which papers use or introduce this dataset or method, or work on this task, and link to their code?
// parameter dataset: dataset with variants, optional
// parameter method: method with variants, optional
// parameter task: task, optional
// one of: dataset, method, task
// note: Of several given, a paper must have all. The words are the sentences that name the thing.
// example: dataset=CIFAR-10
MATCH (x:Dataset|Method|Task)
WHERE x.id IN $dataset OR x.id IN $method OR x.id IN $task
MATCH (p:Paper)-[e:USES|INTRODUCES|ADDRESSES]->(x)
WHERE (size($dataset) = 0 OR EXISTS { MATCH (p)-[:USES|INTRODUCES]->(d:Dataset) WHERE d.id IN $dataset })
  AND (size($method) = 0 OR EXISTS { MATCH (p)-[:USES|INTRODUCES]->(m:Method) WHERE m.id IN $method })
  AND (size($task) = 0 OR EXISTS { MATCH (p)-[:ADDRESSES]->(t:Task) WHERE t.id IN $task })
MATCH (p)-[:HAS_CODE]->(r:Repository)
RETURN p.title AS title, p.year AS year, r.url AS repository, x.name AS name, e.quotes AS words, p.id AS paper
ORDER BY coalesce(p.year, 0) DESC, title, paper, repository, name, x.id
LIMIT $limit
