"""Reads the values of settings, as flags, settings files and calls give them.

Raises ValueError, TypeError or OverflowError for what is no such value.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from typing import Any

from sanitize.errors import UsageError

#: The least memory that a child can do its work in, bytes.
LEAST_MEMORY_LIMIT = 128 << 20
_ABOVE_ZERO = 5e-324  # the smallest float
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


def text(value: Any) -> str:
    """Return a path or another text, which is not empty."""
    path: str = os.fspath(value)
    if not path or "\0" in path:  # the value of a variable that is not set, or no path
        raise ValueError
    return path


def column(value: Any) -> str:
    """Return the name of a column, which may be a number."""
    return text(str(value) if isinstance(value, int) else value)


def background(value: Any) -> str:
    """Return a colour as it is written. Raises UsageError for what is none."""
    colour = text(value)
    parse_background(colour)
    return colour


def several(value: Any, item: Callable[[Any], Any] = os.fspath) -> tuple[Any, ...]:
    """Return one or several items, each read by `item`."""
    values = tuple(map(item, [value] if isinstance(value, str | int | os.PathLike) else value))
    if "\0" in "".join(map(str, values)):
        raise ValueError
    return values


def number(value: Any, kind: type = int, least: float = _ABOVE_ZERO, most: float = math.inf) -> Any:
    """Return a number of a kind, `least` to `most`; above 0 where nothing else is said."""
    found = kind(value)
    if not least <= found <= most or (isinstance(value, float) and found != value):
        raise ValueError
    return found


def share(value: Any) -> float:
    """Return a share, 0 to 1: of `0.1%` or `0.001`."""
    is_percent = isinstance(value, str) and value.endswith("%")
    found = float(value.removesuffix("%")) / 100 if is_percent else float(value)
    # Who writes 1 may mean 1 %, or all.
    if not 0 <= found <= 1 or (found == 1 and not is_percent):
        raise ValueError
    return found


def size(value: Any) -> int:
    """Return a number of bytes: of `4GiB`."""
    written = str(value).strip().lower().removesuffix("ib").removesuffix("b")
    unit = written[-1:] if written[-1:] in _UNITS and not written[-1:].isdigit() else ""
    found = int(float(written.removesuffix(unit)) * _UNITS[unit])
    if found < LEAST_MEMORY_LIMIT:
        raise ValueError
    return found


def parse_background(colour: str) -> tuple[int, int, int]:
    """Return a colour (`white`, `black`, `#rrggbb` or `r,g,b`) as three values from 0 to 255; raises UsageError."""
    named = {"white": (255, 255, 255), "black": (0, 0, 0), "grey": (128, 128, 128), "gray": (128, 128, 128)}
    if colour.lower() in named:
        return named[colour.lower()]
    try:
        digits = colour.removeprefix("#")
        parts = [int(part) for part in colour.split(",")] if "," in colour else list(bytes.fromhex(digits))
        if len(parts) == 3 and all(0 <= part <= 255 for part in parts):
            return parts[0], parts[1], parts[2]
    except ValueError:
        pass
    raise UsageError(f"{colour!r} is no colour; write --background '#ffffff', 255,255,255 or white")
