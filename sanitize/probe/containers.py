"""The parts that formats are made of, and where they lie in a file: boxes, blocks and chunks."""

from __future__ import annotations

import re
import struct

from sanitize.probe.gif_blocks import color_table_bytes

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
    at = 13 + color_table_bytes(data[10])
    while True:
        kind = data[at]
        if kind == 0x3B:
            return extensions, at + 1
        start = at
        if kind == 0x21:
            at += 2
        elif kind == 0x2C:
            at += 11 + color_table_bytes(data[at + 9])
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
    """Return kind, begin and end of the data of the chunks of a RIFF file, also those within frames of a WebP. Never raises."""
    found: list[tuple[bytes, int, int]] = []
    for chunk in _chunks(data, 12, min(len(data), int.from_bytes(data[4:8], "little") + 8)):
        if chunk[0] == b"ANMF":  # its chunks tell more of what they hold
            found += _chunks(data, chunk[1] + _FRAME_HEADER, chunk[2])
        found.append(chunk)
    return found


_FRAME_HEADER = 16


def _chunks(data: bytes, at: int, limit: int) -> list[tuple[bytes, int, int]]:
    found: list[tuple[bytes, int, int]] = []
    while at + 8 <= limit:
        kind, length = struct.unpack_from("<4sI", data, at)
        found.append((kind, at + 8, min(at + 8 + length, limit)))
        at += 8 + length + (length & 1)
    return found


def jpeg2000_comments(data: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Return where the comments before the first data of a codestream lie (ISO/IEC 15444-1, A.9.2). Never raises."""
    found: list[tuple[int, int]] = []
    at = start + 2 if data.startswith(b"\xff\x4f\xff\x51", start) else end
    while at + 4 <= end and data[at] == 0xFF and data[at + 1] != _START_OF_DATA and len(found) < _MOST_COMMENTS:
        behind = at + 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
        if data[at + 1] == _COMMENT:
            found.append((at + 6, min(end, behind)))
        at = behind
    return found


# Programs write one or two.
_START_OF_DATA, _COMMENT, _MOST_COMMENTS = 0x93, 0x64, 1000


def icon_pictures(data: bytes) -> list[tuple[int, int]]:
    """Return where the pictures of an icon or a cursor lie, in order and none on top of another. Never raises."""
    entries = data[6 : 6 + 16 * int.from_bytes(data[4:6], "little")]
    found: list[tuple[int, int]] = []
    for start, size in sorted(entry[::-1] for entry in struct.iter_unpack("<8xII", entries[: len(entries) & ~15])):
        if start >= (found[-1][1] if found else 6 + len(entries)) and start + size <= len(data):
            found.append((start, start + size))
    return found
