"""Finds the items of an AVIF that hold no pixels: EXIF and XMP data, and whatever else somebody put there."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice

from sanitize.probe import containers

#: Items of these kinds are pictures, or say how they are put together.
_PICTURES = frozenset({b"av01", b"grid", b"iovl", b"iden", b"tmap", b"hvc1"})
_MOST_ITEMS = 1000
# Where places are counted from: the file, or the box `idat` (ISO/IEC 14496-12, 8.11.3).
_FILE, _IDAT = 0, 1


def find(data: bytes) -> list[tuple[bytes, int, int]]:
    """Return kind, begin and end of the items of an AVIF that hold no pixels. Never raises, whatever the bytes."""
    meta = next(((start, end) for kind, start, end in containers.boxes(data) if kind == b"meta"), None)
    if meta is None:
        return []
    inside = data[: meta[1]]
    boxes = {kind: (start, end) for kind, start, end in containers.boxes(inside, meta[0] + 4)}
    if b"iinf" not in boxes or b"iloc" not in boxes:
        return []
    first = {_FILE: 0, _IDAT: boxes[b"idat"][0] if b"idat" in boxes else len(data)}
    try:
        kinds = dict(_kinds(data[: boxes[b"iinf"][1]], boxes[b"iinf"][0]))
        places = list(islice(_places(data[: boxes[b"iloc"][1]], boxes[b"iloc"][0]), _MOST_ITEMS))
    except (struct.error, IndexError):
        return []
    found: list[tuple[bytes, int, int]] = []
    room = len(data)  # what lies on top of each other was made to be read again and again
    for item, counted, place, end in places:
        kind = kinds.get(item, b"av01")
        if counted in first and kind not in _PICTURES and place < end <= len(data) - first[counted]:
            room -= end - place
            if room < 0:
                break
            found.append((kind, first[counted] + place, first[counted] + end))
    return found


def _kinds(data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Give number and kind of each item that the box `iinf` names (8.11.6)."""
    boxes = containers.boxes(data, at + (6 if data[at] == 0 else 8))
    for _kind, start, end in boxes[:_MOST_ITEMS]:
        version = data[start]
        if version >= 2 and end - start >= 12:
            (item,) = struct.unpack_from(">H" if version == 2 else ">I", data, start + 4)
            place = start + (8 if version == 2 else 10)
            yield item, data[place : place + 4]


def _places(data: bytes, at: int) -> Iterator[tuple[int, int, int, int]]:
    """Give number, what its place is counted from, begin and end of each piece of an item that the box `iloc` names (8.11.3)."""
    version, sizes = data[at], data[at + 4 : at + 6]
    size_of_place, size_of_length, size_of_base = sizes[0] >> 4, sizes[0] & 15, sizes[1] >> 4
    size_of_index = sizes[1] & 15 if version else 0
    wide = ">I" if version == 2 else ">H"
    at += 6

    def number(size: int) -> int:
        nonlocal at
        at += size
        if at > len(data):
            raise IndexError
        return int.from_bytes(data[at - size : at], "big")

    for _ in range(min(number(struct.calcsize(wide)), _MOST_ITEMS)):
        item = number(struct.calcsize(wide))
        counted = number(2) & 15 if version else _FILE
        number(2)  # which file it is in
        base = number(size_of_base)
        for _ in range(min(number(2), _MOST_ITEMS)):
            number(size_of_index)
            place, length = number(size_of_place), number(size_of_length)
            yield item, counted, base + place, base + place + length
