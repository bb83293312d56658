"""The process that children are forked from: it has imported what they need, so that none of them does it again."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import pickle
import select
import signal
import socket
import struct
import sys
from collections.abc import Iterable
from typing import NoReturn

from sanitize.engine.child import main

#: Longest request: the names of functions, and a limit.
REQUEST_BYTES = 4096
#: What comes with a request: files that the child reads from and writes to, its counter, and where it is told of.
FILES = 4
# Files with higher numbers, which a system may be told to allow, are not looked for.
_MOST_FILES = 1 << 20
#: What is told of a process: its number, 0 where there is none; and RUNS, or how it ended as `subprocess.Popen` has it, or the
#: `errno` for which there is none.
TOLD = struct.Struct("<qq")
RUNS = 1 << 32


def serve(control: int, names: str) -> NoReturn:
    """Import modules, or those of functions, then fork a child at each request from the socket `control`.

    When its other end is closed, end with all of them.
    """
    # What our parent has open is none of ours, nor of our children.
    os.closerange(control + 1, min(os.sysconf("SC_OPEN_MAX"), _MOST_FILES))
    connection = socket.socket(fileno=control)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ended, ends = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(ends, warn_on_full_buffer=False)
    poll = select.poll()
    for file in (connection.fileno(), ended):
        poll.register(file, select.POLLIN)
    told: dict[int, int] = {}
    _import(names)
    while True:
        ready = [file for file, _event in poll.poll()]
        if ended in ready:
            os.read(ended, REQUEST_BYTES)
            _reap(told)
        if connection.fileno() in ready:
            request, files, _, _ = socket.recv_fds(connection, REQUEST_BYTES, FILES)
            if not request:
                break
            if len(files) == FILES:
                names, limit = pickle.loads(request)
                _import(names)
                _fork(files, limit, told, [connection.fileno(), ended, ends])
            else:  # there was no room for all of them: whoever asked finds its pipes closed
                _close(files)
    for process in told:
        os.kill(process, signal.SIGKILL)
    _reap(told, wait=True)
    os._exit(0)


def _import(names: str) -> None:
    """Import modules, or those of functions (`module:function`)."""
    # What is imported lives as long as every child: to look through it for garbage takes long, and would copy it there.
    gc.disable()
    for name in names.split():
        module = name.partition(":")[0]
        if module not in sys.modules:
            with contextlib.suppress(Exception):  # the child says what is wrong
                importlib.import_module(module)
    gc.freeze()
    gc.enable()


def _fork(files: list[int], limit: int, told: dict[int, int], own: list[int]) -> None:
    source, sink, counter, tells = files
    try:
        process = os.fork()
    except OSError as error:
        _tell(tells, 0, error.errno or 1)
        process = -1
    if process == 0:
        # It tells of itself, before it does anything: this server may be ended at any moment, and nobody else knows it.
        _tell(tells, os.getpid(), RUNS)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(source, 0)
        os.dup2(sink, 1)
        _close([source, sink, tells, *own, *told.values()])
        _work(counter, limit)
    _close([source, sink, counter])
    if process < 0:
        os.close(tells)
    else:
        told[process] = tells


def _work(counter: int, limit: int) -> NoReturn:
    status = 1
    try:
        main(counter, limit)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    finally:
        os._exit(status)


def _reap(told: dict[int, int], *, wait: bool = False) -> None:
    """Tell how processes ended: those that have, or all."""
    for process in list(told):
        ended, status = os.waitpid(process, 0 if wait else os.WNOHANG)
        if ended:
            tells = told.pop(process)
            _tell(tells, process, os.waitstatus_to_exitcode(status))
            os.close(tells)


def _tell(tells: int, process: int, status: int) -> None:
    with contextlib.suppress(OSError):  # nobody listens any more
        os.write(tells, TOLD.pack(process, status))


def _close(files: Iterable[int]) -> None:
    for file in files:
        os.close(file)
