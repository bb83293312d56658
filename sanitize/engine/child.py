"""The child process that decodes: reads batches of items from its parent, answers each batch once.

It is warm (modules stay imported) and expendable: a decoder that crashes, hangs or eats memory takes nothing with it
but this process. A counter in a shared file tells the parent at which item it was.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import pickle
import signal
import struct
from collections.abc import Callable
from typing import Any, BinaryIO

from sanitize.engine.calls import find
from sanitize.errors import CLOSELY, EXHAUSTED

#: Length of a message that follows.
HEADER = struct.Struct("<Q")
#: Number of the item that is being worked on, from 1; 0 while waiting.
COUNTER = struct.Struct("<Q")
#: Address space beside the limit: libraries reserve more than they ever use.
_RESERVED_BYTES = 1 << 30

Answer = tuple[str, Any]


def main(progress_file: int | str, memory_limit: int) -> None:
    """Serve batches until the parent closes its end; the counter is in a file, open already or named."""
    source, sink = _take_pipes()
    if hasattr(signal, "SIGINT"):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when an interrupted scan ends
    _limit_memory(memory_limit)
    with open(progress_file, "r+b") as file:
        progress = mmap.mmap(file.fileno(), COUNTER.size)
    jobs: dict[str, list[Callable[..., Any]]] = {}
    while True:
        header = source.read(HEADER.size)
        if len(header) < HEADER.size:
            os._exit(0)
        name, items, options = pickle.loads(source.read(HEADER.unpack(header)[0]))
        try:
            if name not in jobs:
                jobs[name] = [find(function) for function in name.split()]
        except Exception:  # noqa: BLE001 - what fails here is ours, and is told to the parent
            answers: list[Answer] | str = _traceback()
        else:
            _end_with_parent(source, on=True)
            answers = _work(jobs[name], items, options, progress)
            _end_with_parent(source, on=False)
        message = pickle.dumps(answers, protocol=pickle.HIGHEST_PROTOCOL)
        sink.write(HEADER.pack(len(message)) + message)
        sink.flush()


def _work(
    job: list[Callable[..., Any]], items: list[Any], options: dict[str, Any], progress: mmap.mmap
) -> list[Answer]:
    each, *whole = job
    answers: list[Answer] = []
    for number, item in enumerate(items, 1):
        COUNTER.pack_into(progress, 0, number)
        answers.append(_try(each, item, options))
    if whole:
        answers = _complete(whole[0], answers, options, progress)
    COUNTER.pack_into(progress, 0, 0)
    return answers


def _complete(
    whole: Callable[..., Any], answers: list[Answer], options: dict[str, Any], progress: mmap.mmap
) -> list[Answer]:
    """Put what `whole` makes of all good answers together in their places; where it fails, of each of them alone."""
    good = [number for number, (status, _payload) in enumerate(answers) if status == "ok"]
    # Past the last item: nobody knows which of them it is about.
    COUNTER.pack_into(progress, 0, len(answers) + 1)
    status, payloads = _try(whole, [answers[number][1] for number in good], options)
    completed = list(answers)
    if status == "ok":
        for number, payload in zip(good, payloads, strict=True):
            completed[number] = ("ok", payload)
        return completed
    for number in good:
        COUNTER.pack_into(progress, 0, number + 1)
        status, payload = _try(whole, [answers[number][1]], options)
        said = f"{CLOSELY}: {payload}" if status == "memory" else payload
        completed[number] = (status, payload[0] if status == "ok" else said)
    return completed


def _try(function: Callable[..., Any], argument: Any, options: dict[str, Any]) -> Answer:
    try:
        return "ok", function(argument, **options)
    except MemoryError:
        return "memory", "no more is to be had within the limit"
    except OSError as error:
        if error.errno in EXHAUSTED:
            return "memory", str(error.strerror)
        return "internal", _traceback()
    except Exception:  # noqa: BLE001 - a decoder's faults are caught around the decoder: this one is ours
        return "internal", _traceback()


def _traceback() -> str:
    """Return the traceback of what was raised, in words."""
    import traceback

    return traceback.format_exc()


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes to the parent for ourselves: what a decoder prints must not get between messages."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(nothing, number)
    os.close(nothing)
    return source, sink


def _end_with_parent(source: BinaryIO, *, on: bool) -> None:
    """Let the kernel end this process as soon as its parent is gone, as a decoder that hangs never looks.

    SIGIO comes when the pipe from the parent is closed, or written to, which the parent does between batches only.
    """
    try:
        import fcntl
    except ImportError:
        return
    with contextlib.suppress(OSError):  # not every system knows of this for a pipe
        fcntl.fcntl(source, fcntl.F_SETOWN, os.getpid())
        flags = fcntl.fcntl(source, fcntl.F_GETFL)
        fcntl.fcntl(source, fcntl.F_SETFL, flags | fcntl.FASYNC if on else flags & ~fcntl.FASYNC)


def _limit_memory(limit: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's eye on the child's memory must do
        return
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limit + _RESERVED_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):
        return
