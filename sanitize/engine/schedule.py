"""Distributes batches over cores or machines: the only module that imports Dask."""

from __future__ import annotations

import os
import queue
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from sanitize.engine.child import Answer
from sanitize.engine.pool import Interrupted, Limits, Pool
from sanitize.errors import InternalError, UsageError

#: A batch holds at most so many items: a task costs Dask about 2 ms on a cluster, and a batch is decoded again after a crash.
BATCH = 128
#: How long a cluster may take to answer, and then to have a worker, seconds.
_ANSWER_SECONDS = 10
_WORKER_SECONDS = 30


class Engine(NamedTuple):
    """Where functions run, and what one item may cost."""

    workers: int
    limits: Limits
    scheduler: str | None = None  #: address of a Dask scheduler; None for the cores of this machine


def default_workers() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(
    engine: Engine,
    function: str,
    batches: Sequence[list[Any]],
    options: dict[str, Any],
    on_answers: Callable[[int, list[Answer]], None],
) -> None:
    """Run `function` (`module:function`) over all items of all batches; see `Pool.run` for the answers.

    `on_answers(number of the batch, answers)` is called in this thread, in whatever order batches end. Raises
    UsageError where the cluster cannot be used, InternalError where nothing can be run, KeyboardInterrupt.
    """
    if not batches:
        return
    if engine.scheduler:
        _run_on_cluster(engine, function, batches, options, on_answers)
    else:
        _run_here(engine, function, batches, options, on_answers)


def split(items: Sequence[Any], sizes: Sequence[int], *, workers: int) -> list[list[Any]]:
    """Split items into batches of about equal cost, small enough that all workers have some to do."""
    total = sum(sizes) + 20_000 * len(sizes)
    largest = max(1, min(total // max(1, workers * 4), 32 << 20))
    batches: list[list[Any]] = []
    cost = largest
    for item, size in zip(items, sizes, strict=True):
        if cost >= largest or len(batches[-1]) >= BATCH:
            batches.append([])
            cost = 0
        batches[-1].append(item)
        cost += size + 20_000
    return batches


def _run_here(
    engine: Engine,
    function: str,
    batches: Sequence[list[Any]],
    options: dict[str, Any],
    on_answers: Callable[[int, list[Answer]], None],
) -> None:
    import dask.callbacks
    import dask.threaded

    pool = Pool(engine.limits)
    answered: queue.SimpleQueue[tuple[int, list[Answer]]] = queue.SimpleQueue()

    def work(name: str) -> None:
        # Answers go round the scheduler, which would hold all of them until the end.
        number = int(name)
        answered.put((number, pool.run(function, batches[number], options)))

    def deliver(*_: object) -> None:
        while not answered.empty():
            on_answers(*answered.get())

    graph = {("batch", number): (work, str(number)) for number in range(len(batches))}
    threads = ThreadPoolExecutor(min(engine.workers, len(batches)), thread_name_prefix="sanitize")
    try:
        with dask.callbacks.Callback(posttask=deliver):
            dask.threaded.get(graph, list(graph), pool=threads)
        deliver()
    except Interrupted:
        raise KeyboardInterrupt from None
    finally:
        pool.close()
        threads.shutdown(wait=True, cancel_futures=True)


def _run_on_cluster(
    engine: Engine,
    function: str,
    batches: Sequence[list[Any]],
    options: dict[str, Any],
    on_answers: Callable[[int, list[Answer]], None],
) -> None:
    import distributed

    from sanitize.engine.remote import run_batch

    try:
        client = distributed.Client(engine.scheduler, timeout=_ANSWER_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise UsageError(
            f"no Dask scheduler answers at {engine.scheduler} ({type(error).__name__}); check --scheduler"
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=_WORKER_SECONDS)
        except TimeoutError:
            raise UsageError(f"the Dask scheduler at {engine.scheduler} has no workers; start `dask worker`") from None
        futures = {
            client.submit(run_batch, function, batch, options, tuple(engine.limits), pure=False, retries=3): number
            for number, batch in enumerate(batches)
        }
        try:
            for future in distributed.as_completed(list(futures), loop=client.loop):
                number = futures.pop(future)
                failed = future.status == "error"
                on_answers(number, _unanswered(future.exception(), len(batches[number])) if failed else future.result())
        except KeyboardInterrupt:
            client.cancel(list(futures))
            raise


def _unanswered(error: BaseException | None, count: int) -> list[Answer]:
    if isinstance(error, ImportError):
        raise UsageError(f"a Dask worker lacks a package ({error}); install sanitize where the workers run")
    if isinstance(error, InternalError):
        raise error
    return [("internal", f"the cluster gave no answer: {error!r}")] * count
