"""Finds values in Photoshop's image resources and the IPTC records in them, where they may hold anything."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator

#: What the segment of a JPEG begins with that holds them.
NAME = b"Photoshop 3.0\0"


def values(data: bytes, segments: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Give where the resources lie, the records of those of IPTC, and what stands in their place or behind. Never raises.

    Each is given by its first byte, and the byte behind. A resource is a signature, a number, a name of even length with its
    own, a length and as many bytes, then made even (Adobe Photoshop File Formats Specification, image resource blocks). One may
    go on in the next of several segments, which are given without what they begin with.
    """
    at = behind = 0  # of the resource that was the last in a segment, and of that segment
    for start, end in segments:
        goes_on = at > behind and _HEAD.match(data, start, end) is None
        at, behind = start + (at - behind if goes_on else 0), end
        while (head := _HEAD.match(data, at, end)) is not None:
            name = data[at + 6] + 1
            place = at + 6 + name + name % 2
            first, size = place + 4, int.from_bytes(data[place : place + 4], "big")
            at, last = first + size + size % 2, min(end, first + size)
            if head[1] == _IPTC:
                yield from records(data, first, last)
            elif last - first >= _LEAST:
                yield first, last
            if first + size > end >= place + _LEAST:  # it goes on in the next, or what stands there is no length
                yield place, end
        if end - at >= _LEAST:
            yield at, end


def records(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Give where the values of IPTC records lie, and what stands in their place (IIM 4.2, section 1.5). Never raises."""
    at = start
    while at + 5 <= end and data[at] == _RECORD:
        (length,) = struct.unpack_from(">H", data, at + 3)
        first = at + 5
        if length & 0x8000:  # so many bytes hold the length
            first += length & 0x7FFF
            if first > at + 9:
                break
            length = int.from_bytes(data[at + 5 : first], "big")
        at = min(end, first + length)
        if at - first >= _LEAST:
            yield first, at
    if end - at >= _LEAST:
        yield at, end


_HEAD = re.compile(rb"(?:8BIM|PHUT|AgHg|DCSR|MeSa)(..).", re.DOTALL)
_IPTC, _RECORD = b"\x04\x04", 0x1C
# The shortest command that gets anything; most resources are numbers in less.
_LEAST = 12
