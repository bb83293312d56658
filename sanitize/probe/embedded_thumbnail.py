"""Reads the thumbnail that a file carries."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from itertools import islice

import numpy as np

from sanitize.probe import containers, jpeg_segments
from sanitize.probe.likeness import Grey

# A thumbnail is decoded no smaller.
_DECODED_SIDE = 48
_MOST_PIXELS = 1 << 22
# So many segments of a JPEG are looked into, and thumbnails of so many scans decoded: each may take as long as a large picture,
# and hold nothing. Programs write one with EXIF data and two of JFIF; progressive pictures have ten scans.
_MOST_TRIED, _MOST_SCANS = 8, 32


def read(data: bytes, content: str, start: jpeg_segments.Start | None) -> tuple[int, int, Grey] | None:
    """Return width, height and pixels (rows × columns × RGB, 0 to 255, maybe reduced) of a file's thumbnail, or None.

    `start` are the segments of a JPEG before its first scan. Never raises, whatever the bytes.
    """
    if start:
        return _of_jpeg(data, start[0])
    walk, kind = _CHUNKS.get(content, (None, b""))
    for name, begin, end in walk(data) if walk else ():
        if name == kind:
            return _of_exif(data[begin:end].removeprefix(b"Exif\0\0"))
    return None


#: Formats that keep EXIF data in a chunk: what walks them, and its name.
_CHUNKS: dict[str, tuple[Callable[[bytes], list[tuple[bytes, int, int]]], bytes]] = {
    "png": (containers.png_chunks, b"eXIf"),
    "webp": (containers.riff_chunks, b"EXIF"),
}


def _of_jpeg(data: bytes, segments: Sequence[jpeg_segments.Segment]) -> tuple[int, int, Grey] | None:
    places = (segment for segment in segments if _may_hold_one(data, *segment))
    for marker, start, end in islice(places, _MOST_TRIED):
        found = _of_jfif(data[start:end]) if marker == jpeg_segments.APP0 else _of_exif(data[start + 6 : end])
        if found is not None:
            return found
    return None


def _may_hold_one(data: bytes, marker: int, start: int, end: int) -> bool:
    if marker == jpeg_segments.APP0:
        return end - start > 16
    return marker == jpeg_segments.APP1 and data.startswith(b"Exif\0\0", start)


_WIDTH, _HEIGHT, _COMPRESSION, _COLORS, _STRIPS, _CHANNELS, _STRIP_SIZES, _JPEG, _JPEG_SIZE = (
    0x100, 0x101, 0x103, 0x106, 0x111, 0x115, 0x117, 0x201, 0x202,
)  # fmt: skip


def _of_exif(block: bytes) -> tuple[int, int, Grey] | None:
    """Read the thumbnail that the second directory of EXIF data points at: a JPEG, or one strip of RGB."""
    first, last = place(block)
    if last:
        return _decoded(block[first:last])
    tags = _second_directory(block)
    start, size = tags.get(_STRIPS, 0), tags.get(_STRIP_SIZES, 0)
    if start and tags.get(_COMPRESSION, 1) == 1 and tags.get(_COLORS) == 2 and tags.get(_CHANNELS, 3) == 3:
        return _raw(block[start : start + size], tags.get(_WIDTH, 0), tags.get(_HEIGHT, 0))
    return None


def place(block: bytes) -> tuple[int, int]:
    """Return where the JPEG lies that the second directory of EXIF data points at; zeros where there is none. Never raises."""
    tags = _second_directory(block)
    start, size = tags.get(_JPEG, 0), tags.get(_JPEG_SIZE, 0)
    return (start, min(len(block), start + size)) if start and size else (0, 0)


def _second_directory(block: bytes) -> dict[int, int]:
    """Return the tags of the second directory that hold one number."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4])
    if order is None:
        return {}
    tags = {}
    try:
        (first,) = struct.unpack_from(order + "I", block, 4)
        (count,) = struct.unpack_from(order + "H", block, first)
        (second,) = struct.unpack_from(order + "I", block, first + 2 + 12 * count)
        if second:
            (count,) = struct.unpack_from(order + "H", block, second)
            for at in range(second + 2, second + 2 + 12 * count, 12):
                tag, kind, length = struct.unpack_from(order + "HHI", block, at)
                if length == 1 and kind in (3, 4):
                    (tags[tag],) = struct.unpack_from(order + ("H" if kind == 3 else "I"), block, at + 8)
    except struct.error:
        pass
    return tags


def _of_jfif(block: bytes) -> tuple[int, int, Grey] | None:
    """Read the thumbnail of a JFIF segment (RGB), or of its extension (JPEG or RGB)."""
    if block.startswith(b"JFIF\0") and block[12] and block[13]:
        return _raw(block[14:], block[12], block[13])
    if block.startswith(b"JFXX\0\x10"):
        return _decoded(block[6:])
    if block.startswith(b"JFXX\0\x13"):
        return _raw(block[8:], block[6], block[7])
    return None


def _raw(pixels: bytes, width: int, height: int) -> tuple[int, int, Grey] | None:
    needed = width * height * 3
    if not 0 < needed <= min(len(pixels), _MOST_PIXELS):
        return None
    values = np.frombuffer(pixels, np.uint8, needed).reshape(height, width, 3)
    return width, height, values.astype(np.float32)


def _decoded(data: bytes) -> tuple[int, int, Grey] | None:
    import simplejpeg  # decoders are imported where they decode

    header = jpeg_segments.read_header(data) if data[:2] == b"\xff\xd8" else None
    if header is None or not 0 < header.width * header.height <= _MOST_PIXELS or not header.scan:
        return None
    if header.several_scans and data.count(b"\xff\xda") > _MOST_SCANS:
        return None
    try:
        pixels = simplejpeg.decode_jpeg(
            data, "RGB", fastupsample=True, min_height=_DECODED_SIDE, min_width=_DECODED_SIDE
        )
    except ValueError:
        return None
    return header.width, header.height, pixels.astype(np.float32)
