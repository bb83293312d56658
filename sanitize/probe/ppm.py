"""The facts of a Netpbm picture, whose rows have to lie inside the file."""

from __future__ import annotations

import re

from sanitize.probe import generic, raw_rows
from sanitize.probe.complaint import ENDED_EARLY, NO_END, Complaint
from sanitize.probe.raw_rows import Raster
from sanitize.probe.sniff_weak import LONGEST_HEADER

_GAP = rb"(?:[ \t\r\n\v\f]|#[^\r\n]*[\r\n])+"
_SIZE = re.compile(rb"P([1-6Ff])" + _GAP + rb"(\d{1,9})" + _GAP + rb"(\d{1,9})")
_NUMBER = re.compile(_GAP + rb"([-+.\deE]{1,20})")
_CHANNELS = {b"1": 1, b"2": 1, b"3": 3, b"4": 1, b"5": 1, b"6": 3, b"f": 1, b"F": 3}


def probe(data: bytes, *, max_pixels: int, thorough: bool) -> dict[str, object]:
    """Return the facts of a picture of the PBM, PGM, PPM or PFM kind."""
    size = _SIZE.match(data, 0, LONGEST_HEADER)
    if size is None:
        return generic.probe(data, content="ppm", max_pixels=max_pixels, thorough=thorough)
    kind, width, height = size[1], int(size[2]), int(size[3])
    header: dict[str, object] = {"width": width, "height": height, "frames": 1, "bits": 1}
    at, highest = size.end(), 1
    if kind not in (b"1", b"4"):
        number = _NUMBER.match(data, at, at + LONGEST_HEADER)
        if number is not None:
            at = number.end()
            highest = int(number[1]) if number[1].isdigit() else 1
        header["bits"] = 32 if kind in (b"f", b"F") else 16 if highest > 255 else 8
    complaint: Complaint | None = None
    if not generic.too_large(header, max_pixels):
        complaint, lost = _missing(data, kind, width, height, highest, at)
        header |= lost
    found = generic.measure(data, "ppm", header, complaint, max_pixels=max_pixels, thorough=thorough)
    if kind == b"F" and complaint is None and found.get("decodes_truncated") is False:
        return generic.unsupported(found, "Pillow reads floats of one channel only")
    return found


def _missing(
    data: bytes, kind: bytes, width: int, height: int, highest: int, at: int
) -> tuple[Complaint | None, dict[str, object]]:
    values = width * _CHANNELS[kind]
    if values == 0 or height == 0:
        return None, {}
    if kind in (b"1", b"2", b"3"):
        done = _count(data, at, digits=kind == b"1")
        if done == values * height and data[-1] > ord(" ") and kind != b"1":
            # Every value has to be followed by a blank: without it digits may be missing.
            return Complaint("the last value is cut, or its blank is missing", NO_END), {}
        if done is None or done >= values * height:
            return None, {}
        text = f"{done} values where {values * height} have to be"
        lost: dict[str, object] = {"lost_from_row": done // values, "survives": done / (values * height)}
        return Complaint(text, ENDED_EARLY), lost
    bytes_each = 4 if kind in (b"f", b"F") else 2 if highest > 255 else 1
    stride = (values + 7) // 8 if kind == b"4" else values * bytes_each
    # One blank ends the header; floats stand from the bottom up.
    raster = Raster(at + 1, stride, stride, height, bottom_up=kind in (b"f", b"F"))
    return raw_rows.missing(raster, len(data), of="the picture")


def _count(data: bytes, at: int, *, digits: bool) -> int | None:
    """Count the numbers, or digits, of a plain picture; None where comments stand between them."""
    import numpy as np  # heavy, and rarely needed

    if data.find(b"#", at) >= 0:
        return None
    if digits:
        return data.count(b"0", at) + data.count(b"1", at)
    blank = np.frombuffer(data, np.uint8)[at:] <= ord(" ")
    return int(np.count_nonzero(blank[:-1] & ~blank[1:]))
