"""The facts of a Targa, whose uncompressed rows and footer have to lie inside the file."""

from __future__ import annotations

import struct

from sanitize.probe import generic, raw_rows
from sanitize.probe.complaint import BITSTREAM, NO_END, Complaint
from sanitize.probe.raw_rows import Raster

_FOOTER = bytes(8) + b"TRUEVISION-XFILE.\0"
# A cut footer is one from here on.
_KNOWN = 9


def probe(data: bytes, *, max_pixels: int, thorough: bool) -> dict[str, object]:
    """Return the facts of a Targa."""
    if len(data) < 18:
        return generic.probe(data, content="tga", max_pixels=max_pixels, thorough=thorough)
    (id_length, map_type, kind, _first, colors, color_bits, _x, _y, width, height, depth, flags) = struct.unpack_from(
        "<BBBHHBHHHHBB", data, 0
    )
    start = 18 + id_length + (colors * ((color_bits + 7) // 8) if map_type else 0)
    header: dict[str, object] = {"width": width, "height": height, "frames": 1}
    complaint = None
    if kind in (1, 2, 3):
        stride = (width * depth + 7) // 8
        raster = Raster(start, stride, stride, height, bottom_up=not flags & 0x20)
        complaint, lost = raw_rows.missing(raster, len(data), of="the Targa")
        header |= lost
        if complaint is None and data.endswith(_FOOTER) and len(data) < raster.end + len(_FOOTER):
            count = raster.end + len(_FOOTER) - len(data)
            complaint = Complaint(f"{count} bytes of the pixels are missing", BITSTREAM)
    if complaint is None:
        cut = next((count for count in range(len(_FOOTER) - 1, _KNOWN, -1) if data.endswith(_FOOTER[:count])), None)
        if cut is not None:
            complaint = Complaint(f"the Targa ends within its footer, after {len(data)} bytes", NO_END)
            header["survives"] = 1.0
    return generic.measure(data, "tga", header, complaint, max_pixels=max_pixels, thorough=thorough)
