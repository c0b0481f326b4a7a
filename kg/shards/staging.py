"""The folder of work in progress, and the shards in it.

.NAME.building/
  papers/KEY.parquet   the papers of a shard, in input order
  parts/KEY.parquet    what was found in them; a part that is there is whole, and is never made again
  running/KEY          the process at work on a shard and the paper it is at; gone when it is done
  aside/KEY.jsonl      papers that are not met again, and why

KEY is a digest of the shard's papers, their place in the input, and the salt: extractor, code version and shard sizes.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from kg.ids import digest
from kg.model import Paper
from kg.store import storage_error
from kg.tables.papers import papers_of, to_arrow

__all__ = ["FEW", "MANY", "Shard", "Staging", "cut", "write_whole"]

# The first shards are small, so that all workers have something to do where papers are few.
FEW, FEW_SHARDS, MANY = 250, 8, 1000


@dataclass(frozen=True, slots=True)
class Shard:
    """`count` papers of the input, the first of which is number `first`."""

    key: str
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Staging:
    """The folder of work in progress."""

    path: Path

    def create(self) -> None:
        """Make the folders that are not there. Raises StorageError."""
        try:
            for name in ("papers", "parts", "running", "aside"):
                (self.path / name).mkdir(parents=True, exist_ok=True)
        except OSError as e:
            raise storage_error(e, self.path) from e

    def remove(self) -> None:
        """Remove it all."""
        shutil.rmtree(self.path, ignore_errors=True)

    def papers(self, shard: Shard) -> Path:
        """Where the papers of a shard are."""
        return self.path / "papers" / f"{shard.key}.parquet"

    def part(self, shard: Shard) -> Path:
        """Where what was found in a shard is, once it is made."""
        return self.path / "parts" / f"{shard.key}.parquet"

    def running(self, shard: Shard) -> Path:
        """Where the process that works on a shard says so."""
        return self.path / "running" / shard.key

    def at(self, shard: Shard) -> tuple[int, int] | None:
        """The process at work on a shard and the paper it is at, counted from 0 in the shard; None if none is."""
        with contextlib.suppress(OSError, ValueError):
            pid, row = self.running(shard).read_bytes().split()
            return int(pid), int(row)
        return None

    def put_aside(self, shard: Shard, row: int, reason: str) -> None:
        """Remember that a paper of a shard shall not be met again. It is on the disk when this returns."""
        try:
            with (self.path / "aside" / f"{shard.key}.jsonl").open("a", encoding="utf-8") as out:
                out.write(json.dumps({"row": row, "reason": reason}) + "\n")
                out.flush()
                os.fsync(out.fileno())
        except OSError as e:
            raise storage_error(e, self.path) from e

    def aside(self, shard: Shard) -> dict[int, str]:
        """The papers of a shard that are not to be met again, with the reason."""
        try:
            lines = (self.path / "aside" / f"{shard.key}.jsonl").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return {}
        found: dict[int, str] = {}
        for line in lines:
            # The last line is half a line if the run was killed in the middle of it.
            with contextlib.suppress(ValueError):
                record = json.loads(line)
                found[record["row"]] = record["reason"]
        return found

    def read(self, shard: Shard) -> list[Paper]:
        """The papers of a shard, with id, title and abstract only."""
        import pyarrow.parquet as pq

        return list(papers_of(pq.read_table(self.papers(shard), columns=["id", "title", "abstract"])))


def write_whole(path: Path, data: bytes | memoryview) -> None:
    """Write beside and rename: the file is there whole or not at all, even if the power fails."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
    except OSError as e:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise storage_error(e, path) from e


def cut(papers: Iterable[Paper], staging: Staging, *, salt: str) -> Iterator[Shard]:
    """Cut a stream of papers into shards and write each into `staging` when it is full.

    Sizes depend on nothing but the place in the stream. Raises StorageError.
    """
    import pyarrow.parquet as pq

    stream, first, made = iter(papers), 0, 0
    while chunk := list(islice(stream, FEW if made < FEW_SHARDS else MANY)):
        buffer = io.BytesIO()
        pq.write_table(to_arrow(chunk, first), buffer, compression="zstd")
        key = digest(salt.encode() + b"\0" + buffer.getvalue(), size=12)
        shard = Shard(key, first, len(chunk))
        if not staging.papers(shard).exists():
            write_whole(staging.papers(shard), buffer.getbuffer())
        yield shard
        first, made = first + len(chunk), made + 1
