"""The facts of a JPEG 2000, whose codestream has to end with its marker."""

from __future__ import annotations

from sanitize.probe import avif, generic
from sanitize.probe.complaint import ENDED_EARLY

_START, _END = b"\xff\x4f\xff\x51", b"\xff\xd9"


def probe(data: bytes, *, max_pixels: int, thorough: bool) -> dict[str, object]:
    """Return the facts of a JPEG 2000."""
    found = generic.probe(data, content="jpeg2000", max_pixels=max_pixels, thorough=thorough)
    # Pillow says no more than that the stream is broken; it decodes many that only lack the marker.
    if found.get("complaint") and _ends_early(data):
        found["complaint"] = f"{found['complaint']}: the codestream ends early, after {len(data)} bytes"
        found["complaint_kind"] = ENDED_EARLY
    return found


def _ends_early(data: bytes) -> bool:
    """Tell whether the codestream has no end marker where it has to end."""
    if data.startswith(_START):
        return not data.rstrip(b"\0").endswith(_END)
    for kind, _start, end in avif.walk(data, 0, len(data)):
        if kind == b"jp2c":
            return end > len(data) or data[end - 2 : end] != _END
    return True
