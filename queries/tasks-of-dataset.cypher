// question: Which tasks do papers that use this dataset work on?
// parameter dataset: dataset with variants
// example: dataset=ImageNet
MATCH (d:Dataset) WHERE d.id IN $dataset
MATCH (p:Paper)-[:USES]->(d)
MATCH (p)-[:ADDRESSES]->(t:Task)
RETURN t.name AS task, count(DISTINCT p.id) AS papers, t.id AS id
ORDER BY papers DESC, task, id
LIMIT $limit
