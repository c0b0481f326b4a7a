"""What a worker does: one shard of papers in, one part out.

All papers of a shard go through the extractor in one stream. If that fails or stands still, the rest goes one by one,
so that the paper at fault is known: it is set aside with the reason, and every other paper is kept.
"""

from __future__ import annotations

import inspect
import io
import os
import signal
import sys
import threading
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from kg import ids, model, resolve, schema
from kg.errors import KgError, ModelError, StorageError
from kg.model import Extraction, Mention, Paper
from kg.resolve import Entry, forms, pairs
from kg.shards import staging
from kg.shards.staging import Shard, Staging, write_whole
from kg.store import storage_error
from kg.tables import papers

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Extractor", "Job", "extract_shard", "part_schema", "rules"]


@dataclass(frozen=True, slots=True)
class Extractor:
    """How mentions are found. The functions are called in other processes, so they must be importable by name.

    `papers` yields one Extraction for each paper, in order; what it gives may depend on that paper only. Whatever
    changes the result must change `fingerprint`. `entries` is the lexicon that names are resolved by, `warm` loads
    what is slow to load, and `preload` names modules that load it when imported, once for all workers.
    """

    papers: Callable[[Iterable[Paper]], Iterable[Extraction]]
    fingerprint: str
    entries: Callable[[], Iterable[Entry]] = tuple
    warm: Callable[[], object] = tuple
    preload: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """A shard to work on. A paper may take `timeout` seconds; `one_by_one` is for a shard under suspicion."""

    staging: Staging
    shard: Shard
    extract: Callable[[Iterable[Paper]], Iterable[Extraction]]
    timeout: float = 60.0
    one_by_one: bool = False


@dataclass(slots=True)
class Found:
    """What is known of the papers of a shard so far, by row."""

    papers: Sequence[Paper]
    reasons: dict[int, str]
    extractions: dict[int, Extraction] = field(default_factory=dict)

    def missing(self) -> list[int]:
        return [i for i in range(len(self.papers)) if i not in self.reasons and i not in self.extractions]

    def add(self, row: int, extraction: Extraction) -> None:
        if extraction.paper_id != self.papers[row].id:
            raise ValueError(f"what was found is of paper {extraction.paper_id!r}")
        _check(self.papers[row], extraction.mentions)
        self.extractions[row] = extraction


class Overdue(BaseException):
    """A paper took too long. No Exception, so that no component takes it for its own."""


