"""The chunks of a PNG with their checksums, to IEND."""

from __future__ import annotations

import struct
import zlib
from typing import NamedTuple

from sanitize.probe.complaint import BITSTREAM, CHECKSUM, ENDED_EARLY, NO_END, Complaint

# A file of nothing but empty chunks would cost a hundred times its size.
_MOST = 1 << 20
SIGNATURE = b"\x89PNG\r\n\x1a\n"


class Chunk(NamedTuple):
    """A chunk whose data lie in the file, if not to its end."""

    kind: bytes
    start: int  #: where its data begin
    end: int  #: behind its data; at most the end of the file
    sound: bool  #: complete, and its checksum fits


class Chunks(NamedTuple):
    """All chunks to IEND or to where they cannot be followed."""

    items: tuple[Chunk, ...]
    complaint: Complaint | None  #: the first thing wrong that concerns pixels
    harmless: str | None  #: a checksum of a chunk without pixels that does not fit
    ended: bool  #: IEND was reached


def walk(data: bytes) -> Chunks:
    """Follow the chunks. Never raises; linear in the length of the data."""
    items: list[Chunk] = []
    complaint: Complaint | None = None
    harmless: str | None = None
    at, size, checksum = 8, len(data), zlib.crc32
    view = memoryview(data)
    while len(items) < _MOST:
        if at + 8 > size:
            return Chunks(tuple(items), complaint or _cut(items, size), harmless, ended=False)
        length, kind = struct.unpack_from(">I4s", data, at)
        if not kind.isalpha():
            text = f"no PNG chunk at byte {at}, where one has to be"
            return Chunks(tuple(items), complaint or Complaint(text, BITSTREAM), harmless, ended=False)
        end = at + 8 + length
        if end + 4 > size:
            items.append(Chunk(kind, at + 8, min(end, size), sound=False))
            return Chunks(tuple(items), complaint or _cut(items, size), harmless, ended=False)
        sound = checksum(view[at + 4 : end]) == int.from_bytes(view[end : end + 4], "big")
        items.append(Chunk(kind, at + 8, end, sound))
        if not sound:
            text = f"the checksum of the {kind.decode('ascii')} chunk at byte {at} does not fit"
            if kind[:1].isupper() or kind == b"fdAT":
                complaint = complaint or Complaint(text, CHECKSUM)
            else:
                harmless = harmless or text
        if kind == b"IEND":
            return Chunks(tuple(items), complaint, harmless, ended=True)
        at = end + 4
    return Chunks(tuple(items), complaint or Complaint(f"more than {_MOST} chunks", BITSTREAM), harmless, ended=False)


def _cut(items: list[Chunk], size: int) -> Complaint:
    """Say that the file ends early: in or before the pixels, or behind them."""
    last = items[-1].kind if items else b""
    if last not in (b"IEND", b"IDAT", b"fdAT") and any(chunk.kind == b"IDAT" for chunk in items):
        return Complaint(f"the PNG ends without IEND, after {size} bytes", NO_END)
    if last == b"IEND" or (last == b"IDAT" and items[-1].sound):
        return Complaint(f"the PNG ends within or before IEND, after {size} bytes", NO_END)
    return Complaint(f"the PNG ends early, after {size} bytes", ENDED_EARLY)
