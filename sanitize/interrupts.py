"""Ctrl-C, whatever a library made of it, and being told to end."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import NoReturn


class Terminated(KeyboardInterrupt):
    """The process was told to end, by SIGTERM: it does what it does on Ctrl-C, and says so."""


def terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Raise Terminated: a handler of SIGTERM, which is ignored without one by the first process of a container."""
    raise Terminated


def end_waits() -> None:
    """Let an interrupt end a wait for another thread at once.

    Polars puts a handler of its own before Python's when it is imported, and asks the system to go on (SA_RESTART, see
    sigaction(2)) with what was interrupted: Python hears of it when the wait is over. Python's handler is put back.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    handler = signal.getsignal(signal.SIGINT)
    if callable(handler):
        signal.signal(signal.SIGINT, handler)
