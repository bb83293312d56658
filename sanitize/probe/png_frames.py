"""The frames of an animated PNG after the first."""

from __future__ import annotations

import struct

from sanitize.probe import png_rows
from sanitize.probe.complaint import BITSTREAM, ENDED_EARLY, Complaint
from sanitize.probe.png_chunks import Chunk, Chunks

# All frames together are unpacked up to this many bytes, the rest is judged by its checksums.
_MOST = 1 << 30


def damage(
    data: bytes, chunks: Chunks, width: int, height: int, bits: int, color: int, *, interlaced: bool
) -> Complaint | None:
    """Return what is wrong with the later frames: out of order, missing, or not complete."""
    control = next((chunk for chunk in chunks.items if chunk.kind == b"acTL"), None)
    if control is None:
        return None
    frames, error = _frames(data, chunks.items)
    if error is not None:
        return error
    promised = int.from_bytes(data[control.start : control.start + 4], "big")
    if len(frames) < promised:
        return Complaint(f"{len(frames)} of {promised} frames are there", BITSTREAM)
    left = _MOST
    for number, (size, pieces) in enumerate(frames):
        if not pieces:
            continue
        if size[0] > width or size[1] > height or 0 in size:
            return Complaint(f"frame {number} is larger than the picture", BITSTREAM)
        wanted = png_rows.layout(size[0], size[1], bits, color, interlaced=interlaced)
        left -= wanted.total
        if left < 0:
            return None
        rows = png_rows.unpack(pieces, wanted)
        lost = png_rows.first_lost(rows, wanted)
        if lost is not None:
            kind = BITSTREAM if rows.error else ENDED_EARLY
            return Complaint(f"frame {number} is lost from row {lost} on", kind)
    return None


def _frames(
    data: bytes, items: tuple[Chunk, ...]
) -> tuple[list[tuple[tuple[int, int], list[memoryview]]], Complaint | None]:
    """Collect size and compressed data of each frame, those of the first one being in IDAT."""
    frames: list[tuple[tuple[int, int], list[memoryview]]] = []
    view, number = memoryview(data), 0
    for chunk in items:
        if chunk.kind not in (b"fcTL", b"fdAT"):
            continue
        if chunk.end - chunk.start < (26 if chunk.kind == b"fcTL" else 4):
            return frames, Complaint("a frame's header is too short", BITSTREAM)
        if int.from_bytes(view[chunk.start : chunk.start + 4], "big") != number:
            return frames, Complaint(f"the frames are out of order after part {number}", BITSTREAM)
        number += 1
        if chunk.kind == b"fcTL":
            frames.append((struct.unpack_from(">II", data, chunk.start + 4), []))
        elif frames:
            frames[-1][1].append(view[chunk.start + 4 : chunk.end])
    return frames, None
