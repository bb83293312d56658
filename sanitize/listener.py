"""Who is told how a scan goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Listener(NamedTuple):
    """Who is told how a scan goes on; each call is made in the thread of the scan."""

    on_start: Callable[[str, int], None] = lambda what, count: (
        None
    )  #: a stage (`probe`, `copy`) and its number of files
    on_progress: Callable[[int], None] = lambda count: None  #: so many more files of the stage are done
    on_message: Callable[[str], None] = lambda text: None  #: something to know before it happens
