// question: Which datasets do papers on this task use or introduce?
// parameter task: task
// example: task=node classification
MATCH (t:Task) WHERE t.id IN $task
MATCH (p:Paper)-[:ADDRESSES]->(t)
MATCH (p)-[:USES|INTRODUCES]->(d:Dataset)
RETURN d.name AS dataset, count(DISTINCT p.id) AS papers, d.id AS id
ORDER BY papers DESC, dataset, id
LIMIT $limit
