"""Looks ahead for what ends a piece of text, without reading the same bytes again for each beginning."""

from __future__ import annotations

import re

#: So far behind a place it is looked, at least, bytes.
FAR = 1000
_BLOCK = 4096
# No expression needs more bytes than these from its first on.
_LONGEST = 512


class Ahead:
    """Where an expression matches next in `data[:end]`, asked for places that never come before those asked earlier."""

    __slots__ = ("_at", "_data", "_end", "_expression", "_is_found")

    def __init__(self, expression: re.Pattern[bytes], data: bytes, end: int) -> None:
        self._expression, self._data, self._end = expression, data, end
        self._at, self._is_found = 0, False  # of the next match, or up to where there is none

    def of(self, place: int) -> int:
        """Return the first byte of the next match from a place on, or one more than FAR behind it if none is so near."""
        if place > self._at:
            self._at, self._is_found = place, False
        while not self._is_found and self._at < min(place + FAR + 1, self._end):
            stop = self._at + _BLOCK
            match = self._expression.search(self._data, self._at, min(self._end, stop + _LONGEST))
            self._is_found = match is not None and match.start() < stop
            self._at = match.start() if match is not None and self._is_found else stop
        return self._at if self._is_found or self._at > place + FAR else place + FAR + 1
