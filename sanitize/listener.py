"""Who is told how a scan, or what else takes long, goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Listener(NamedTuple):
    """Who is told how it goes on; each call is made in the thread that called."""

    #: a stage (`terminal.STAGES`) and its number of files
    on_start: Callable[[str, int], None] = lambda what, count: None
    on_progress: Callable[[int], None] = lambda count: None  #: so many more files of the stage are done
    on_message: Callable[[str], None] = lambda text: None  #: something to know before it happens
