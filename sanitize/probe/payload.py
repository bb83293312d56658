"""What lies beside an image and is none: an archive, a program, a script or a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from sanitize.texts import cut


class Payload(NamedTuple):
    """Something that is no image: `data[start:end]`."""

    kind: str  #: a key of `beside_kinds.PAYLOADS`
    start: int
    end: int
    detail: str | None = None


def words(data: bytes) -> str:
    """Return the beginning of a text, on one line and without what does not print."""
    line = " ".join("".join(chr(byte) if 32 <= byte < 127 else " " for byte in data[:200]).split())
    return cut(line, 60)


#: So many places are checked: a magic of four bytes is found once in 4 GB by chance, one of two bytes in any photo.
MOST_CANDIDATES = 4096


def little(data: bytes, place: int) -> int:
    """Return the little-endian 32-bit number at a place; less where data end before."""
    return int.from_bytes(data[place : place + 4], "little")


def between(parts: Iterable[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Give what lies between two places and in none of some parts, each from its first byte to that behind it."""
    for first, last in (*sorted(parts), (end, end)):
        if min(first, end) > start:
            yield start, min(first, end)
        start = max(start, last)


#: Returns what begins at the first of two places in data, if it is sound.
Check = Callable[[bytes, int, int], Payload | None]
