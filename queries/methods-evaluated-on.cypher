// question: Which new methods were evaluated on this dataset?
// parameter dataset: dataset with variants
// note: A method counts if a paper introduces it and uses the dataset.
// example: dataset=GLUE
MATCH (d:Dataset) WHERE d.id IN $dataset
MATCH (m:Method)-[e:EVALUATED_ON]->(d)
RETURN m.name AS method, d.name AS dataset, e.papers AS papers, e.score AS score, m.id AS id
ORDER BY method, id, dataset, d.id
LIMIT $limit
