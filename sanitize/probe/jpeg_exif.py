"""A quick look at EXIF data: the orientation, and whether any reader might stumble over the rest."""

from __future__ import annotations

import struct
from typing import NamedTuple

# Bytes of one value of each TIFF type (TIFF 6.0, section 2; 13 is an IFD offset).
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_ENTRIES = {"<": struct.Struct("<HHI4s"), ">": struct.Struct(">HHI4s")}
_ORIENTATION = 0x112
# Tags that Pillow reads when it opens a JPEG (orientation, resolution and its unit), with their one type; it warns where
# they hold more than one value, and may stumble over another type.
_READ = {_ORIENTATION: 3, 0x11A: 5, 0x11B: 5, 0x128: 3}


class Exif(NamedTuple):
    """What EXIF data say. `clean`: readers agree on them, and none warns."""

    orientation: int
    clean: bool


UNREADABLE = Exif(1, clean=False)


def read(block: bytes) -> Exif:
    """Read EXIF data, which start with their byte order (`II` or `MM`). Never raises."""
    if block[:4] == b"II*\0":
        order, offset = "<", int.from_bytes(block[4:8], "little")
    elif block[:4] == b"MM\0*":
        order, offset = ">", int.from_bytes(block[4:8], "big")
    else:
        return UNREADABLE
    start = offset + 2
    count = int.from_bytes(block[offset:start], "little" if order == "<" else "big")
    entries = block[start : start + 12 * count]
    # Four bytes with the offset of the next directory belong to it, and Pillow warns where they are missing.
    clean = offset >= 8 and len(block) >= start + 12 * count + 4
    orientations, total = [], 0
    for tag, kind, length, value in _ENTRIES[order].iter_unpack(entries[: len(entries) // 12 * 12]):
        size = _SIZES.get(kind, -1) * length
        if size > 4:
            total += size
            clean = clean and int.from_bytes(value, "little" if order == "<" else "big") + size <= len(block)
        elif size < 0:
            clean = False
        if tag in _READ:
            clean = clean and length == 1 and kind == _READ[tag]
            if tag == _ORIENTATION and kind in (1, 3, 4) and length == 1:
                orientations.append(int.from_bytes(value[: _SIZES[kind]], "little" if order == "<" else "big"))
    # Values that together exceed the file overlap, and Pillow warns of them too.
    clean = clean and total <= len(block)
    if not orientations:
        return Exif(1, clean)
    first = orientations[0]
    valid = 1 <= first <= 8
    return Exif(first if valid else 1, clean and valid and len(orientations) == 1)
