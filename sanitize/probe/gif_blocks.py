"""The blocks of a GIF, to its trailer."""

from __future__ import annotations

import struct
from typing import NamedTuple

from sanitize.probe.complaint import BITSTREAM, ENDED_EARLY, NO_END, Complaint

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B


class Frame(NamedTuple):
    """A frame with its compressed data."""

    left: int
    top: int
    width: int
    height: int
    interlaced: bool
    bits: int  #: the least width of its codes
    stream: bytes
    complete: bool  #: its data are ended by the empty block that has to end them


class Blocks(NamedTuple):
    """What a GIF holds up to its trailer, or to where it cannot be followed."""

    width: int
    height: int
    frames: tuple[Frame, ...]
    complaint: Complaint | None


def walk(data: bytes) -> Blocks | None:
    """Follow the blocks of a GIF; None where it has no header. Never raises; linear in the length of the data."""
    if len(data) < 13:
        return None
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    at = 13 + color_table_bytes(flags)
    frames: list[Frame] = []
    while True:
        kind = data[at] if at < len(data) else None
        if kind == _TRAILER:
            return Blocks(width, height, tuple(frames), None)
        if kind == _EXTENSION:
            end, complete = _subblocks(data, at + 2)
        elif kind == _IMAGE and at + 11 <= len(data):
            frame, end = _frame(data, at)
            frames.append(frame)
            complete = frame.complete
        elif kind == 0:
            end, complete = at + 1, True  # old writers leave zero bytes between blocks
        else:
            return Blocks(width, height, tuple(frames), _stray(data, at, bool(frames)))
        if not complete:
            return Blocks(
                width, height, tuple(frames), Complaint(f"the GIF ends early, after {len(data)} bytes", ENDED_EARLY)
            )
        at = end


def _stray(data: bytes, at: int, has_frames: bool) -> Complaint:
    if at < len(data) and data[at] not in (_EXTENSION, _IMAGE):
        return Complaint(f"no GIF block at byte {at}, where one has to be", BITSTREAM)
    if has_frames and at >= len(data):
        return Complaint(f"the GIF ends without its trailer, after {len(data)} bytes", NO_END)
    return Complaint(f"the GIF ends early, after {len(data)} bytes", ENDED_EARLY)


def color_table_bytes(flags: int) -> int:
    """Return the bytes of a colour table."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _frame(data: bytes, at: int) -> tuple[Frame, int]:
    left, top, width, height, flags = struct.unpack_from("<HHHHB", data, at + 1)
    start = at + 10 + color_table_bytes(flags)
    bits = data[start] if start < len(data) else 0
    end, complete = _subblocks(data, start + 1)
    pieces = []
    at = start + 1
    while at < end and data[at]:
        pieces.append(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]
    return Frame(left, top, width, height, bool(flags & 0x40), bits, b"".join(pieces), complete), end


def _subblocks(data: bytes, at: int) -> tuple[int, bool]:
    """Return where the blocks that begin here end, and whether the empty block that ends them is there."""
    size = len(data)
    while at < size:
        length = data[at]
        at += 1 + length
        if not length:
            return at, True
    return size, False
