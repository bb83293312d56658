"""The orientation that EXIF data gives."""

from __future__ import annotations

import struct

_ORIENTATION = 0x112


def orientation(exif: bytes) -> int:
    """Return the orientation, 1 to 8, in EXIF data with or without its `Exif` prefix; 1 where none is given."""
    block = exif[6:] if exif[:6] == b"Exif\0\0" else exif
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return 1
    try:
        (at,) = struct.unpack_from(order + "I", block, 4)
        (count,) = struct.unpack_from(order + "H", block, at)
        for entry in range(at + 2, at + 2 + 12 * count, 12):
            tag, kind, length = struct.unpack_from(order + "HHI", block, entry)
            if tag == _ORIENTATION and length == 1 and kind in (1, 3, 4):
                (value,) = struct.unpack_from(order + {1: "B", 3: "H", 4: "I"}[kind], block, entry + 8)
                return int(value) if 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1
