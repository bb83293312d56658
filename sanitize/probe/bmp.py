"""The facts of a BMP, whose uncompressed rows have to lie inside the file."""

from __future__ import annotations

import struct

from sanitize.probe import generic, raw_rows
from sanitize.probe.complaint import BITSTREAM, Complaint
from sanitize.probe.raw_rows import Raster

_UNCOMPRESSED = (0, 3, 6)


def probe(data: bytes, *, max_pixels: int, thorough: bool) -> dict[str, object]:
    """Return the facts of a BMP."""
    width = _width(data)
    if width is not None and width < 0:
        # Only a height may be negative. Pillow takes a width as four billion pixels, and has to be kept from them.
        complaint = Complaint(f"the header gives a width of {width} pixels", BITSTREAM)
        # OpenCV refuses it for its sign.
        found: dict[str, object] = {"decodes": False, "decodes_truncated": False, "plain": False}
        found |= {"decodes_opencv": False} if thorough else {}
        return found | complaint.columns() | {"decoder": generic.decoder("pillow")}
    header, raster = _header(data)
    lacking: Complaint | None = None
    if raster is not None:
        lacking, lost = raw_rows.missing(raster, len(data), of="the BMP")
        header |= lost
    return generic.measure(data, "bmp", header, lacking, max_pixels=max_pixels, thorough=thorough)


def _width(data: bytes) -> int | None:
    """Return the width as the header has it, with its sign; None in a header of the first kind, where it has none."""
    is_signed = len(data) >= 26 and int.from_bytes(data[14:18], "little") >= 40
    return int.from_bytes(data[18:22], "little", signed=True) if is_signed else None


def _header(data: bytes) -> tuple[dict[str, object], Raster | None]:
    if len(data) < 54 or int.from_bytes(data[14:18], "little") < 40:
        return {}, None
    start, _size, width, height, _planes, bits, compression = struct.unpack_from("<IIiiHHI", data, 10)
    if width <= 0 or height == 0:
        return {}, None
    found: dict[str, object] = {"width": width, "height": abs(height), "bits": bits if bits < 8 else 8}
    if compression not in _UNCOMPRESSED or bits not in (1, 2, 4, 8, 16, 24, 32):
        return found, None
    used = (width * bits + 7) // 8
    return found, Raster(start, (used + 3) // 4 * 4, used, abs(height), bottom_up=height > 0)
