// question: Which papers promise code but link to none, since a year?
// parameter since: number = 0
// example: since=2020
MATCH (p:Paper)
WHERE p.code = 'promised' AND coalesce(p.year, 0) >= $since
  AND NOT EXISTS { MATCH (p)-[:HAS_CODE]->(:Repository) }
RETURN p.title AS title, p.year AS year, p.url AS url, p.id AS paper
ORDER BY coalesce(p.year, 0) DESC, title, paper
LIMIT $limit
