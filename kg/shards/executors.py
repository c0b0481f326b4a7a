"""Where shards are worked on: in this process, in processes of this machine, on a Dask cluster."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import types
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from kg.errors import BuildError

__all__ = ["Executors", "Inline", "cores", "died", "hidden_main", "pids", "stop"]

T = TypeVar("T")


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Inline(Executor):
    """Does the work when it is submitted, in this process."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as e:
            future.set_exception(e)
        return future


@dataclass(frozen=True, slots=True)
class Executors:
    """Makes executors. `workers` 0 is this process; `cluster` the address of a Dask scheduler, which overrules it.

    `warm` is called in each process when it starts; `preload` names modules that the fork server imports first.
    """

    workers: int
    cluster: str | None = None
    warm: Callable[[], object] = tuple
    preload: tuple[str, ...] = ()

    def main(self) -> Executor:
        """The executor for the whole input."""
        if self.cluster is not None:
            return _dask(self.cluster)
        return self._pool(self.workers) if self.workers else Inline()

    def apart(self) -> Executor:
        """An executor for a shard that may kill its process: never this process."""
        return _dask(self.cluster) if self.cluster is not None else self._pool(1)

    def _pool(self, workers: int) -> ProcessPoolExecutor:
        import multiprocessing
        from multiprocessing import forkserver

        # Not fork: DuckDB, Arrow and the progress bar have threads in this process.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(self.preload))
        with _deaf():
            forkserver.ensure_running()
        return ProcessPoolExecutor(workers, context, initializer=_start_worker, initargs=(self.warm,))


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """What is started in this block ignores Ctrl-C from its first moment: the fork server only does once it is up.

    Only the main thread may say so; elsewhere nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)  # None: a handler that is not Python's


def _start_worker(warm: Callable[[], object]) -> None:
    import multiprocessing

    # Ctrl-C goes to the whole group; the parent decides what becomes of the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with, args=(multiprocessing.parent_process(),), daemon=True).start()
    # What fails here fails again in the first shard, whose error reaches the parent; here it would only break the pool.
    with contextlib.suppress(Exception):
        warm()


def _die_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _dask(address: str) -> Executor:
    try:
        from distributed import Client
    except ImportError as e:
        raise BuildError("a cluster needs Dask distributed", remedy="pip install 'kg[cluster]'") from e
    try:
        executor: Executor = Client(address, set_as_default=False).get_executor(pure=False)
    except (OSError, TimeoutError, ValueError) as e:
        raise BuildError(f"no Dask scheduler answers at {address}: {e}", remedy="start one: dask scheduler") from e
    return executor


def died(error: BaseException) -> bool:
    """Whether a worker died, as against: the function raised. Dask's error is known by name, to spare its import."""
    return isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker"


def pids(executor: Executor) -> dict[int, Any]:
    """The processes of a pool by pid; none for other executors. Private before Python 3.14, and gone after shutdown."""
    return dict(getattr(executor, "_processes", None) or {})


def stop(executor: Executor) -> None:
    """End an executor at once. Leaving its `with` block would wait for the shards in flight."""
    processes = pids(executor)
    if isinstance(executor, ProcessPoolExecutor):
        executor.shutdown(wait=False, cancel_futures=True)
    else:
        executor.shutdown(wait=False)
        client = getattr(executor, "_client", None)
        if client is not None:
            client.close(timeout=2)
    for process in processes.values():
        process.kill()
    for process in processes.values():
        process.join()


@contextlib.contextmanager
def hidden_main() -> Iterator[None]:
    """Processes started in this block do not import the caller's script, which need not be guarded against it."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
