// question: Which papers use this dataset, and in which words?
// parameter dataset: dataset with variants
// example: dataset=CIFAR-100
MATCH (d:Dataset) WHERE d.id IN $dataset
MATCH (p:Paper)-[e:USES]->(d)
RETURN p.title AS title, p.year AS year, d.name AS dataset, e.quotes AS words, p.id AS paper
ORDER BY coalesce(p.year, 0) DESC, title, paper, dataset, d.id
LIMIT $limit
