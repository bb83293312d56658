"""The facts of an icon or a cursor, all of its pictures looked at."""

from __future__ import annotations

import struct

from sanitize.probe import generic, png_chunks
from sanitize.probe.complaint import BITSTREAM, ENDED_EARLY, Complaint

_PNG_HEADER = 33


def probe(data: bytes, *, max_pixels: int, thorough: bool) -> dict[str, object]:
    """Return the facts of an icon or cursor. Its pictures are sizes of one, so it has one frame."""
    content = "cur" if data[:4] == b"\0\0\2\0" else "ico"
    largest, complaint = _look(data)
    if largest[0] * largest[1] > max_pixels:
        return {"width": largest[0], "height": largest[1], "decoder": generic.decoder("pillow")}
    return generic.measure(data, content, {"frames": 1}, complaint, max_pixels=max_pixels, thorough=thorough)


def _look(data: bytes) -> tuple[tuple[int, int], Complaint | None]:
    """Return the largest size that any of the pictures has, and the first damage."""
    count = int.from_bytes(data[4:6], "little")
    largest, complaint, walked = (0, 0), None, 0
    for number in range(1, count + 1):
        at = 6 + 16 * (number - 1)
        if at + 16 > len(data):
            return largest, complaint or Complaint("the icon ends within its directory", ENDED_EARLY)
        size, start = struct.unpack_from("<II", data, at + 8)
        if start + size > len(data):
            text = f"picture {number} of {count} ends at byte {start + size}, the icon after {len(data)}"
            complaint = complaint or Complaint(text, ENDED_EARLY)
        picture = data[start : start + size]
        if picture[:8] == png_chunks.SIGNATURE and len(picture) >= _PNG_HEADER:
            dimensions = struct.unpack_from(">II", picture, 16)
            walked += len(picture)
            # Entries may all point at the same bytes, which is no reason to read them again and again.
            damage = png_chunks.walk(picture).complaint if walked <= 2 * len(data) else None
            if damage is not None:
                complaint = complaint or Complaint(f"picture {number} of {count}: {damage.text}", damage.kind)
        elif len(picture) >= 40 and picture[:4] == b"\x28\0\0\0":
            width, height = struct.unpack_from("<ii", picture, 4)
            dimensions = (abs(width), abs(height) // 2)
        else:
            complaint = complaint or Complaint(f"picture {number} of {count} is neither PNG nor BMP", BITSTREAM)
            continue
        largest = max(largest, dimensions, key=lambda pair: pair[0] * pair[1])
    return largest, complaint
