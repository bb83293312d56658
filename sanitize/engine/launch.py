"""Starts Python processes of this package, and the first of them before nearly anything is imported.

A scan takes its time to import what it needs: its fork server does so meanwhile. Every module that this one needs would
delay that, so it makes do without `subprocess` and `typing`.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys

# Where a fork server finds its end of the socket.
_CONTROL = 3


def can_fork() -> bool:
    """Tell whether a process with libraries such as NumPy in it may be forked: elsewhere the system's own break over it."""
    return sys.platform == "linux"


def command(module: str, function: str, *arguments: object) -> list[str]:
    """Return the command of a Python process that calls a function of this package."""
    # The package is looked for last where it lies, so that it need not be installed, and never in the current folder.
    root = os.path.abspath(__file__)
    for _ in range(3):
        root = os.path.dirname(root)
    call = f"{function}({', '.join(map(repr, arguments))})"
    program = f"import sys; sys.path.append({root!r}); from {__package__}.{module} import {function}; {call}"
    return [sys.executable, "-P", "-c", program]


def environment() -> dict[str, str]:
    """Return our environment, in which numeric libraries use one thread a process: there is a process per core.

    OpenCV has a limit of its own, 2^30 pixels, and reads it when it is loaded; the size is checked before it is asked.
    """
    single = dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"), "1"
    )
    opencv = {"OPENCV_LOG_LEVEL": "SILENT", "OPENCV_IO_MAX_IMAGE_PIXELS": str(1 << 40)}
    return {**opencv, **os.environ, **single}


class Server:
    """A fork server: where it is asked, and its process."""

    def __init__(self, names: str = "") -> None:
        """Start one that imports modules, or those of functions. Raises OSError."""
        import fcntl  # there is none on Windows

        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.returncode: int | None = None
        try:
            with theirs:
                # Out of the way of the files that it is to have.
                own = fcntl.fcntl(theirs, fcntl.F_DUPFD_CLOEXEC, _CONTROL + 1)
            try:
                arguments = command("fork_server", "serve", _CONTROL, names)
                # It closes what else of ours is open, as this cannot be asked for here.
                files = [
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                    (os.POSIX_SPAWN_DUP2, 1, 2),
                    (os.POSIX_SPAWN_DUP2, own, _CONTROL),
                ]
                self.pid = os.posix_spawn(arguments[0], arguments, environment(), file_actions=files)
            finally:
                os.close(own)
        except OSError:
            self.control.close()
            raise

    def release(self) -> None:
        """Let it and all its processes end."""
        with contextlib.suppress(OSError):  # it ended already
            self.control.shutdown(socket.SHUT_WR)

    def kill(self) -> None:
        """End it, and be back before it has ended."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):  # somebody else waited for it
                os.kill(self.pid, 9)

    def wait(self) -> None:
        """Wait until it has ended."""
        if self.returncode is None:
            try:
                self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            except ChildProcessError:  # as above
                self.returncode = 0


# A server that waits for whoever needs one first.
_waiting: list[Server] = []


def start_early(names: str) -> None:
    """Start a server that imports modules, or those of functions, before anybody needs it."""
    if can_fork():
        with contextlib.suppress(OSError):  # whoever needs one tries again, and says what is wrong
            _waiting.append(Server(names))


def take_early() -> Server | None:
    """Return the server that was started early, once."""
    return _waiting.pop() if _waiting else None


def end_early() -> None:
    """End the server that nobody has needed, if there is one."""
    server = take_early()
    if server:
        server.kill()
        server.control.close()
        server.wait()
