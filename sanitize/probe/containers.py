"""The parts that formats are made of, and where they lie in a file: boxes, blocks and chunks."""

from __future__ import annotations

import re
import struct

_CHUNK = struct.Struct(">I4s")
_BOX = re.compile(rb"[\x20-\x7e\xa9][\x20-\x7e]{3}")


def box_at(data: bytes, at: int, limit: int) -> tuple[bytes, int, int]:
    """Return kind, begin and end of the content of the box at a place, whose first 8 bytes lie before `limit`.

    The end may lie anywhere. (ISO/IEC 14496-12, 4.2)
    """
    length, kind = struct.unpack_from(">I4s", data, at)
    start = at + 8
    if length == 1 and at + 16 <= limit:
        length, start = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
    return kind, start, limit if length == 0 else at + length


def boxes(data: bytes, at: int = 0) -> list[tuple[bytes, int, int]]:
    """Return kind, begin and end of the content of the boxes of an ISO base media file from `at` on. Never raises.

    It stops before what is no box, and before a second file.
    """
    found: list[tuple[bytes, int, int]] = []
    size, typed = len(data), False
    while at + 8 <= size:
        kind, start, end = box_at(data, at, size)
        if end < start or end > size or not _BOX.fullmatch(kind) or (kind == b"ftyp" and typed):
            break
        typed = typed or kind == b"ftyp"
        found.append((kind, start, end))
        at = end
    return found


def gif_blocks(data: bytes) -> tuple[list[tuple[int, int, int]], int | None]:
    """Return the extensions of a GIF (label, begin, end), and the byte behind its trailer. Raises IndexError where it is cut."""
    extensions: list[tuple[int, int, int]] = []
    at = 13 + _gif_table(data[10])
    while True:
        kind = data[at]
        if kind == 0x3B:
            return extensions, at + 1
        start = at
        if kind == 0x21:
            at += 2
        elif kind == 0x2C:
            at += 11 + _gif_table(data[at + 9])
        elif kind == 0:
            at += 1
            continue
        else:
            return extensions, None
        while data[at]:
            at += 1 + data[at]
        at += 1
        if kind == 0x21:
            extensions.append((data[start + 1], start + 2, at))


def _gif_table(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def png_chunks(data: bytes) -> list[tuple[bytes, int, int]]:
    """Return kind, begin and end of the data of every chunk of a PNG to its IEND. Never raises."""
    found: list[tuple[bytes, int, int]] = []
    at, size = 8, len(data)
    while at + 12 <= size:
        length, kind = _CHUNK.unpack_from(data, at)
        end = at + 8 + length
        if end + 4 > size:
            break
        found.append((kind, at + 8, end))
        if kind == b"IEND":
            break
        at = end + 4
    return found


def riff_chunks(data: bytes) -> list[tuple[bytes, int, int]]:
    """Return kind, begin and end of the data of the chunks of a RIFF file. Never raises."""
    found: list[tuple[bytes, int, int]] = []
    at, limit = 12, min(len(data), int.from_bytes(data[4:8], "little") + 8)
    while at + 8 <= limit:
        kind, length = struct.unpack_from("<4sI", data, at)
        found.append((kind, at + 8, min(at + 8 + length, limit)))
        at += 8 + length + (length & 1)
    return found
