"""The facts of a WebP, zeroed stretches of its coded data included."""

from __future__ import annotations

import re
import struct
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sanitize.probe import exif, generic, icc, pillow
from sanitize.probe.complaint import ENDED_EARLY, ZERO_RUN, Complaint

# Sound photos have runs of up to 119 bytes; longer ones need flat areas.
_ZEROS = re.compile(rb"\0{256,}")
# A byte of zeros codes at least this many flat macroblocks of a lossy picture, or repeated pixels of a lossless one, one
# after the other. The fewest seen in sound pictures are 1.28 (at the highest quality) and 0.59 (in haste, where each pixel
# is coded by itself); where zeros are damage, 0.51 and 0.45 are the most that photographs had.
_FLAT, _REPEATED = 0.75, 0.4
# The fastest way to encode (libwebp's method 0) spends far more bytes on flat macroblocks, but there they end the picture,
# and the zeros end its data: down to 0.066 were seen. Where the tail of a photograph is zeroed, 3 % end so flat.
_FLAT_END = 0.05
# Levels by which the pixels of a flat macroblock, and of one of a flat end, may differ.
_EVEN, _EVEN_END = 1, 4
# Packed palette indices repeat after at most this many pixels.
_PERIOD = 8
# Frames with zeros that are decoded to look for flat areas.
_MOST_FRAMES = 16


class Chunk(NamedTuple):
    """A chunk, with those inside animation frames."""

    kind: bytes
    start: int
    end: int  #: as its header says, maybe behind the end of the file


def probe(data: bytes, *, max_pixels: int, thorough: bool) -> dict[str, object]:
    """Return the facts of a WebP."""
    chunks = _walk(data)
    header = _header(data, chunks)
    size = int.from_bytes(data[4:8], "little") + 8
    complaint = None
    if len(data) < size:
        complaint = Complaint(f"the WebP ends after {len(data)} of {size} bytes", ENDED_EARLY)
    elif any(chunk.end > len(data) for chunk in chunks):
        complaint = Complaint(f"a chunk of the WebP reaches beyond its end at {len(data)} bytes", ENDED_EARLY)
    if complaint is None and not generic.too_large(header, max_pixels):
        complaint = _zeroed(data, chunks)
    return generic.measure(data, "webp", header, complaint, max_pixels=max_pixels, thorough=thorough)


def _walk(data: bytes) -> tuple[Chunk, ...]:
    chunks: list[Chunk] = []
    # What follows the size that RIFF gives is no part of the picture.
    at, limit = 12, min(len(data), int.from_bytes(data[4:8], "little") + 8)
    while at + 8 <= limit:
        kind, size = struct.unpack_from("<4sI", data, at)
        chunks.append(Chunk(kind, at + 8, at + 8 + size))
        # The chunks of a frame's picture follow its own 16 bytes.
        at += 24 if kind == b"ANMF" else 8 + size + (size & 1)
    return tuple(chunks)


def _header(data: bytes, chunks: tuple[Chunk, ...]) -> dict[str, object]:
    """Return the columns that the chunks give."""
    found: dict[str, object] = {"bits": 8}
    frames = sum(chunk.kind == b"ANMF" for chunk in chunks)
    for chunk in chunks:
        body = data[chunk.start : min(chunk.end, chunk.start + (1 << 20))]
        if chunk.kind == b"VP8X" and len(body) >= 10:
            found["width"] = 1 + int.from_bytes(body[4:7], "little")
            found["height"] = 1 + int.from_bytes(body[7:10], "little")
        elif chunk.kind == b"VP8 " and len(body) >= 10 and "width" not in found:
            width, height = struct.unpack_from("<HH", body, 6)
            found["width"], found["height"] = width & 0x3FFF, height & 0x3FFF
        elif chunk.kind == b"VP8L" and len(body) >= 5 and "width" not in found:
            word = int.from_bytes(body[1:5], "little")
            found["width"], found["height"] = 1 + (word & 0x3FFF), 1 + (word >> 14 & 0x3FFF)
        elif chunk.kind == b"EXIF":
            found["orientation"] = exif.orientation(body)
        elif chunk.kind == b"ICCP":
            found["profile"] = icc.describe(body)
    return found | {"frames": max(1, frames)}


def _zeroed(data: bytes, chunks: tuple[Chunk, ...]) -> Complaint | None:
    """Return the longest zeroed stretch of the coded data of a frame, unless flat areas explain it."""
    looked = 0
    for chunk in chunks:
        if chunk.kind not in (b"VP8 ", b"VP8L") or looked == _MOST_FRAMES:
            continue
        # A lossy picture's data begin behind its header, where zeros stand too.
        runs = [match.span() for match in _ZEROS.finditer(data, chunk.start + 10, chunk.end)]
        if not runs:
            continue
        looked += 1
        start, end = max(runs, key=lambda run: run[1] - run[0])
        coded = data[chunk.start - 8 : chunk.end]
        if not _explained(coded, end - start, lossless=chunk.kind == b"VP8L", at_end=end == chunk.end):
            return Complaint(f"{end - start} zero bytes within the coded pixels, from byte {start} on", ZERO_RUN)
    return None


def _explained(coded: bytes, run: int, *, lossless: bool, at_end: bool) -> bool:
    """Tell whether a coded picture has flat areas large enough to be coded by so many zero bytes, `at_end` of its data."""
    coded += bytes(len(coded) & 1)
    still = b"RIFF" + struct.pack("<I", 4 + len(coded)) + b"WEBP" + coded
    answer = pillow.ask(still, "webp", max_pixels=1 << 30)
    if not answer.loads or answer.image is None:
        return True
    pixels = np.asarray(answer.image)
    if not lossless:
        height, width = pixels.shape[:2]
        whole = np.pad(pixels[..., 1], ((0, -height % 16), (0, -width % 16)), "edge")
        blocks = whole.reshape(whole.shape[0] // 16, 16, whole.shape[1] // 16, 16)
        spread = (blocks.max(axis=(1, 3)) - blocks.min(axis=(1, 3))).ravel()
        if _longest(spread <= _EVEN) >= _FLAT * run:
            return True
        uneven = np.flatnonzero(spread > _EVEN_END)
        return at_end and spread.size - 1 - int(uneven.max(initial=-1)) >= _FLAT_END * run
    line = pixels.reshape(-1, pixels.shape[2])
    same = (line[_PERIOD:] == line[:-_PERIOD]).all(axis=1)
    return _longest(same) >= _REPEATED * run


def _longest(places: npt.NDArray[np.bool_]) -> int:
    """Return the length of the longest row of true values."""
    edges = np.flatnonzero(np.diff(np.pad(places.astype(np.int8), 1)))
    return int((edges[1::2] - edges[::2]).max(initial=0))
