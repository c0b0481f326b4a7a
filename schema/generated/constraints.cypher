// Made from schema/kg.yaml by python -m kg.neo4j.layout: change that file, not this one.
CREATE CONSTRAINT kg_key IF NOT EXISTS FOR (n:`KG`) REQUIRE (n.`type`, n.`id`) IS UNIQUE;
CREATE INDEX kg_paper_id IF NOT EXISTS FOR (n:`Paper`) ON (n.`id`);
CREATE INDEX kg_method_id IF NOT EXISTS FOR (n:`Method`) ON (n.`id`);
CREATE INDEX kg_method_name IF NOT EXISTS FOR (n:`Method`) ON (n.`name`);
CREATE INDEX kg_dataset_id IF NOT EXISTS FOR (n:`Dataset`) ON (n.`id`);
CREATE INDEX kg_dataset_name IF NOT EXISTS FOR (n:`Dataset`) ON (n.`name`);
CREATE INDEX kg_task_id IF NOT EXISTS FOR (n:`Task`) ON (n.`id`);
CREATE INDEX kg_task_name IF NOT EXISTS FOR (n:`Task`) ON (n.`name`);
CREATE INDEX kg_repository_id IF NOT EXISTS FOR (n:`Repository`) ON (n.`id`);
CREATE INDEX kg_repository_name IF NOT EXISTS FOR (n:`Repository`) ON (n.`name`);
CREATE FULLTEXT INDEX kg_names IF NOT EXISTS FOR (n:`Paper`|`Method`|`Dataset`|`Task`|`Repository`) ON EACH [n.`name`, n.`title`, n.`aliases`];
