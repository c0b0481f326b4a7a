// question: Which papers link to no code? About this dataset, method or task, if one is given.
// parameter dataset: dataset with variants, optional
// parameter method: method with variants, optional
// parameter task: task, optional
// example: task=question answering
MATCH (p:Paper)
WHERE NOT EXISTS { MATCH (p)-[:HAS_CODE]->(:Repository) }
  AND (size($dataset) = 0 OR EXISTS { MATCH (p)-[:USES|INTRODUCES]->(d:Dataset) WHERE d.id IN $dataset })
  AND (size($method) = 0 OR EXISTS { MATCH (p)-[:USES|INTRODUCES]->(m:Method) WHERE m.id IN $method })
  AND (size($task) = 0 OR EXISTS { MATCH (p)-[:ADDRESSES]->(t:Task) WHERE t.id IN $task })
RETURN p.title AS title, p.year AS year, p.code AS code, p.url AS url, p.id AS paper
ORDER BY coalesce(p.year, 0) DESC, title, paper
LIMIT $limit
