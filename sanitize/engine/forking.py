"""The fork server as its parent sees it, and the processes that it forks."""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import signal
import socket
import subprocess
import threading
from collections.abc import Sequence
from typing import BinaryIO

from sanitize.engine.fork_server import RUNS, TOLD
from sanitize.engine.launch import Server, take_early

#: How long the server may take to end itself and its processes, seconds.
_END_SECONDS = 1.0


class ForkServer:
    """Forks processes that have imported what they need; it starts with the first, and again where somebody ended it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server: Server | None = None

    def fork(self, counter: int, limit: int, names: str) -> Forked:
        """Return a process that serves as `child.main` does. Raises OSError where the system allows no further one.

        `counter` is an open file, `limit` is in bytes, and `names` are those of modules or functions that are imported before.
        """
        with contextlib.ExitStack() as ours, contextlib.ExitStack() as theirs:
            source, stdin = _pipe(theirs, ours)
            stdout, sink = _pipe(ours, theirs)
            told, tells = _pipe(ours, theirs)
            server = self._ask(pickle.dumps((names, limit)), [source, sink, counter, tells])
            ours.pop_all()
        return Forked(os.fdopen(stdin, "wb"), os.fdopen(stdout, "rb"), told, server)

    def release(self) -> None:
        """Let the server and all its processes end, and be back before they have."""
        with self._lock:
            if self._server:
                self._server.release()

    def close(self) -> None:
        """End the server and all its processes."""
        with self._lock:
            self._end()

    def _ask(self, request: bytes, files: Sequence[int]) -> Server:
        """Send a request, and return the server that has it."""
        with self._lock:
            self._server = self._server or take_early()
            if self._server:
                try:
                    socket.send_fds(self._server.control, [request], files)
                except ConnectionError:  # somebody ended it
                    self._end()
                else:
                    return self._server
            self._server = Server()
            socket.send_fds(self._server.control, [request], files)
            return self._server

    def _end(self) -> None:
        if self._server is None:
            return
        self._server.release()
        # Its end of the socket is closed when it ends; to ask again and again whether it has would take longer.
        if not _events(self._server.control.fileno(), _END_SECONDS):
            self._server.kill()
        self._server.control.close()
        self._server.wait()
        self._server = None


class Forked:
    """A process that the fork server forked, with as much of `subprocess.Popen` as is asked of a child."""

    def __init__(self, stdin: BinaryIO, stdout: BinaryIO, told: int, server: Server) -> None:
        self.stdin, self.stdout = stdin, stdout
        self.returncode: int | None = None
        self.refused: int | None = None  #: the `errno` for which there is no process
        self._told: int | None = told  # where it tells of itself, and the server of its end
        self._server = server
        self._pid: int | None = None
        self._lock = threading.Lock()

    @property
    def pid(self) -> int | None:
        """Its number; None where there is no such process, or none yet."""
        with self._lock:
            if self._pid is None and self._told is not None and _events(self._told, 0):
                self._listen()
            return self._pid

    def kill(self) -> None:
        """End the process, and be back before it has ended."""
        pid = self.pid
        if self._told is None:
            return
        if pid is None:
            # With a server that tells nothing its ends of our pipes are gone, and whoever waits at them goes on.
            self._server.kill()
        # Once its end is told its number may be another's. A server that is gone tells nothing.
        elif not _events(self._told, 0) & select.POLLIN:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait until it has ended, and return how, if anybody knows. Raises `subprocess.TimeoutExpired`.

        Without a `timeout` it is known to end soon, and so does a server that does not tell.
        """
        with self._lock:
            while self._told is not None:
                if _events(self._told, _END_SECONDS if timeout is None else timeout):
                    self._listen()
                elif timeout is None:
                    self._server.kill()
                else:
                    raise subprocess.TimeoutExpired(f"process {self._pid}", timeout)
        return self.returncode

    def _listen(self) -> None:
        """Take what is told next."""
        assert self._told is not None
        message = os.read(self._told, TOLD.size)
        if len(message) == TOLD.size:
            process, status = TOLD.unpack(message)
            self._pid = process or None
            if status == RUNS:
                return
            if process:
                self.returncode = status
            else:
                self.refused = status
        os.close(self._told)
        self._told = None


def _pipe(reader: contextlib.ExitStack, writer: contextlib.ExitStack) -> tuple[int, int]:
    """Return the two ends of a pipe, which are closed with these."""
    reads, writes = os.pipe()
    reader.callback(os.close, reads)
    writer.callback(os.close, writes)
    return reads, writes


def _events(file: int, timeout: float | None) -> int:
    """Return what `select.poll` says of a file within so many seconds: POLLIN where something can be read, or else 0."""
    poll = select.poll()
    poll.register(file, select.POLLIN)
    return next((event for _file, event in poll.poll(None if timeout is None else timeout * 1000)), 0)
