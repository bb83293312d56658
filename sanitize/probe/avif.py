"""The facts of an AVIF, asked of both Pillow and OpenCV: their decoders find different damage."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from sanitize.probe import containers, generic
from sanitize.probe.complaint import ENDED_EARLY, Complaint

# Boxes whose end behind that of the file is a loss; anything may follow the last box.
_KNOWN = {b"ftyp", b"meta", b"mdat", b"idat", b"moov", b"iprp", b"ipco", b"iinf", b"iloc"}
_DEEPEST = 4
# What stands before the boxes inside: version and flags, and in an `iinf` a count, of 2 bytes in version 0 and 4 in others.
_CONTAINERS = {b"meta": 4, b"iprp": 0, b"ipco": 0, b"iinf": 6}
# Kinds of items that hold metadata, and one that no reader knows.
_METADATA, _NOTHING = (b"Exif", b"mime"), b"none"


def probe(data: bytes, *, max_pixels: int, thorough: bool) -> dict[str, object]:
    """Return the facts of an AVIF."""
    header, complaint = _boxes(data)
    asked = _without_metadata(data) if complaint is None and _opencv_reads_avif() else None
    return generic.measure(data, "avif", header, complaint, max_pixels=max_pixels, thorough=thorough, for_opencv=asked)


def _boxes(data: bytes) -> tuple[dict[str, object], Complaint | None]:
    """Walk the boxes: the largest size and depth they name, and whether one reaches beyond the end of the file."""
    found: dict[str, object] = {}
    area = 0
    for kind, start, end in walk(data, 0, len(data)):
        if end > len(data) and kind in _KNOWN:
            text = f"the {kind.decode('latin-1')} box ends at byte {end}, the AVIF after {len(data)}"
            return found, Complaint(text, ENDED_EARLY)
        if kind == b"ispe" and start + 12 <= end:
            width, height = struct.unpack_from(">II", data, start + 4)
            if width * height > area:
                area = width * height
                found |= {"width": width, "height": height}
        elif kind == b"av1C" and start + 3 <= end and "bits" not in found:
            found["bits"] = 12 if data[start + 2] & 0x20 else 10 if data[start + 2] & 0x40 else 8
    return found, None


def _without_metadata(data: bytes) -> bytes:
    """Return the same picture with no EXIF and XMP data.

    OpenCV looks at the first 500 bytes to know an AVIF by, which is where encoders on libheif name such data; they write
    them behind the pixels, where OpenCV does not get at them, and it takes the file for none that it reads.
    """
    masked = bytearray(data)
    for kind, start, end in walk(data, 0, len(data)):
        # Version 2 and 3 of an item's entry: its number and protection, then its kind (ISO/IEC 14496-12, 8.11.6).
        wide = data[start : start + 1] == b"\3"
        at = start + (10 if wide else 8)
        if kind == b"infe" and at + 4 <= end and data[at : at + 4] in _METADATA:
            masked[at : at + 4] = _NOTHING
    return bytes(masked)


def walk(data: bytes, at: int, limit: int, depth: int = 0) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, begin and end of the content of every box, those inside containers too; ends may lie too far."""
    while at + 8 <= limit:
        kind, start, end = containers.box_at(data, at, limit)
        if end < start:
            return
        yield kind, start, end
        if kind in _CONTAINERS and depth < _DEEPEST:
            wide = kind == b"iinf" and data[start : start + 1] != b"\0"
            yield from walk(data, start + _CONTAINERS[kind] + 2 * wide, min(end, limit), depth + 1)
        at = end


def _opencv_reads_avif() -> bool:
    """Tell whether this OpenCV was built with AVIF, without which its refusal would mean nothing."""
    import cv2  # heavy

    return re.search(r"^\s*AVIF:\s+(?!NO\b)\S", cv2.getBuildInformation(), re.M) is not None
