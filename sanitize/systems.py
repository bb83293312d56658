"""What Windows does otherwise: it writes paths in another way, and lets nobody replace or remove a file that is open."""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from collections.abc import Callable
from typing import Any

#: Whether this is Windows.
WINDOWS = os.name == "nt"
#: How long to wait for other threads at a time, seconds: Windows tells of Ctrl-C between waits only. None has no end.
LONGEST_WAIT = 0.1 if WINDOWS else None
_Path = str | bytes | os.PathLike[str]
# Between attempts, 1 s in all: so long CPython's own tests wait for virus scanners (`test.support.os_helper`).
_PAUSES = tuple(2**step / 1000 for step in range(10))
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_FORBIDDEN = re.compile(r'[\x00-\x1f\\/:*?"<>|]')
_RESERVED = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9\xb9\xb2\xb3])(\..*)?", re.I)


def replace(source: _Path, target: _Path) -> None:
    """Put a file in the place of another, in one step; raises OSError."""
    _insist(os.replace, source, target)


def try_to_replace(path: _Path) -> None:
    """Raise OSError where a file cannot be replaced because somebody has it open."""
    if WINDOWS:
        _insist(os.rename, path, path)


def unlink(path: _Path) -> None:
    """Remove a file, be it read-only; raises OSError."""
    try:
        os.unlink(path)
    except PermissionError:
        if not WINDOWS or os.path.islink(path):  # which would be followed
            raise
        os.chmod(path, stat.S_IWRITE)
        os.unlink(path)


def with_slashes(path: str) -> str:
    """Return a path, or a pattern of some, with `/` between its parts."""
    return path.replace("\\", "/") if WINDOWS else path


def is_name(text: str) -> bool:
    """Tell whether a file in a folder may have this name here, as far as Windows forbids more than others."""
    return not WINDOWS or not (_FORBIDDEN.search(text) or _RESERVED.fullmatch(text))


def is_unread(error: OSError) -> bool:
    """Tell whether a pipe could not be written to because its reader has gone."""
    return isinstance(error, BrokenPipeError) or (WINDOWS and error.errno == errno.EINVAL)


def show_colours() -> None:
    """Let the console take escape codes, which older ones of Windows print unless any command has run."""
    if WINDOWS:
        os.system("")


def _insist(act: Callable[..., Any], *paths: _Path) -> None:
    """Do something to files, on Windows again where a virus scanner or an indexer may hold them for a moment."""
    for pause in _PAUSES if WINDOWS else ():
        try:
            act(*paths)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    act(*paths)
