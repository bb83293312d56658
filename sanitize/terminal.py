"""The terminal: its colours and width, and the progress that it shows."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import TextIO

from sanitize import systems
from sanitize.listener import Listener
from sanitize.names import unmistakable

#: Returns a text in a colour, by its name.
Paint = Callable[[str, str], str]

_COLOURS = {"error": "31", "warning": "33", "info": "36", "good": "32", "strong": "1", "faint": "2"}
STAGES = {
    "probe": "checking",
    "look": "looking again",
    "copy": "copying",
    "compare": "comparing",
    "hash": "reading",
    "draw": "drawing",
    "move": "moving",
}


def use_colour(stream: TextIO) -> bool:
    """Tell whether colours are wanted: a terminal, and neither NO_COLOR nor TERM=dumb."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def painter(*, colour: bool) -> Paint:
    """Return what colours words: `error`, `warning`, `info`, `good`, `strong`, `faint`; nothing without `colour`."""
    if colour:
        systems.show_colours()
    return (lambda name, text: f"\x1b[{_COLOURS[name]}m{text}\x1b[0m") if colour else (lambda name, text: text)


def terminal_width() -> int:
    """Return the columns of the terminal, 100 where there is none."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns
    except (OSError, ValueError):
        return 100


@contextlib.contextmanager
def listening(stream: TextIO, *, quiet: bool) -> Iterator[Listener]:
    """Give a listener that shows a progress bar where `stream` is a terminal, and end the bar."""
    if quiet:
        yield Listener()
        return
    if not stream.isatty():
        yield Listener(on_message=_unheard(lambda text: print(unmistakable(text), file=stream)))
        return
    from tqdm import tqdm

    bars: list[tqdm] = []

    def end() -> None:
        while bars:
            bars.pop().close()

    def start(stage: str, count: int) -> None:
        end()
        if count:
            bars.append(
                tqdm(total=count, desc=STAGES[stage], unit=" images", file=stream, leave=False, mininterval=0.2)
            )

    def advance(count: int) -> None:
        for bar in bars:
            bar.update(count)

    def write(text: str) -> None:
        tqdm.write(unmistakable(text), file=stream)  # beside the bar, not at its end

    try:
        yield Listener(_unheard(start), _unheard(advance), _unheard(write))
    finally:
        _unheard(end)()


def _unheard(tell: Callable[..., None]) -> Callable[..., None]:
    """Return a function that tells, and goes on where nobody can be told: a terminal that is gone, a full disk."""

    def try_to_tell(*what: object) -> None:
        with contextlib.suppress(OSError):
            tell(*what)

    return try_to_tell
