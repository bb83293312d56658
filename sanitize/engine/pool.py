"""Warm children: lends them to threads, keeps their time and memory, and finds the item that one died of."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

from sanitize.engine.child import COUNTER, HEADER, Answer
from sanitize.errors import InternalError

#: How often the children are looked at, seconds.
_GLANCE = 0.1
#: How long a process may take before its first item: to start, and to import what it needs.
_START_SECONDS = 60.0
_ROOT = Path(__file__).parent.parent.parent
# The package is looked for last where it lies, so that it need not be installed, and never in the current folder.
_PROGRAM = (
    "import sys; sys.path.append({root!r}); from sanitize.engine.child import main; main({progress!r}, {limit!r})"
)


class Interrupted(Exception):
    """The pool was closed while an item was being worked on."""


class Limits(NamedTuple):
    """What one item may cost."""

    seconds: float
    memory: int  #: bytes


class Pool:
    """Children for as many threads as ask at the same time."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._all: set[_Child] = set()
        self._closed = threading.Event()
        self._watch = threading.Thread(target=self._keep_watch, name="sanitize-watch", daemon=True)
        self._watch.start()

    def run(self, function: str, items: list[Any], options: dict[str, Any]) -> list[Answer]:
        """Answer every item with `(status, payload)`; status is `ok`, `internal`, `crash`, `timeout` or `memory`.

        `function` is named `module:function` and is called in a child as `function(item, **options)`. An item at
        which a child died, or that asked for more memory than there is, is tried once more alone. Raises Interrupted
        when the pool is closed meanwhile, InternalError where no child can start or import the function.
        """
        answers: list[Answer] = []
        while len(answers) < len(items):
            rest = items[len(answers) :]
            got, died = self._try(function, rest, options)
            if died:
                # Nothing of this batch was answered: what came before the suspect is asked again without it.
                suspect = min(died.item, len(rest) - 1)
                if suspect:
                    answers += self.run(function, rest[:suspect], options)
                answers.append(self._try_alone(function, rest[suspect], options))
            else:
                answers += got
        return [
            self._try_alone(function, item, options) if answer[0] == "memory" and len(items) > 1 else answer
            for item, answer in zip(items, answers, strict=True)
        ]

    def warm(self, function: str, count: int) -> None:
        """Start `count` children that import `function`; returns at once."""
        for child in [self._borrow() for _ in range(count)]:
            child.send(function, [], {})
            with self._lock:
                self._idle.append(child)

    def close(self) -> None:
        """End all children, at once."""
        self._closed.set()
        with self._lock:
            children, self._all, self._idle = self._all, set(), []
        for child in children:
            child.end()

    def _try_alone(self, function: str, item: object, options: dict[str, Any]) -> Answer:
        got, died = self._try(function, [item], options)
        return (died.status, died.words) if died else got[0]

    def _try(self, function: str, items: list[Any], options: dict[str, Any]) -> tuple[list[Answer], _Death | None]:
        child = self._borrow()
        try:
            answers = child.ask(function, items, options)
        except _Died:
            with self._lock:
                self._all.discard(child)
            death = child.autopsy()
            if self._closed.is_set():
                raise Interrupted from None
            if not child.was_ready:
                raise InternalError(f"a decoding process does not start ({death.words})") from None
            return [], death
        if isinstance(answers, str):
            raise InternalError("a decoding process cannot import its function") from RuntimeError(answers)
        with self._lock:
            self._idle.append(child)
        return answers, None

    def _borrow(self) -> _Child:
        with self._lock:
            if self._closed.is_set():
                raise Interrupted
            if self._idle:
                return self._idle.pop()
            child = _Child(self.limits)
            self._all.add(child)
            return child

    def _keep_watch(self) -> None:
        while not self._closed.wait(_GLANCE):
            with self._lock:
                children = list(self._all)
            for child in children:
                child.glance()


class _Died(Exception):
    """The child is gone."""


class _Death(NamedTuple):
    item: int  # index in the batch of the item that it died of
    status: str
    words: str


