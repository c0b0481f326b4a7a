"""The graph folder: written whole, opened, checked.

my-graph/
  manifest.json      format, schema and tool version, inputs and digests, counts, content digest; written last
  nodes/TYPE.parquet     id and the schema's properties, sorted by id
  edges/TYPE.parquet     subject, subject_type, object, object_type, the schema's properties, evidence; sorted by ends
  index/                 databases derived from the above: made when first asked for, remade when stale
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from kg import schema as _schema
from kg.errors import GraphError, SchemaError, StorageError
from kg.model import Edge, Evidence, Node

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "FORMAT",
    "Store",
    "arrow_schema",
    "check_target",
    "finish",
    "put_in_place",
    "replacing",
    "storage_error",
    "table_file",
    "write",
]

FORMAT = "kg-graph/1"
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Store:
    """An opened graph folder. Reading it never changes it, but for `index/`."""

    path: Path
    manifest: Mapping[str, Any]

    @classmethod
    def open(cls, path: str | Path) -> Store:
        """Open the graph folder at `path`; GraphError if there is none, it is incomplete or of another format."""
        folder = Path(path)
        file = folder / _MANIFEST
        _recover(folder)
        if not folder.exists():
            raise GraphError("no such graph folder", path=folder, remedy="make one: kg build INPUT... -o " + str(path))
        if not file.is_file():
            raise GraphError(
                "not a graph folder: it has no manifest.json", path=folder, remedy="name what kg build -o wrote"
            )
        try:
            manifest = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as e:
            raise GraphError(f"manifest.json cannot be read: {e}", path=folder, remedy="build the graph again") from e
        found = manifest.get("format") if isinstance(manifest, dict) else None
        if found != FORMAT:
            raise GraphError(
                f"format {found!r}, expected {FORMAT!r}", path=folder, remedy="build the graph again with this kg"
            )
        store = cls(folder, MappingProxyType(manifest))
        for name in (*_schema.load().nodes, *_schema.load().edges):
            if not store.file(name).is_file():
                raise GraphError(f"{store.file(name).name} is missing", path=folder, remedy="build the graph again")
        return store

    @property
    def digest(self) -> str:
        """The digest of all tables: two graphs with the same one hold the same bytes."""
        return str(self.manifest["content"])

    @property
    def index(self) -> Path:
        """The folder for databases derived from this graph. It may not exist yet, and may be deleted at any time."""
        return self.path / "index"

    def file(self, name: str) -> Path:
        """The Parquet file of a node type or an edge type."""
        return table_file(self.path, name)

    def rows(self, name: str, columns: Iterable[str] | None = None) -> Iterator[dict[str, Any]]:
        """The rows of a type as plain dicts, in file order, streamed."""
        import pyarrow.parquet as pq

        with pq.ParquetFile(self.file(name)) as table:
            # As Python objects a batch is many times its size in the file: small ones, which are quicker as well.
            for batch in table.iter_batches(8192, columns=None if columns is None else list(columns)):
                yield from batch.to_pylist()

    def select(
        self, name: str, column: str, values: Collection[str], columns: Iterable[str] | None = None
    ) -> Iterator[dict[str, Any]]:
        """The rows of a type whose `column` is one of `values`, as plain dicts, in file order.

        Only `column` is read of the whole table; the rest only where a row is wanted, a batch at a time.
        """
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        wanted = pa.array(sorted(values), pa.string())
        names = None if columns is None else list(columns)
        with pq.ParquetFile(self.file(name)) as table:
            for group in range(table.num_row_groups) if len(wanted) else ():
                key = table.read_row_group(group, columns=[column]).column(0)
                places = pc.indices_nonzero(pc.is_in(key, value_set=wanted)).to_numpy()
                first = 0
                for batch in table.iter_batches(row_groups=[group], columns=names) if len(places) else ():
                    inside = places[(places >= first) & (places < first + len(batch))]
                    if len(inside):
                        yield from batch.take(pa.array(inside - first)).to_pylist()
                    first += len(batch)

    def nodes(self, type_name: str) -> Iterator[Node]:
        """The nodes of a type, in order of id."""
        for row in self.rows(type_name):
            key = row.pop("id")
            yield Node(key, type_name, _frozen(row))

    def edges(self, type_name: str) -> Iterator[Edge]:
        """The edges of a type, in order of subject, then object."""
        for row in self.rows(type_name):
            evidence = tuple(Evidence(**e) for e in row.pop("evidence", None) or ())
            ends = {k: row.pop(k) for k in ("subject", "subject_type", "object", "object_type")}
            yield Edge(type_name, **ends, properties=_frozen(row), evidence=evidence)


def _frozen(row: Mapping[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}


def table_file(folder: Path, name: str) -> Path:
    """The Parquet file of a node type or an edge type in a graph folder."""
    return folder / ("nodes" if name in _schema.load().nodes else "edges") / f"{name}.parquet"


def arrow_schema(name: str) -> pa.Schema:
    """The columns of a node type's or edge type's table."""
    import pyarrow as pa

    types = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "strings": pa.list_(pa.string())}
    evidence = pa.struct(
        [
            ("field", pa.string()),
            ("start", pa.int32()),
            ("end", pa.int32()),
            ("text", pa.string()),
            ("source", pa.string()),
            ("score", pa.float64()),
            ("sentence_start", pa.int32()),
            ("sentence_end", pa.int32()),
        ]
    )
    known = _schema.load()
    if name in known.nodes:
        return pa.schema([(p.name, types[p.type]) for p in known.nodes[name].properties])
    edge = known.edges[name]
    ends = [(k, pa.string()) for k in ("subject", "subject_type", "object", "object_type")]
    proof = [("evidence", pa.list_(evidence))] if edge.rests_on == "mentions" else []
    return pa.schema([*ends, *((p.name, types[p.type]) for p in edge.properties), *proof])


def check_target(target: Path) -> None:
    """Raise GraphError if `target` is something other than a graph or an empty folder: it is not to be written over."""
    try:
        other = (
            target.exists() and not (target / _MANIFEST).is_file() and (not target.is_dir() or any(target.iterdir()))
        )
    except OSError as e:
        raise storage_error(e, target) from e
    if other:
        raise GraphError("exists and is no graph folder: it is left alone", path=target, remedy="name another -o")


@contextlib.contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """A new folder beside `path` that takes its place when the block ends well, and goes away when it does not.

    Raises StorageError where the folder cannot be written, GraphError where `path` is something other than a graph.
    """
    target = Path(path)
    check_target(target)
    new = target.with_name(f".{target.name}.new")
    try:
        shutil.rmtree(new, ignore_errors=True)
        (new / "nodes").mkdir(parents=True)
        (new / "edges").mkdir()
        yield new
        put_in_place(new, target)
    except OSError as e:
        raise storage_error(e, target) from e
    finally:
        shutil.rmtree(new, ignore_errors=True)


def put_in_place(new: Path, target: Path) -> None:
    """The folder `new` takes the place of `target`; between the two renames the old one is beside it, as .NAME.old."""
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    new.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _recover(target: Path) -> None:
    """Put back the old graph if a crash fell between the two renames."""
    old = target.with_name(f".{target.name}.old")
    if not target.exists() and (old / _MANIFEST).is_file():
        with contextlib.suppress(OSError):
            old.rename(target)


def storage_error(e: OSError, path: str | Path) -> StorageError:
    """The operating system's refusal, in our words."""
    where = e.filename or path
    if e.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StorageError(
            f"no space left: {e.strerror}", path=where, remedy="free some, then run the same command again"
        )
    return StorageError(f"cannot be written: {e.strerror or e}", path=where, remedy="name a folder you may write")


