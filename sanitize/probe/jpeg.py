"""Measures a JPEG: a walk over its header and one strict decode; other readers are asked where that is not enough."""

from __future__ import annotations

import importlib
from functools import lru_cache

from sanitize.probe import DETAIL, START, decoder_versions, icc, jpeg_segments, jpeg_strict, jpeg_zeros

#: Scans above which a picture is not decoded: each costs a pass over the whole picture, a few bytes long,
#: so a small file can keep a decoder busy for minutes. Encoders write about 10; all coefficients bit by bit are 2,700.
MAX_SCANS = 1_000
#: Pixels above which OpenCV refuses a picture, unless told otherwise.
OPENCV_PIXELS = 1 << 30

_MODES = {1: "L", 3: "RGB", 4: "CMYK"}


def probe(data: bytes, *, max_pixels: int, thorough: bool) -> dict[str, object]:
    """Return the columns of `facts.PROBE_COLUMNS` that apply to `data`, which starts with a JPEG's SOI marker, DETAIL and START.

    A picture of more than `max_pixels` is not decoded. `thorough` asks every decoder whatever the first one said.
    Raises MemoryError, and nothing else whatever the bytes.
    """
    header = jpeg_segments.read_header(data)
    found = _describe(header)
    found[START] = header.segments, header.scan
    pixels = header.width * header.height
    if pixels > max_pixels:
        return found
    if header.several_scans and len(jpeg_segments.read_body(data, header, most=MAX_SCANS + 1).scans) > MAX_SCANS:
        return found | {"unsupported": f"more than {MAX_SCANS} scans, each of which costs a pass over the picture"}
    reading = jpeg_strict.read(data, shorter=min(header.width, header.height))
    if reading.picture is not None and reading.picture.shape[2] == 1:
        found[DETAIL] = reading.picture[:, :, 0]
    run = jpeg_zeros.find(data, header, reading.picture) if header.scan else None
    simple = header.ordinary and header.exif_clean and not header.multi_picture
    if thorough or not simple or reading.picture is None or run is not None:
        # Pillow and OpenCV take longer to import than thousands of ordinary files to probe.
        closely = importlib.import_module("sanitize.probe.jpeg_closely")
        measured: dict[str, object] = closely.look(data, header, reading, run, max_pixels=max_pixels, thorough=thorough)
        return found | measured
    found["mode"] = _MODES[header.components]
    found["decodes"] = found["decodes_truncated"] = True
    found["plain"] = header.components == 3 and header.orientation == 1 and pixels <= OPENCV_PIXELS
    found["decoder"] = versions("simplejpeg")
    return found


@lru_cache
def versions(*readers: str) -> str:
    """Return names and versions of readers as the column `decoder` holds them."""
    known = decoder_versions()
    return "; ".join(f"{reader} {known.get(reader, 'unknown')}" for reader in readers)


def _describe(header: jpeg_segments.Header) -> dict[str, object]:
    """Return what the header says."""
    found: dict[str, object] = {
        "content": "jpeg",
        "palette": False,
        "alpha": False,
        "frames": 1,
        "orientation": header.orientation,
        "thorough": False,
    }
    if header.process:
        found |= {"width": header.width, "height": header.height, "bits": header.bits}
    if header.icc:
        profile = jpeg_segments.profile_of(header)
        if profile:
            found["profile"] = _profile(profile)
    return found


@lru_cache(maxsize=64)
def _profile(profile: bytes) -> str:
    return icc.describe(profile)