class _Child:
    """One process, its pipes, and what is known of its present item."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.was_ready = False
        self._unanswered = 0  # batches sent and not received
        self._verdict: tuple[str, str] | None = None
        self._item = 0
        self._since: float | None = None  # when the present batch was sent
        self._item_since = 0.0  # when it was first seen at its present item
        handle, self._progress_path = tempfile.mkstemp(prefix="sanitize-")
        os.write(handle, bytes(COUNTER.size))
        self._progress = handle
        self._ending = threading.Lock()
        program = _PROGRAM.format(root=str(_ROOT), progress=self._progress_path, limit=limits.memory)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )

    def ask(self, function: str, items: list[Any], options: dict[str, Any]) -> list[Answer] | str:
        """Send a batch and wait for its answers; a text where the child could not import. Raises _Died."""
        self._since, self._item = time.monotonic(), 0
        try:
            while self._unanswered:
                self._receive()
            self.send(function, items, options)
            answers = self._receive()
        except (OSError, struct.error, EOFError, pickle.UnpicklingError, ValueError):
            raise _Died from None
        self._since = None
        if not self.was_ready:
            self.was_ready = True
            self._forget_progress_file()
        return answers

    def send(self, function: str, items: list[Any], options: dict[str, Any]) -> None:
        """Send a batch, whose answers are to be received later."""
        assert self._process.stdin
        message = pickle.dumps((function, items, options), protocol=pickle.HIGHEST_PROTOCOL)
        self._unanswered += 1
        self._process.stdin.write(HEADER.pack(len(message)) + message)
        self._process.stdin.flush()

    def _receive(self) -> list[Answer] | str:
        assert self._process.stdout
        header = self._process.stdout.read(HEADER.size)
        answers: list[Answer] | str = pickle.loads(self._process.stdout.read(HEADER.unpack(header)[0]))
        self._unanswered -= 1
        return answers

    def glance(self) -> None:
        """Kill the process where its present item takes too long or too much memory."""
        since = self._since  # another thread sets it
        if since is None or self._verdict:
            return
        now, item = time.monotonic(), self._at()
        if item != self._item:
            self._item, self._item_since = item, now
        elif now - max(since, self._item_since) > (self.limits.seconds if item else _START_SECONDS):
            self._kill("timeout", f"no answer within {self.limits.seconds:g} s")
        if _resident_bytes(self._process.pid) > self.limits.memory:
            self._kill("memory", f"needs more than {self.limits.memory >> 20} MiB")

    def autopsy(self) -> _Death:
        """Tell what the process died of, and clean up after it."""
        item = self._at()
        self.end()
        status, words = self._verdict or ("crash", _describe_exit(self._process.returncode))
        self.was_ready = self.was_ready or item > 0
        return _Death(max(item - 1, 0), status, words)

    def end(self) -> None:
        """End the process and leave nothing behind."""
        self._process.kill()
        with self._ending:
            for pipe in (self._process.stdin, self._process.stdout):
                with contextlib.suppress(OSError):
                    if pipe:
                        pipe.close()
            self._process.wait()
            if self._progress >= 0:
                self._item = self._at()
                os.close(self._progress)
                self._progress = -1
                self._forget_progress_file()

    def _forget_progress_file(self) -> None:
        # The child has it open by now; where open files cannot be removed, `end` does it.
        with contextlib.suppress(OSError):
            Path(self._progress_path).unlink(missing_ok=True)

    def _at(self) -> int:
        if self._progress < 0:
            return self._item
        os.lseek(self._progress, 0, os.SEEK_SET)
        return int(COUNTER.unpack(os.read(self._progress, COUNTER.size))[0])

    def _kill(self, status: str, words: str) -> None:
        self._verdict = (status, words)
        self._process.kill()


def _environment() -> dict[str, str]:
    """Return our environment, in which numeric libraries use one thread a process: there is a process per core."""
    single = dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"), "1"
    )
    return {"OPENCV_LOG_LEVEL": "SILENT", **single, **os.environ}


def _describe_exit(code: int | None) -> str:
    if code is not None and code < 0:
        try:
            return f"the decoding process was ended by {signal.Signals(-code).name}"
        except ValueError:
            return f"the decoding process was ended by signal {-code}"
    return f"the decoding process ended with status {code}"


def _resident_bytes(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except FileNotFoundError:
        if sys.platform == "linux":
            return 0
    except (OSError, IndexError):
        return 0
    import psutil

    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0
