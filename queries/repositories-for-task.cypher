// question: Which repositories come with papers on this task?
// parameter task: task
// example: task=image classification
MATCH (t:Task) WHERE t.id IN $task
MATCH (p:Paper)-[:ADDRESSES]->(t)
MATCH (p)-[:HAS_CODE]->(r:Repository)
RETURN r.url AS repository, count(DISTINCT p.id) AS papers, max(p.year) AS latest, r.id AS id
ORDER BY papers DESC, repository, id
LIMIT $limit
