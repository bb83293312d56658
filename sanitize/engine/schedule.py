"""Distributes batches over the cores of this machine, or hands them to those of a cluster."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import Any, Protocol

from sanitize import systems
from sanitize.engine.calls import call_here
from sanitize.engine.child import Answer
from sanitize.engine.pool import Interrupted, Pool
from sanitize.engine.process import Limits

#: A batch holds at most so many items: what is measured on whole batches has much of its cost once for each, as has a task
#: on a cluster (about 2 ms), and a batch is decoded again after a crash.
BATCH = 256
#: An item costs as much as so many bytes more, and a batch holds at most so many in all.
_ITEM_COST = 20_000
_BATCH_COST = 32 << 20
# Items of a batch below which it is not cut shorter.
_SHORTEST = 16
#: Batches of each worker that are given out at once. To import Dask takes a core as long as a few batches: where there are
#: not many more, they are done sooner without.
AT_FIRST = 32

OnAnswers = Callable[[int, list[Answer]], None]


class Run(Protocol):
    """Batches that are being worked on."""

    def finish(self, on_answers: OnAnswers) -> None:
        """Wait for all of them.

        `on_answers(number of the batch, answers)` is called in this thread, in whatever order batches end. Raises
        UsageError where the cluster cannot be used, InternalError where nothing can be run, KeyboardInterrupt.
        """

    def abandon(self) -> None:
        """Let the batches that nobody works on yet be."""


class Engine:
    """Where functions run, and what one item may cost; children and connections last until it is closed."""

    def __init__(self, workers: int, limits: Limits, scheduler: str | None = None) -> None:
        self.workers = workers
        self._limits = limits
        self._scheduler = scheduler  # address of a Dask scheduler; None for the cores of this machine
        self._pool = None if scheduler else Pool(limits)
        # One for each child: those of all runs together.
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="sanitize")
        self._on_cluster: list[Run] = []

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        for run in self._on_cluster:
            run.abandon()
        if self._pool:
            self._pool.close()
        self._threads.shutdown(wait=True, cancel_futures=True)

    @property
    def is_local(self) -> bool:
        """Whether functions run on this machine."""
        return self._pool is not None

    @property
    def has_children(self) -> bool:
        """Whether there are children on this machine."""
        return self._pool is not None and self._pool.has_children

    def warm(self, function: str, *, libraries: str = "") -> None:
        """Start the children of this machine and let them import `function`, while others prepare the work."""
        if self._pool:
            self._pool.warm(function, self.workers, libraries=libraries)

    def tell(self, function: str) -> None:
        """Let a child that has nothing to do, if there is one, import `function`: it will be asked for."""
        if self._pool and self._pool.has_children:
            # Linux wakes who is sent something on the sender's core, where it would take turns with this thread.
            self._threads.submit(self._pool.tell, function)

    def release(self) -> None:
        """Let the children of this machine end: nothing more will be asked of them."""
        if self._pool:
            self._pool.release()

    def begin(self, function: str, batches: Sequence[list[Any]], options: dict[str, Any]) -> Run:
        """Begin to run `function` (`module:function`) over all items of all batches; see `Pool.run` for the answers.

        Raises UsageError where the cluster cannot be used.
        """
        if not batches:
            return _Nothing()
        if not self._pool:
            from sanitize.engine.cluster import OnCluster  # few have one

            run = OnCluster(self._scheduler, self._limits, function, batches, options)
            self._on_cluster.append(run)
            return run
        return _Here(self._pool, self._threads, self.workers, function, batches, options)

    def run(self, function: str, batches: Sequence[list[Any]], options: dict[str, Any], on_answers: OnAnswers) -> None:
        """Run `function` over all items of all batches: `begin`, and `Run.finish`."""
        self.begin(function, batches, options).finish(on_answers)

    def call(self, function: str, item: object) -> Callable[[], Any]:
        """Begin to call a function with one argument in a child of this machine, and return what waits for its answer.

        Where there is no child, or it fails, the function is called here: a child's limits are made for a picture.
        """
        if not self.has_children:
            return call_here(function, item)
        answers: list[Answer] = []
        run = self.begin(function, [[item]], {})

        def finish() -> Any:
            run.finish(lambda _number, got: answers.extend(got))
            status, payload = answers[0]
            return payload if status == "ok" else call_here(function, item)()

        return finish


def split(sizes: Iterable[int], *, workers: int) -> list[range]:
    """Split items of these sizes (bytes) into batches, enough of them that all workers have some, the last ones short.

    While a worker has its last batch the others wait, so none costs more than half of what is left for each of them.
    """
    costs = [size + _ITEM_COST for size in sizes]
    rest, workers = sum(costs), max(1, workers)
    largest = most = max(1, min(rest // (workers * 4), _BATCH_COST))
    ends: list[int] = []
    cost = count = 0
    for number, more in enumerate(costs):
        if count and (cost >= most or count >= BATCH):
            ends.append(number)
            rest -= cost
            most = min(largest, max(rest // (workers * 2), _SHORTEST * _ITEM_COST))
            cost = count = 0
        cost += more
        count += 1
    ends += [len(costs)] if costs else []
    return [range(start, end) for start, end in zip([0, *ends], ends, strict=False)]


class _Nothing:
    """No batches."""

    def finish(self, on_answers: OnAnswers) -> None:
        """Be done."""

    def abandon(self) -> None:
        """Be done."""


class _Here:
    """Batches on the cores of this machine."""

    def __init__(
        self,
        pool: Pool,
        threads: ThreadPoolExecutor,
        workers: int,
        function: str,
        batches: Sequence[list[Any]],
        options: dict[str, Any],
    ) -> None:
        self._pool, self._threads, self._workers = pool, threads, workers
        self._function, self._batches, self._options = function, batches, options
        self._answered: queue.SimpleQueue[tuple[int, list[Answer]]] = queue.SimpleQueue()
        self._numbers = iter(range(len(batches)))
        # The children have their first batches while Dask is imported, and all else that there is time for.
        at_once = min(workers * AT_FIRST, len(batches))
        self._pending = {threads.submit(self._work) for _ in range(at_once)}
        self._more = len(batches) - at_once

    def finish(self, on_answers: OnAnswers) -> None:
        """Wait for all of them; see `Run.finish`."""

        def deliver(*_: object) -> None:
            while not self._answered.empty():
                on_answers(*self._answered.get())

        try:
            if self._more:
                import dask.threaded  # noqa: F401 - here, as the children have work meanwhile
            while self._pending:
                done, self._pending = wait(self._pending, systems.LONGEST_WAIT, FIRST_COMPLETED)
                for future in done:
                    future.result()
                deliver()
                if self._more and len(self._pending) <= self._workers:
                    _run_by_dask(self._work, self._more, self._threads, deliver)
                    self._more = 0
        except BaseException as error:
            self._pool.close()  # whoever waits for a child goes on at once
            self.abandon()
            if isinstance(error, Interrupted):
                raise KeyboardInterrupt from None
            raise

    def abandon(self) -> None:
        """Let the batches that nobody works on yet be."""
        for future in self._pending:
            future.cancel()

    def _work(self) -> None:
        # In their order, in which the scheduler would not take them. Answers go round it: it would hold all of them.
        number = next(self._numbers)
        self._answered.put((number, self._pool.run(self._function, self._batches[number], self._options)))


def _run_by_dask(
    work: Callable[[], None], count: int, threads: ThreadPoolExecutor, on_end: Callable[..., None]
) -> None:
    import dask.callbacks
    import dask.threaded

    tasks = {("batch", number): (work,) for number in range(count)}
    with dask.callbacks.Callback(posttask=on_end):
        dask.threaded.get(tasks, list(tasks), pool=threads)
