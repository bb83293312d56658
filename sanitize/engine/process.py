"""One child process as its parent sees it: what it is asked, what it may cost, and what it died of."""

from __future__ import annotations

import contextlib
import mmap
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

from sanitize.engine.child import COUNTER, HEADER, Answer
from sanitize.engine.forking import ForkServer
from sanitize.engine.launch import command, environment

#: How long a process may take before its first item: to start, and to import what it needs.
_START_SECONDS = 60.0
#: How long a process that closed its pipes may take to say of what it ends, seconds.
_LAST_WORDS_SECONDS = 1.0


class Limits(NamedTuple):
    """What one item may cost."""

    seconds: float
    memory: int  #: bytes


class Died(Exception):
    """The child is gone."""


class Death(NamedTuple):
    """What a child died of."""

    item: int  #: index in the batch; its length where the batch was worked on as a whole
    status: str  #: `crash`, `timeout` or `memory`
    words: str


class Child:
    """One process, its pipes, and what is known of its present item."""

    def __init__(self, limits: Limits, server: ForkServer | None, names: str) -> None:
        """Start it, forked by `server` if there is one, after that has imported what `names` says. Raises OSError."""
        self.limits = limits
        self.was_ready = False
        self._unanswered = 0  # batches sent and not received
        self._modules: set[str] = set()  # of the functions that it was asked for
        self._verdict: tuple[str, str] | None = None
        self._item = 0
        self._since: float | None = None  # when the present batch was sent
        self._item_since = 0.0  # when it was first seen at its present item
        self._ending = threading.Lock()
        handle, self._progress_file = _make_counter()
        with contextlib.ExitStack() as failed:
            failed.callback(self._forget_progress_file)
            try:
                self._progress = mmap.mmap(handle, COUNTER.size)  # which has a file of its own
                failed.callback(self._progress.close)
                self._process = server.fork(handle, limits.memory, names) if server else self._spawn(handle)
            finally:
                os.close(handle)
            failed.pop_all()

    def _spawn(self, handle: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command("child", "main", self._progress_file, self.limits.memory),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            pass_fds=[handle] if isinstance(self._progress_file, int) else [],
        )

    def ask(self, function: str, items: list[Any], options: dict[str, Any]) -> list[Answer] | str:
        """Send a batch and wait for its answers; a text where the child could not import. Raises Died."""
        self._since, self._item = time.monotonic(), 0
        try:
            while self._unanswered:
                self._receive()
            self.send(function, items, options)
            answers = self._receive()
        except (OSError, struct.error, EOFError, pickle.UnpicklingError, ValueError):
            raise Died from None
        self._since = None
        if not self.was_ready:
            self.was_ready = True
            self._forget_progress_file()
        return answers

    def knows(self, function: str) -> bool:
        """Tell whether it has imported the modules of these functions."""
        return _modules(function) <= self._modules

    def send(self, function: str, items: list[Any], options: dict[str, Any]) -> None:
        """Send a batch, whose answers are to be received later."""
        assert self._process.stdin
        message = pickle.dumps((function, items, options), protocol=pickle.HIGHEST_PROTOCOL)
        self._unanswered += 1
        self._modules |= _modules(function)
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
        elif now - max(since, self._item_since) > (most := self.limits.seconds if item else _START_SECONDS):
            self._kill("timeout", f"no answer within {most:g} s")
        pid = self._process.pid
        if pid is not None and _resident_bytes(pid) > self.limits.memory:
            self._kill("memory", f"needs more than {self.limits.memory >> 20} MiB")

    def autopsy(self) -> Death:
        """Tell what the process died of, and clean up after it."""
        item = self._at()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_LAST_WORDS_SECONDS)
        self.end()
        status, words = self._verdict or ("crash", _describe_exit(self._process.returncode))
        self.was_ready = self.was_ready or item > 0
        return Death(max(item - 1, 0), status, words)

    @property
    def refusal(self) -> str | None:
        """Why the system gave no process, where it gave none."""
        refused = getattr(self._process, "refused", None)
        return os.strerror(refused) if refused else None

    def kill(self) -> None:
        """End the process, and be back before it has ended."""
        self._process.kill()

    def end(self) -> None:
        """End the process and leave nothing behind."""
        self.kill()
        with self._ending:
            for pipe in (self._process.stdin, self._process.stdout):
                with contextlib.suppress(OSError):
                    if pipe:
                        pipe.close()
            self._process.wait()
            self._item = self._at()
            self._progress.close()
            self._forget_progress_file()

    def _forget_progress_file(self) -> None:
        # The child has it open by now; where open files cannot be removed, `end` does it.
        if isinstance(self._progress_file, str):
            with contextlib.suppress(OSError):
                Path(self._progress_file).unlink(missing_ok=True)

    def _at(self) -> int:
        try:
            return int(COUNTER.unpack_from(self._progress)[0])
        except ValueError:  # closed, by another thread perhaps
            return self._item

    def _kill(self, status: str, words: str) -> None:
        self._verdict = (status, words)
        self._process.kill()


def _modules(function: str) -> set[str]:
    return {name.partition(":")[0] for name in function.split()}


def _make_counter() -> tuple[int, int | str]:
    """Return an open file for the counter, and how the child is told of it: by number, or by name where it must be."""
    if hasattr(os, "memfd_create"):
        import fcntl

        made = os.memfd_create("sanitize")
        # Where our own standard streams are closed the number may be one of theirs, which are pipes in the child.
        try:
            handle = number = fcntl.fcntl(made, fcntl.F_DUPFD_CLOEXEC, 3)
        finally:
            os.close(made)
        os.truncate(handle, COUNTER.size)
        return handle, number
    import tempfile

    handle, name = tempfile.mkstemp(prefix="sanitize-")
    os.write(handle, bytes(COUNTER.size))
    return handle, name


def _describe_exit(code: int | None) -> str:
    if code is None:
        return "the decoding process ended, and nobody knows how"
    if code < 0:
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
