// question: Which versions, sizes and splits of this method or dataset are there?
// parameter name: dataset or method
// example: name=CIFAR
MATCH (x:Dataset|Method) WHERE x.id IN $name
MATCH q = (v:Dataset|Method)-[:VARIANT_OF*1..4]->(x)
RETURN v.name AS variant, x.name AS of, min(length(q)) AS steps, v.papers AS papers, v.id AS id
ORDER BY steps, variant, id
LIMIT $limit
