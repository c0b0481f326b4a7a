"""Has every missing part made, whatever happens to the workers.

A worker that dies breaks its whole pool: a new pool takes its place, and what is missing is submitted again. The shard
that the dead worker was at is done apart, paper by paper in a process of its own; a paper at which that process dies
twice is set aside. What the shard's `running` file says makes halving needless: the paper at fault is known.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import replace
from itertools import chain, islice

from kg.errors import BuildError
from kg.shards.executors import Executors, died, hidden_main, pids, stop
from kg.shards.staging import Shard
from kg.shards.work import Job, extract_shard

__all__ = ["run"]

# Cutting waits when so many shards are not done: what waits is small, but each is looked at every time.
_AHEAD = 100
# Up to so many shards, starting processes takes longer than it saves.
_INLINE_SHARDS = 2
_STRIKES = 2
_TICK = 0.5


def run(
    shards: Iterable[Shard],
    job: Callable[[Shard], Job],
    executors: Executors,
    *,
    small_inline: bool = False,
    tick: Callable[[Shard], None] = lambda shard: None,
) -> list[Shard]:
    """Make the parts of all `shards`, which may still be being cut, and return them in order.

    `small_inline` keeps few shards in this process. `tick` is told of each shard that is done. Raises what a worker
    raises (StorageError, ModelError), and BuildError if workers die before they begin.
    """
    stream = iter(shards)
    head = list(islice(stream, _INLINE_SHARDS + 1))
    if small_inline and len(head) <= _INLINE_SHARDS:
        executors = replace(executors, workers=0, cluster=None)
    return _Run(job, executors, tick).all(chain(head, stream))


class _Run:
    def __init__(self, job: Callable[[Shard], Job], executors: Executors, tick: Callable[[Shard], None]) -> None:
        self._job = job
        self._executors = executors
        self._tick = tick
        self._executor: Executor | None = None
        self._pending: dict[Future[int], Shard] = {}
        self._idle_deaths = 0
        self._seen: dict[str, tuple[tuple[int, int], float]] = {}

    def all(self, shards: Iterable[Shard]) -> list[Shard]:
        known = []
        try:
            for shard in shards:
                known.append(shard)
                self._submit(shard)
                self._collect(0 if len(self._pending) < _AHEAD else _TICK)
            while self._pending:
                self._collect(_TICK)
        finally:
            if self._executor is not None:
                stop(self._executor)
            for shard in self._pending.values():
                self._job(shard).staging.running(shard).unlink(missing_ok=True)
        return known

    def _submit(self, shard: Shard) -> None:
        job = self._job(shard)
        if job.staging.part(shard).exists():
            self._tick(shard)
        elif job.staging.at(shard) is not None:
            # A process died in the middle of it, perhaps of it: in this run or, killed as a whole, the last.
            self._apart(replace(job, one_by_one=True))
        else:
            if self._executor is None:
                self._executor = self._executors.main()
            try:
                future = _submitted(self._executor, job)
            except Exception as e:
                if not died(e):
                    raise
                future = Future()
                future.set_exception(e)
            self._pending[future] = shard

    def _collect(self, timeout: float) -> None:
        """Wait for a shard to be done, `timeout` seconds at most, and see to what went wrong."""
        done, _ = wait(self._pending, timeout=timeout, return_when=FIRST_COMPLETED)
        lost = []
        for future in done:
            shard = self._pending.pop(future)
            error = future.exception()
            if error is None:
                self._idle_deaths = 0
                self._tick(shard)
            elif died(error):
                lost.append(shard)
            else:
                self._pending[future] = shard
                raise error
        if lost:
            self._recover(lost)
        elif timeout:
            self._kill_the_hung(list(self._pending.values()), self._executor)

    def _recover(self, lost: list[Shard]) -> None:
        """A new executor, and what is missing is submitted again."""
        assert self._executor is not None
        # When one dies the pool ends the others by SIGTERM; the look must come before stop(), which kills.
        guilty = {pid for pid, p in pids(self._executor).items() if p.exitcode not in (0, -signal.SIGTERM, None)}
        stop(self._executor)
        self._executor = None
        lost = sorted([*lost, *self._pending.values()], key=lambda s: s.first)
        self._pending.clear()
        at = {s.key: found[0] for s in lost if (found := self._job(s).staging.at(s)) is not None}
        if not at:
            self._idle_deaths += 1
            if self._idle_deaths > _STRIKES:
                raise BuildError("the workers die before they begin", remedy="try --workers 0 to see why")
        for shard in lost:
            if guilty.intersection(at.values()) and at.get(shard.key) not in guilty:
                self._job(shard).staging.running(shard).unlink(missing_ok=True)
            self._submit(shard)

    def _apart(self, job: Job) -> None:
        strikes: Counter[int | None] = Counter()
        while True:
            job.staging.running(job.shard).unlink(missing_ok=True)
            executor = self._executors.apart()
            hung = False
            try:
                future = _submitted(executor, job)
                while not wait([future], timeout=_TICK).done:
                    hung = self._kill_the_hung([job.shard], executor) or hung
                error = future.exception()
            finally:
                stop(executor)
            if error is None:
                self._tick(job.shard)
                return
            if not died(error):
                raise error
            at = job.staging.at(job.shard)
            row = None if at is None else at[1]
            strikes[row] += 1
            if row is None and strikes[row] > _STRIKES:
                raise BuildError("the workers die before they begin", remedy="try --workers 0 to see why")
            if row is not None and (hung or strikes[row] >= _STRIKES):
                reason = f"took longer than {job.timeout:g} s" if hung else "its process died at it, again and again"
                job.staging.put_aside(job.shard, row, reason)

    def _kill_the_hung(self, shards: list[Shard], executor: Executor | None) -> bool:
        """The outer watch: kill a worker that its own timer could not interrupt (a loop in C). Whether one was."""
        killed = False
        for shard in shards:
            job = self._job(shard)
            at = job.staging.at(shard)
            if at is None or executor is None:
                continue
            before, since = self._seen.get(shard.key, (None, 0.0))
            if at != before:
                self._seen[shard.key] = (at, time.monotonic())
            elif time.monotonic() - since > 2 * job.timeout + 1 and at[0] in pids(executor):
                os.kill(at[0], signal.SIGKILL)
                del self._seen[shard.key]
                killed = True
        return killed


def _submitted(executor: Executor, job: Job) -> Future[int]:
    with hidden_main():
        return executor.submit(extract_shard, job)
