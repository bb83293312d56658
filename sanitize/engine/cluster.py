"""Distributes batches over the machines of a Dask cluster."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import distributed

from sanitize.engine.child import Answer
from sanitize.engine.process import Limits
from sanitize.engine.remote import run_batch
from sanitize.errors import InternalError, UsageError

#: How long a cluster may take to answer, and then to have a worker, seconds.
_ANSWER_SECONDS = 10
_WORKER_SECONDS = 30


class OnCluster:
    """Batches on the machines of a Dask cluster."""

    def __init__(
        self, address: str | None, limits: Limits, function: str, batches: Sequence[list[Any]], options: dict[str, Any]
    ) -> None:
        with contextlib.ExitStack() as open_, _silent_log():
            try:
                client = open_.enter_context(distributed.Client(address, timeout=_ANSWER_SECONDS, set_as_default=False))
            except (OSError, TimeoutError, ValueError) as error:
                raise UsageError(
                    f"no Dask scheduler answers at {address} ({type(error).__name__}); check --scheduler"
                ) from None
            try:
                client.wait_for_workers(1, timeout=_WORKER_SECONDS)
            except TimeoutError:
                raise UsageError(f"the Dask scheduler at {address} has no workers; start `dask worker`") from None
            #: The number of the batch of each, and how many items it has.
            self._futures = {
                client.submit(run_batch, function, batch, options, tuple(limits), pure=False, retries=3): (
                    number,
                    len(batch),
                )
                for number, batch in enumerate(batches)
            }
            self._client = client
            self._open = open_.pop_all()

    def finish(self, on_answers: Callable[[int, list[Answer]], None]) -> None:
        """Wait for all of them; see `Run.finish`."""
        with _silent_log(), self._open:
            ended = threading.Event()
            waiting = (self._client, list(self._futures), ended)
            threading.Thread(target=_cancel_without_workers, args=waiting, daemon=True).start()
            try:
                for number, answers in _as_they_come(self._client, self._futures):
                    on_answers(number, answers)
            except KeyboardInterrupt:
                self._client.cancel(list(self._futures))
                raise
            finally:
                ended.set()
                self._futures.clear()

    def abandon(self) -> None:
        """Let the batches that nobody works on yet be."""
        with _silent_log(), self._open:
            if self._futures:
                self._client.cancel(list(self._futures))


def _as_they_come(client: Any, futures: dict[Any, tuple[int, int]]) -> Iterator[tuple[int, list[Answer]]]:
    """Give number and answers of each batch as it ends, taking it out of `futures`; raises UsageError as `Run.finish` does."""
    address = client.scheduler.address
    try:
        for future in distributed.as_completed(list(futures), loop=client.loop):
            number, count = futures.pop(future)
            failed = future.status == "error"
            yield number, _unanswered(future.exception(), count) if failed else future.result()
    except (distributed.CancelledError, OSError):
        # What was answered is lost, too, where the worker that holds it or the scheduler goes before it is fetched.
        raise UsageError(
            f"the Dask cluster at {address} is lost, or all its workers; start it again, and scan again"
        ) from None


@contextlib.contextmanager
def _silent_log() -> Iterator[None]:
    """Keep Dask from logging, with tracebacks, how it lost a cluster: who scans is told in a line."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client", "distributed.comm")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def _cancel_without_workers(client: Any, futures: list[Any], ended: threading.Event) -> None:
    """Cancel everything when the cluster has had no worker for as long as it may take to have one."""
    seen = time.monotonic()
    while not ended.wait(1):
        try:
            if client.nthreads():
                seen = time.monotonic()
            elif time.monotonic() - seen > _WORKER_SECONDS:
                client.cancel(futures)
                return
        except (OSError, TimeoutError, RuntimeError):  # no scheduler either, which the futures say
            return


def _unanswered(error: BaseException | None, count: int) -> list[Answer]:
    if isinstance(error, ImportError):
        raise UsageError(f"a Dask worker lacks a package ({error}); install sanitize where the workers run")
    if isinstance(error, InternalError):
        raise error
    return [("internal", f"the cluster gave no answer: {error!r}")] * count
