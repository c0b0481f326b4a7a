"""Graph: an opened graph folder and everything one can do with it, in one place for Python and for the command line.

>>> import kg
>>> g = kg.build(["papers.jsonl"], "my-graph")                     # doctest: +SKIP
>>> for row in g.query("papers-with-code", dataset="CIFAR-10"):    # doctest: +SKIP
...     print(row["title"], row["repository"])
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.store import Store

if TYPE_CHECKING:
    import networkx as nx

    from kg.neo4j.export import Exported
    from kg.query.answer import Answer

__all__ = ["Graph", "build", "open", "pull"]


@dataclass(frozen=True, slots=True)
class Graph:
    """An opened graph folder."""

    store: Store

    @property
    def path(self) -> Path:
        """The folder."""
        return self.store.path

    @property
    def counts(self) -> Mapping[str, int]:
        """How many nodes and edges of each type."""
        counts: Mapping[str, int] = self.store.manifest["counts"]
        return counts

    def query(self, name: str, /, **parameters: Any) -> Answer:
        """The answer of a named query. Names of entities are found by any alias and usual spelling.

        Raises NameNotFound, with the nearest names, for an unknown query, parameter or entity.
        """
        from kg.query import library

        return library.ask(self.store, name, parameters)

    def cypher(self, text: str, parameters: Mapping[str, Any] | None = None, *, timeout: float = 30.0) -> Answer:
        """The answer of a read-only Cypher query; `timeout` in seconds.

        Raises QueryError where the text is at fault, DialectError where Neo4j would answer otherwise, QueryTimeout.
        """
        from kg.query import cypher

        return cypher.ask(self.store, text, parameters or {}, timeout=timeout)

    def networkx(self) -> nx.MultiDiGraph[str]:
        """The whole graph in networkx: node key is the id, edge key the type, properties are attributes."""
        from kg import views

        return views.networkx(self.store)

    def draw(self, around: str, path: str | Path, *, hops: int = 1, limit: int = 200) -> Path:
        """Write an interactive page of what lies within `hops` edges of an entity or paper, and return its path."""
        from kg.draw import draw

        return draw(self.store, around, path, hops=hops, limit=limit)

    def export(self, target: str, path: str | Path) -> Path:
        """Write the graph in the format `target` (turtle, ntriples, jsonld, graphml, gexf, jsonl, csv) to `path`."""
        from kg.export import export

        return export(self.store, target, path)

    def export_neo4j(
        self, uri: str | None = None, user: str | None = None, *, database: str | None = None, prune: bool = False
    ) -> Exported:
        """Make the graph in a Neo4j server's database what this one is; the same call again changes nothing.

        What is not given comes from NEO4J_URI, NEO4J_USER and NEO4J_DATABASE, the password from NEO4J_PASSWORD. With
        `prune` our nodes and edges that this graph has not are removed. Raises ServerError.
        """
        from kg.neo4j import export
        from kg.neo4j.server import Server

        return export.export(self.store, Server.from_env(uri, user, database=database), prune=prune)


def open(path: str | Path) -> Graph:
    """Open a graph folder; GraphError if there is none or it is damaged."""
    return Graph(Store.open(path))


def build(
    inputs: Iterable[str | Path],
    path: str | Path | None = None,
    *,
    workers: int | None = None,
    format: str | None = None,
    columns: Mapping[str, str] | None = None,
    model: str | Path | None = None,
    lexicon: Iterable[str | Path] = (),
    at_least: float = 0.0,
    progress: Callable[[str, int, int | None], None] | None = None,
) -> Graph:
    """Read, extract, resolve and build: the whole way from papers to an opened graph at `path`.

    Without a path the graph is in a temporary folder, which goes away when Python ends.

    `workers` is the number of processes: None takes all cores, 0 stays in this one. `format` and `columns` are for the
    readers, as in kg.read_papers; `model`, `lexicon` and `at_least` for the extractor, as in kg.extract_papers.
    `progress` is called with the stage, how much is done and, where known, how much there is. Raises InputError,
    BuildError, ModelError.
    """
    from kg import pipeline

    if path is None:
        path = _temporary() / "graph"
    store = pipeline.build(
        inputs,
        path,
        workers=workers,
        format=format,
        columns=columns,
        model=model,
        lexicon=lexicon,
        at_least=at_least,
        progress=progress,
    )
    return Graph(store)


def pull(path: str | Path, uri: str | None = None, user: str | None = None, *, database: str | None = None) -> Graph:
    """Read the graph in a Neo4j server's database back into a graph folder at `path`, and open it.

    What is not given comes from the environment, as in Graph.export_neo4j. The content digest is that of the graph that
    was exported. Raises SchemaError where a node or edge of ours is not as the schema says, ServerError, GraphError.
    """
    from kg.neo4j import pull
    from kg.neo4j.server import Server

    return Graph(pull.pull(Server.from_env(uri, user, database=database), path))


def _temporary() -> Path:
    """A new folder that is removed when Python ends."""
    import atexit
    import shutil
    import tempfile

    folder = tempfile.mkdtemp(prefix="kg-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)
