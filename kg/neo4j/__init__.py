"""What reaching a Neo4j server and lying in one need: the connection, how a graph lies there, reading it back."""
