// question: Which methods do papers on this task introduce?
// parameter task: task
// example: task=image classification
MATCH (t:Task) WHERE t.id IN $task
MATCH (p:Paper)-[:ADDRESSES]->(t)
MATCH (p)-[e:INTRODUCES]->(m:Method)
RETURN m.name AS method, p.title AS title, p.year AS year, e.quotes AS words, m.id AS id, p.id AS paper
ORDER BY coalesce(p.year, 0) DESC, method, id, title, paper
LIMIT $limit
