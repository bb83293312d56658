"""Asks the system about very many files: several at a time, as a network's file system answers slowly but many at once."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

from sanitize.errors import EXHAUSTED
from sanitize.facts import LATEST_NS

_Answer = TypeVar("_Answer")
#: Questions that wait at once. On a local disk one thread is as fast.
_THREADS = 16
_PART = 500


class State(NamedTuple):
    """A regular file as it is, or why it cannot be told."""

    size: int | None  #: bytes
    mtime_ns: int | None
    trouble: str | None = None  #: in words; empty where nothing is there


def states(paths: Sequence[bytes], on_progress: Callable[[int], None]) -> list[State]:
    """Return the state of each file, links followed."""
    return list(_ask(state, paths, _THREADS, on_progress))


def link_targets(paths: Sequence[bytes], on_progress: Callable[[int], None]) -> list[bytes | None]:
    """Return what each symbolic link holds, None where it is none."""
    return list(_ask(_target, paths, _THREADS, on_progress))


def sha256s(paths: Sequence[bytes], workers: int, on_progress: Callable[[int], None]) -> list[str | None]:
    """Return the SHA-256 of each file, hexadecimal; None where it cannot be read."""
    return list(_ask(_sha256, paths, workers, on_progress, part=8))


def _ask(
    function: Callable[[bytes], _Answer],
    paths: Sequence[bytes],
    threads: int,
    on_progress: Callable[[int], None],
    part: int = _PART,
) -> Iterator[_Answer]:
    pool = ThreadPoolExecutor(threads)
    try:
        parts = (paths[start : start + part] for start in range(0, len(paths), part))
        for answers in pool.map(lambda some: [function(path) for path in some], parts):
            yield from answers
            on_progress(len(answers))
    finally:
        pool.shutdown(cancel_futures=True)


def state(path: bytes) -> State:
    """Return the state of a file, links followed."""
    try:
        status = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return State(None, None, "")
    except OSError as error:
        if error.errno in EXHAUSTED:
            raise
        return State(None, None, error.strerror or str(error))
    if not stat.S_ISREG(status.st_mode):
        return State(None, None, "no longer a file")
    return State(status.st_size, min(status.st_mtime_ns, LATEST_NS))


def _target(path: bytes) -> bytes | None:
    try:
        return os.readlink(path)
    except OSError:
        return None


def _sha256(path: bytes) -> str | None:
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        if error.errno in EXHAUSTED:
            raise
        return None
