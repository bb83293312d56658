"""The facts of an Apple icon, all of its pictures looked at."""

from __future__ import annotations

import struct

from sanitize.probe import generic, png_chunks
from sanitize.probe.complaint import ENDED_EARLY, Complaint


def probe(data: bytes, *, max_pixels: int, thorough: bool) -> dict[str, object]:
    """Return the facts of an Apple icon. Its pictures are sizes of one, so it has one frame."""
    return generic.measure(data, "icns", {"frames": 1}, _look(data), max_pixels=max_pixels, thorough=thorough)


def _look(data: bytes) -> Complaint | None:
    """Return the first damage of any of the pictures, each of which lies in a block with its kind and its length."""
    at, size = 8, len(data)
    # What follows the length that the icon gives is no part of it.
    limit = min(size, int.from_bytes(data[4:8], "big"))
    while at + 8 <= limit:
        kind, length = struct.unpack_from(">4sI", data, at)
        name = kind.decode("ascii", "replace")
        if length < 8:
            return None  # nothing follows that could be found
        if at + length > size:
            text = f"the picture {name!r} ends at byte {at + length}, the icon after {size}"
            return Complaint(text, ENDED_EARLY)
        picture = data[at + 8 : at + length]
        damage = png_chunks.walk(picture).complaint if picture[:8] == png_chunks.SIGNATURE else None
        if damage is not None:
            return Complaint(f"the picture {name!r}: {damage.text}", damage.kind)
        at += length
    return None