class Watch:
    """Says which paper is at work, and interrupts it when it takes too long.

    The timer needs the main thread of the process; in another one only the outer watch of run() is left.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._armed = False
        self._timer = threading.current_thread() is threading.main_thread()

    def __enter__(self) -> Watch:
        self._fd = os.open(self._job.staging.running(self._job.shard), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        if self._timer:
            self._before = signal.signal(signal.SIGALRM, self._ring)
        return self

    def __exit__(self, *_: object) -> None:
        self.rest()
        if self._timer:
            signal.signal(signal.SIGALRM, self._before)
        os.close(self._fd)
        self._job.staging.running(self._job.shard).unlink(missing_ok=True)

    def _ring(self, signum: int, frame: types.FrameType | None) -> None:
        if self._armed:
            raise Overdue

    def at(self, row: int) -> None:
        """Paper `row` begins, or goes on: its time starts anew."""
        try:
            os.pwrite(self._fd, b"%10d %10d" % (os.getpid(), row), 0)
        except OSError as e:
            raise storage_error(e, self._job.staging.path) from e
        if self._timer:
            self._armed = True
            # It rings again every second, for code that swallows even a BaseException.
            signal.setitimer(signal.ITIMER_REAL, self._job.timeout, 1.0)

    def rest(self) -> None:
        """No paper is at work."""
        self._armed = False
        if self._timer:
            signal.setitimer(signal.ITIMER_REAL, 0)


def extract_shard(job: Job) -> int:
    """Make the part of a shard, and return its number of papers. A part that is there is not made again.

    Raises StorageError if it cannot be written, ModelError if the extractor cannot be loaded; a paper's own failure is
    in the part.
    """
    part = job.staging.part(job.shard)
    if part.exists():
        return job.shard.count
    found = Found(job.staging.read(job.shard), job.staging.aside(job.shard))
    with Watch(job) as watch:
        if not job.one_by_one:
            _in_one_stream(job, found, watch)
        _one_by_one(job, found, watch)
    write_whole(part, _serialized(job.shard, found))
    return job.shard.count


def _in_one_stream(job: Job, found: Found, watch: Watch) -> None:
    rows = found.missing()

    def stream() -> Iterator[Paper]:
        for row in rows:
            watch.at(row)
            yield found.papers[row]

    try:
        try:
            for row, extraction in zip(rows, job.extract(stream()), strict=True):
                found.add(row, extraction)
                watch.at(row)
        finally:
            watch.rest()
    except (ModelError, StorageError):
        raise
    except (Exception, Overdue):
        # Which paper it was is found one by one.
        return


def _one_by_one(job: Job, found: Found, watch: Watch) -> None:
    for row in found.missing():
        try:
            try:
                watch.at(row)
                (extraction,) = job.extract(iter([found.papers[row]]))
            finally:
                watch.rest()
            found.add(row, extraction)
        except (ModelError, StorageError):
            raise
        except Overdue:
            _aside(job, found, row, f"took longer than {job.timeout:g} s")
        except Exception as e:
            said = str(e) if isinstance(e, KgError) else f"{type(e).__name__}: {e}"
            _aside(job, found, row, f"the extractor failed: {said}")


def _aside(job: Job, found: Found, row: int, reason: str) -> None:
    found.reasons[row] = reason
    job.staging.put_aside(job.shard, row, reason)


def _check(paper: Paper, mentions: Iterable[Mention]) -> None:
    """Raise ValueError for a mention that is not at its place in the text, or of no type of the schema."""
    types = schema.load().nodes
    for m in mentions:
        text: str = getattr(paper, m.field)
        if text[m.start : m.end] != m.text or m.type not in types or not m.name:
            raise ValueError(f"mention {m.text!r} ({m.type}) is not at {m.field} {m.start}:{m.end}")


def rules() -> str:
    """A digest of the code that a part depends on, extractor aside: a part made by other code is not taken up."""
    sources = (inspect.getsource(module) for module in (ids, model, resolve, papers, staging, sys.modules[__name__]))
    return ids.digest("".join(sources))


def part_schema() -> pa.Schema:
    """The columns of a part: one row a paper. See resolve.Form and resolve.Pair for the ids."""
    import pyarrow as pa

    text, number = pa.string(), pa.int32()
    mention = {"id": text, "name_id": text, "text_id": text, "type": text, "name": text, "kind": text, "role": text}
    place = {"field": text, "start": number, "end": number, "text": text, "source": text, "score": pa.float64()}
    sentence = {"sentence_start": number, "sentence_end": number, "quote": text}
    pair = {"type": text, "short": text, "short_id": text, "long": text, "long_id": text}
    return pa.schema(
        {
            "place": pa.int64(),
            "reason": text,
            "code": text,
            "links": pa.list_(text),
            "link_kinds": pa.list_(text),
            "pairs": pa.list_(pa.struct(pair)),
            "mentions": pa.list_(pa.struct(mention | place | sentence)),
        }
    )


def _serialized(shard: Shard, found: Found) -> memoryview:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = []
    for i, paper in enumerate(found.papers):
        row: dict[str, Any] = {"place": shard.first + i, "reason": found.reasons.get(i), "code": "none"}
        row |= _row(paper, found.extractions[i]) if i in found.extractions else {}
        rows.append(row)
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, part_schema()), buffer, compression="zstd")
    return buffer.getbuffer()


_FORM, _MENTION = ("id", "name_id", "text_id"), tuple(Mention.__dataclass_fields__)
_of_form, _of_mention = attrgetter(*_FORM), attrgetter(*_MENTION)


def _row(paper: Paper, found: Extraction) -> dict[str, Any]:
    spelled = pairs(found)
    mentions = []
    for m, form in zip(found.mentions, forms(found, spelled), strict=True):
        mention = dict(zip(_FORM, _of_form(form), strict=True))
        mention |= zip(_MENTION, _of_mention(m), strict=True)
        text: str = getattr(paper, m.field)
        mention["quote"] = text[m.sentence_start : m.sentence_end]
        mentions.append(mention)
    mentions.sort(key=lambda m: (m["field"] != "title", m["start"], m["end"], m["type"], m["name"]))
    names = ("type", "short", "short_id", "long", "long_id")
    return {
        "code": found.code,
        "links": [link.url for link in found.links],
        "link_kinds": [link.kind for link in found.links],
        "pairs": [{name: getattr(p, name) for name in names} for p in spelled],
        "mentions": mentions,
    }
