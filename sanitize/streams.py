"""The standard streams, whatever became of them: closed, full, or read by nobody any more."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterable
from typing import TextIO

from sanitize import systems
from sanitize.errors import UsageError
from sanitize.names import unmistakable


def prepare() -> None:
    """Let the streams take any text, and keep the places of those that are closed.

    The next file to be opened would get such a place, and with it all that a library prints.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            # Opened for reading: to write fails, as it does where nothing is open.
            nothing = os.open(os.devnull, os.O_RDONLY)
            if nothing != number:
                os.dup2(nothing, number)
                os.close(nothing)
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8", closefd=False))
        stream = getattr(sys, name)
        if number and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Tell a person; where nobody can be told, the exit status does."""
    try:
        print(unmistakable(text), file=sys.stderr, flush=True)  # noqa: T201
    except OSError:
        _drop(sys.stderr)


def show(text: str) -> None:
    """Print what a person asked for. Raises UsageError where that is impossible."""
    _write(lambda: print(text))  # noqa: T201


def give(pieces: Iterable[str]) -> None:
    """Print what a program reads: UTF-8, whatever the terminal speaks. Raises UsageError where that is impossible."""
    encoded = (piece.encode("utf-8", "backslashreplace") for piece in pieces)
    _write(lambda: sys.stdout.buffer.writelines(encoded))


def finish() -> None:
    """Print what is still waiting. Raises UsageError where that is impossible."""
    _write(lambda: None)


def _write(write: Callable[[], object]) -> None:
    try:
        write()
        sys.stdout.flush()
    except OSError as error:
        _drop(sys.stdout)
        if not systems.is_unread(error):  # who reads had enough; who waits for the exit status still gets it
            raise UsageError(f"cannot print to standard output: {error.strerror}") from None


def _drop(stream: TextIO) -> None:
    """Let nothing more reach a stream: what is still waiting would fail again, at the very end."""
    with contextlib.suppress(OSError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)
