"""Ctrl-C, whatever a library made of it."""

from __future__ import annotations

import signal
import threading


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
