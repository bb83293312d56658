"""The later pictures of a multi-picture JPEG, where its index really leads to them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import pairwise

from sanitize.probe.jpeg_segments import APP2, Header

# CIPA DC-007: the tag whose value holds 16 bytes for each picture: attributes, size, offset and two dependencies.
_ENTRIES, _ENTRY = 0xB002, 16
_START = b"\xff\xd8\xff"
# Cameras write two or three, panoramas dozens.
_MOST = 100


def later(data: bytes, header: Header) -> Iterator[tuple[int, int, bytes]]:
    """Yield number and count of pictures, and each later picture's bytes with what follows them up to the next.

    Programs that change or drop pictures often leave the index as it was: an offset that does not lead to the begin of
    a JPEG says nothing. Never raises.
    """
    for marker, start, end in header.segments:
        if marker == APP2 and data.startswith(b"MPF\0", start):
            index = start + 4
            offsets = _offsets(data[index:end])
            places = {index + offset: number for number, offset in enumerate(offsets, 1) if offset}
            starts = sorted(place for place in places if data.startswith(_START, place))
            for place, following in pairwise([*starts, len(data)]):
                yield places[place], len(offsets), data[place:following]
            return


def count(index: bytes) -> int:
    """Return how many pictures a sound index has; 0 where it has none or cannot be read."""
    found = _entries(index) if index[:4] in (b"II*\0", b"MM\0*") else None
    return 0 if found is None else found[1] // _ENTRY


def _offsets(index: bytes) -> list[int]:
    """Return where the pictures begin, counted from the index; 0 for the first."""
    found = _entries(index)
    if found is None:
        return []
    order, size, place = found
    try:
        return [
            struct.unpack_from(order + "I", index, place + _ENTRY * number + 8)[0]
            for number in range(min(size // _ENTRY, _MOST))
        ]
    except struct.error:
        return []


def _entries(index: bytes) -> tuple[str, int, int] | None:
    """Return the byte order of an index, and how long its entries are and where they begin."""
    order = "<" if index[:2] == b"II" else ">"
    try:
        (directory,) = struct.unpack_from(order + "I", index, 4)
        (tags,) = struct.unpack_from(order + "H", index, directory)
        for number in range(tags):
            tag, _kind, size, place = struct.unpack_from(order + "HHII", index, directory + 2 + 12 * number)
            if tag == _ENTRIES:
                return order, size, place
    except struct.error:
        pass
    return None
