"""The facts of a QOI, which has to end with its marker."""

from __future__ import annotations

import struct

from sanitize.probe import generic
from sanitize.probe.complaint import NO_END, Complaint
from sanitize.probe.image_end import QOI_END


def probe(data: bytes, *, max_pixels: int, thorough: bool) -> dict[str, object]:
    """Return the facts of a QOI."""
    header: dict[str, object] = {"frames": 1}
    complaint = None
    if len(data) >= 14:
        header["width"], header["height"] = struct.unpack_from(">II", data, 4)
        if data.find(QOI_END, 14) < 0 and not generic.too_large(header, max_pixels):
            complaint = Complaint(f"the QOI ends without its marker, after {len(data)} bytes", NO_END)
    return generic.measure(data, "qoi", header, complaint, max_pixels=max_pixels, thorough=thorough)
