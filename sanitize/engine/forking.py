"""The fork server as its parent sees it, and the processes that it forks."""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from sanitize.engine.fork_server import TOLD

#: How long the server may take to end itself and its processes, seconds.
_END_SECONDS = 2.0


def can_fork() -> bool:
    """Tell whether a process with libraries such as NumPy in it may be forked: elsewhere the system's own break over it."""
    return sys.platform == "linux"


def command(module: str, function: str, *arguments: object) -> list[str]:
    """Return the command of a Python process that calls a function of this package."""
    # The package is looked for last where it lies, so that it need not be installed, and never in the current folder.
    root = str(Path(__file__).parent.parent.parent)
    call = f"{function}({', '.join(map(repr, arguments))})"
    program = f"import sys; sys.path.append({root!r}); from {__package__}.{module} import {function}; {call}"
    return [sys.executable, "-P", "-c", program]


def environment() -> dict[str, str]:
    """Return our environment, in which numeric libraries use one thread a process: there is a process per core."""
    single = dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"), "1"
    )
    return {"OPENCV_LOG_LEVEL": "SILENT", **os.environ, **single}


class ForkServer:
    """Forks processes that have imported what they need; it starts with the first, and again where somebody ended it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def fork(self, counter: int, limit: int, names: str) -> Forked:
        """Return a process that serves as `child.main` does. Raises OSError where the system allows no further one.

        `counter` is an open file, `limit` is in bytes, and `names` are those of modules or functions that are imported before.
        """
        pipes = [os.pipe() for _ in range(3)]
        (source, stdin), (stdout, sink), (told, tells) = pipes
        try:
            self._ask(pickle.dumps((names, limit)), [source, sink, counter, tells])
        except OSError:
            for file in (stdin, stdout, told):
                os.close(file)
            raise
        finally:
            for file in (source, sink, tells):
                os.close(file)
        return Forked(os.fdopen(stdin, "wb"), os.fdopen(stdout, "rb"), told)

    def close(self) -> None:
        """End the server and all its processes."""
        with self._lock:
            self._end()

    def _ask(self, request: bytes, files: Sequence[int]) -> None:
        with self._lock:
            if self._control is not None:
                try:
                    socket.send_fds(self._control, [request], files)
                except (BrokenPipeError, ConnectionError):  # somebody ended it
                    self._end()
                else:
                    return
            control = self._start()
            socket.send_fds(control, [request], files)

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                self._process = subprocess.Popen(
                    command("fork_server", "serve", theirs.fileno()),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=environment(),
                    pass_fds=[theirs.fileno()],
                )
            except OSError:
                ours.close()
                raise
        self._control = ours
        return ours

    def _end(self) -> None:
        if self._control is None or self._process is None:
            return
        self._control.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._control = self._process = None


class Forked:
    """A process that the fork server forked, with as much of `subprocess.Popen` as is asked of a child."""

    def __init__(self, stdin: BinaryIO, stdout: BinaryIO, told: int) -> None:
        self.stdin, self.stdout = stdin, stdout
        self.returncode: int | None = None
        self.refused: int | None = None  #: the `errno` for which there is no process
        self._told: int | None = told  # where the server tells of it
        self._pid: int | None = None
        self._lock = threading.Lock()

    @property
    def pid(self) -> int | None:
        """Its number; None where there is no such process. Waits until it is there."""
        with self._lock:
            if self._pid is None and self._told is not None:
                number = self._listen()
                if number is None or number < 0:
                    self.refused = None if number is None else -number
                    self._stop_listening()
                else:
                    self._pid = number
            return self._pid

    def kill(self) -> None:
        """End the process, and be back before it has ended."""
        pid = self.pid
        # Where the server told its end, the number may be another's by now.
        if pid is not None and self._told is not None and not _has_more(self._told, 0):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait until it has ended, and return how, if anybody knows. Raises `subprocess.TimeoutExpired`."""
        pid = self.pid
        with self._lock:
            if self._told is not None:
                if not _has_more(self._told, timeout):
                    raise subprocess.TimeoutExpired(f"process {pid}", timeout or 0)
                self.returncode = self._listen()
                self._stop_listening()
        return self.returncode

    def _listen(self) -> int | None:
        assert self._told is not None
        message = os.read(self._told, TOLD.size)
        return int(TOLD.unpack(message)[0]) if len(message) == TOLD.size else None

    def _stop_listening(self) -> None:
        if self._told is not None:
            os.close(self._told)
        self._told = None


def _has_more(file: int, timeout: float | None) -> bool:
    """Tell whether something can be read, or the other end is closed; waits for it, seconds."""
    poll = select.poll()
    poll.register(file, select.POLLIN)
    return bool(poll.poll(None if timeout is None else timeout * 1000))