def finish(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest of a folder whose tables are all there, adding format, schema version and content digest."""
    content = hashlib.sha256()
    known = _schema.load()
    for name in (*known.nodes, *known.edges):
        content.update(name.encode() + b"\0")
        with table_file(folder, name).open("rb") as f:
            content.update(hashlib.file_digest(f, "sha256").digest())
    whole = {"format": FORMAT, "schema": known.version, **manifest, "content": content.hexdigest()}
    with (folder / _MANIFEST).open("w", encoding="utf-8") as out:
        json.dump(whole, out, ensure_ascii=False, indent=2, sort_keys=True)
        out.write("\n")
        out.flush()
        os.fsync(out.fileno())


def write(
    path: str | Path, nodes: Iterable[Node], edges: Iterable[Edge], *, manifest: Mapping[str, Any] | None = None
) -> Store:
    """Write a graph that fits in memory, each node and edge checked against the schema; for tests and small imports.

    Raises SchemaError for what the schema does not allow: a wrong type or property, an edge without evidence or to a
    node that is not there, the same node or edge twice.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    known = _schema.load()
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in (*known.nodes, *known.edges)}
    there: set[tuple[str, ...]] = set()
    for n in nodes:
        known.check_node(n)
        if (n.type, n.id) in there:
            raise SchemaError(f"{n.type} {n.id!r} is there twice")
        there.add((n.type, n.id))
        rows[n.type].append({"id": n.id, **n.properties})
    for e in edges:
        known.check_edge(e)
        for end in ((e.subject_type, e.subject), (e.object_type, e.object)):
            if end not in there:
                raise SchemaError(f"edge {e.subject!r} -{e.type}-> {e.object!r}: no {end[0]} {end[1]!r}")
        ends = {"subject": e.subject, "subject_type": e.subject_type, "object": e.object, "object_type": e.object_type}
        if (e.type, *ends.values()) in there:
            raise SchemaError(f"edge {e.subject!r} -{e.type}-> {e.object!r} is there twice")
        there.add((e.type, *ends.values()))
        proof = [{k: getattr(v, k) for k in Evidence.__dataclass_fields__} for v in e.evidence]
        rows[e.type].append({**ends, **e.properties, **({"evidence": proof} if proof else {})})
    with replacing(path) as new:
        for name, listed in rows.items():
            order = ("id",) if name in known.nodes else ("subject", "object", "subject_type", "object_type")
            listed.sort(key=lambda row, order=order: [row[k] for k in order])  # type: ignore[misc]
            pq.write_table(pa.Table.from_pylist(listed, arrow_schema(name)), table_file(new, name), compression="zstd")
        counts = {name: len(listed) for name, listed in rows.items()}
        finish(new, {"counts": counts, **(manifest or {})})
    return Store.open(path)
