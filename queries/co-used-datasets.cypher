// question: Which datasets are used together with this dataset?
// parameter dataset: dataset with variants
// example: dataset=CIFAR-10
MATCH (d:Dataset) WHERE d.id IN $dataset
MATCH (p:Paper)-[:USES]->(d)
MATCH (p)-[:USES]->(o:Dataset)
WHERE NOT (o.id IN $dataset)
RETURN o.name AS dataset, count(DISTINCT p.id) AS papers, o.id AS id
ORDER BY papers DESC, dataset, id
LIMIT $limit
