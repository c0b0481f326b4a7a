"""The whole way from a pile of papers to a graph folder: read, extract, resolve, tables, store.

Work in progress is kept beside the graph, in ``.NAME.building``: a build that was cut goes on from there when the same
command is given again. The graph that was there before stays whole until the new one takes its place.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from kg import __version__
from kg.errors import BuildError, InputError
from kg.model import Paper, Reject
from kg.shards import Executors, Extractor, Job, Shard, Staging, cut, rules, run
from kg.shards.executors import cores
from kg.store import Store, check_target, finish, replacing, storage_error
from kg.tables import build_tables
from kg.tables.connect import checked_memory

__all__ = ["Progress", "build", "default_extractor", "rejects_path"]

Progress = Callable[[str, int, int | None], None]


def rejects_path(path: str | Path) -> Path:
    """Where a build to `path` writes what it set aside: ``NAME.rejects.jsonl`` beside the graph."""
    target = _absolute(path)
    return target.with_name(target.name + ".rejects.jsonl")


def default_extractor(
    model: str | Path | None = None, lexicon: Iterable[str | Path] = (), at_least: float = 0.0
) -> Extractor:
    """kg's own extractor, with another spaCy pipeline where `model` names one, with names of one's own from the files
    of `lexicon`, and with those mentions alone whose score is `at_least` so high. Raises ModelError."""
    from kg import extract
    from kg.extract.kept import checked_score

    # A worker on another machine may stand in another folder.
    files = tuple(str(_absolute(file)) for file in lexicon)
    return Extractor(
        partial(extract.extract_papers, model=model, lexicon=files, at_least=checked_score(at_least)),
        extract.fingerprint(model, files) + (f" at least {at_least!r}" if at_least else ""),
        partial(extract.entries, model, files),
        partial(extract.warm, model, files),
        ("kg.shards.preload",),
    )


def build(
    inputs: Iterable[str | Path],
    path: str | Path,
    *,
    workers: int | None = None,
    format: str | None = None,
    columns: Mapping[str, str] | None = None,
    model: str | Path | None = None,
    lexicon: Iterable[str | Path] = (),
    at_least: float = 0.0,
    memory: str = "1GB",
    paper_timeout: float = 60.0,
    cluster: str | None = None,
    progress: Progress | None = None,
    extractor: Extractor | None = None,
) -> Store:
    """Make the graph folder at `path` from files of papers, and open it.

    `workers` is the number of processes for extraction: None takes all cores, or none where papers are few; 0 stays in
    this process. `format` and `columns` are those of read_papers, `model`, `lexicon` and `at_least` those of
    extract_papers. `memory` bounds the table stage ("500MB", "2GB"). A paper that takes more than `paper_timeout`
    seconds, or kills its process, is set aside: it becomes a node without edges and is listed, with what could not be
    read, in `rejects_path(path)`. `cluster` is the address of a Dask scheduler whose workers see the same folders.
    `progress` is told the stage, how much is done, and of how much. `extractor` takes the place of kg's own.

    Equal input gives equal bytes, whatever the workers. Raises InputError where there is nothing to read, GraphError
    where `path` is something else than a graph, StorageError, ModelError, BuildError.
    """
    from kg import read

    check_target(Path(path))
    target = _absolute(path)
    checked_memory(memory)
    names = read.files(inputs)
    extractor = extractor or default_extractor(model, lexicon, at_least)
    staging = Staging(target.with_name(f".{target.name}.building"))
    job = partial(Job, staging, extract=extractor.papers, timeout=paper_timeout)
    executors = _executors(workers, cluster, extractor)
    with _locked(staging):
        with _Reading(staging, names, progress or (lambda stage, done, total: None)) as reading:
            papers = reading.papers(read.read_papers(names, format=format, columns=columns))
            cutting = cut(papers, staging, salt=_salt(extractor, paper_timeout))
            shards = run(cutting, job, executors, small_inline=workers is None, tick=reading.extracted)
            if shards:
                _write(target, shards, reading, extractor, memory=memory, threads=executors.workers or 1)
        reading.keep_rejects(target)
        if not shards:
            raise InputError(
                "no papers in the input", remedy=f"see {rejects_path(target)}" if reading.rejects else None
            )
        staging.remove()
    return Store.open(target)


def _write(
    target: Path, shards: list[Shard], reading: _Reading, extractor: Extractor, *, memory: str, threads: int
) -> None:
    staging = reading.staging
    with replacing(target) as new:
        built = build_tables(
            [(staging.papers(s), staging.part(s)) for s in shards],
            new,
            lexicon=extractor.entries(),
            scratch=staging.path,
            memory=memory,
            threads=threads,
            step=lambda done, total: reading.tell("tables", done, total),
        )
        for paper in built.aside:
            source, _, line = (paper.source or "").rpartition(":")
            reading.reject(Reject(source, int(line) if line.isdecimal() else None, paper.reason, paper.id))
        manifest = {"tool": f"kg {__version__}", "extractor": extractor.fingerprint, "inputs": reading.inputs()}
        finish(new, {**manifest, "counts": built.counts, "rejects": reading.rejects})


def _absolute(path: str | Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow a link to the graph


def _executors(workers: int | None, cluster: str | None, extractor: Extractor) -> Executors:
    number = cores() if workers is None else workers
    if number < 0:
        raise BuildError(f"{number} workers", remedy="0 stays in this process, leave it out for all cores")
    return Executors(number, cluster, extractor.warm, extractor.preload)


def _salt(extractor: Extractor, timeout: float) -> str:
    """What a part depends on besides its papers."""
    return f"{__version__} {extractor.fingerprint} {timeout:g} {rules()}"


@contextlib.contextmanager
def _locked(staging: Staging) -> Iterator[None]:
    """Make the folder of work in progress, and keep a second build out of it."""
    staging.create()
    with (staging.path / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as e:
            raise BuildError("another build is at work", path=staging.path, remedy="wait for it to end") from e
        yield


class _Reading:
    """What goes by on its way to the shards: counts the papers of each input, keeps the rejects, tells how far."""

    def __init__(self, staging: Staging, names: Sequence[str], tell: Progress) -> None:
        self.staging = staging
        self.tell = tell
        self.rejects = 0
        self._names = names
        self._read: Counter[str] = Counter()
        self._total: int | None = None
        self._extracted = 0

    def __enter__(self) -> _Reading:
        self._out = (self.staging.path / "rejects.jsonl").open("w", encoding="utf-8")
        self._digests = {name: _sha256(name) for name in self._names}
        return self

    def __exit__(self, *_: object) -> None:
        self._out.close()

    def papers(self, stream: Iterable[Paper | Reject]) -> Iterator[Paper]:
        """The papers of `stream` that can be written; the rest is rejected."""
        total = 0
        for item in stream:
            if isinstance(item, Reject):
                self.reject(item)
                continue
            source, _, line = item.sources[0].rpartition(":") if item.sources else ("", "", "")
            if not _is_text(item):
                reason = "half a surrogate pair, which is no text"
                self.reject(Reject(source, int(line) if line.isdecimal() else None, reason, ascii(item.id)))
                continue
            total += 1
            self._read[source] += 1
            if total % 250 == 0:
                self.tell("read", total, None)
            yield item
        self._total = total
        self.tell("read", total, total)

    def extracted(self, shard: Shard) -> None:
        """A shard is done."""
        self._extracted += shard.count
        self.tell("extract", self._extracted, self._total)

    def reject(self, reject: Reject) -> None:
        """Write down what was set aside."""
        self.rejects += 1
        self._out.write(
            json.dumps({k: v for k, v in asdict(reject).items() if v is not None}, ensure_ascii=False) + "\n"
        )

    def inputs(self) -> list[dict[str, object]]:
        """What the manifest says of each input."""
        return [{"path": n, "sha256": self._digests[n], "papers": self._read[n]} for n in self._names]

    def keep_rejects(self, target: Path) -> None:
        """Put the rejects beside the graph; without any, none are left there from before."""
        path = rejects_path(target)
        try:
            if self.rejects:
                shutil.move(self.staging.path / "rejects.jsonl", path)
            else:
                path.unlink(missing_ok=True)
        except OSError as e:
            raise storage_error(e, path) from e


def _is_text(paper: Paper) -> bool:
    try:
        "".join((paper.id, paper.title, paper.abstract, *paper.authors, *paper.categories)).encode()
    except UnicodeEncodeError:
        return False
    return True


def _sha256(name: str) -> str | None:
    """The digest of a file; None for standard input, and for what cannot be read, which the reader will say."""
    try:
        with Path(name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
