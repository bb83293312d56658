"""Text in UTF-16 among bytes, where programs for Windows write it and nothing else that reads bytes sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator


def begins(data: bytes, start: int, end: int) -> bool:
    """Tell whether text in UTF-16 begins at a place, with a byte order mark or without. Never raises."""
    return _HEAD.match(data, start, end) is not None


def find(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int]]:
    """Give the texts in UTF-16 between two places, one byte a character, and where they begin. Never raises.

    A text has to begin like one in a Western language: other characters, which become `~`, may be in its middle. What stands
    between the zeros is the same in both orders of bytes, and so is read the same way.
    """
    for run in _RUN.finditer(data, start, end):
        # The first zero is the upper half of the first character, or, in the other order, follows the lower.
        is_little = run.start() > start and data[run.start() - 1] in _PRINTED
        first = run.start() - 1 if is_little else run.start()
        lower, upper = data[first + 1 - is_little : run.end() : 2], data[first + is_little : run.end() : 2]
        if upper.strip(b"\0"):
            pairs = zip(lower, upper.ljust(len(lower), b"\0"), strict=False)
            lower = bytes(_OTHER if high or low > 127 else low for low, high in pairs)
        yield lower, first


_OTHER = ord("~")
_PRINTED = frozenset({9, 10, 13, *range(32, 127)})
# So many characters of other languages may follow each other between those of ASCII, of which so many come first.
_RUN = re.compile(
    rb"\0(?:[\t\n\r\x20-\x7e]\0){7,}"
    rb"(?:(?:(?!\0\0)[\0-\xff]{2}){1,64}?(?:[\t\n\r\x20-\x7e]\0){4,})*[\t\n\r\x20-\x7e]?"
)
_HEAD = re.compile(rb"(?:\xff\xfe|\xfe\xff)?\0?(?:[\t\n\r\x20-\x7e]\0){4}")
