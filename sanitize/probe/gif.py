"""The facts of a GIF, all of its frames measured."""

from __future__ import annotations

from sanitize.probe import generic, gif_blocks, lzw
from sanitize.probe.complaint import BITSTREAM, ENDED_EARLY, Complaint
from sanitize.probe.gif_blocks import Frame

# First row and step of the four passes of an interlaced frame.
_PASSES = ((0, 8), (4, 8), (2, 4), (1, 2))


def probe(data: bytes, *, max_pixels: int, thorough: bool) -> dict[str, object]:
    """Return the facts of a GIF."""
    blocks = gif_blocks.walk(data)
    if blocks is None:
        return generic.probe(data, content="gif", max_pixels=max_pixels, thorough=thorough)
    first = blocks.frames[0] if blocks.frames else None
    header: dict[str, object] = {
        # A first frame that leaves the canvas widens it.
        "width": max(blocks.width, first.left + first.width if first else 0),
        "height": max(blocks.height, first.top + first.height if first else 0),
        "bits": 8,
        "frames": max(1, len(blocks.frames)),
    }
    complaint = blocks.complaint
    lost: dict[str, object] = {}
    if not generic.too_large(header, max_pixels):
        complaint, lost = _look(blocks.frames, blocks.complaint)
    return generic.measure(data, "gif", header | lost, complaint, max_pixels=max_pixels, thorough=thorough)


def _look(frames: tuple[Frame, ...], complaint: Complaint | None) -> tuple[Complaint | None, dict[str, object]]:
    """Measure every frame: the first damage, and how much of the first frame came out."""
    lost: dict[str, object] = {}
    left = lzw.MOST_RUNS
    for number, frame in enumerate(frames):
        wanted = frame.width * frame.height
        measured = lzw.measure(frame.stream, frame.bits, most_runs=left) if 2 <= frame.bits <= 8 else None
        if measured is None:
            continue
        left -= measured.runs
        if number == 0 and (measured.pixels < wanted or complaint is not None):
            row = _first_lost(frame, measured.pixels)
            lost = {"survives": min(1.0, measured.pixels / wanted) if wanted else 1.0}
            lost |= {} if row is None else {"lost_from_row": frame.top + row}
        if complaint is not None and number + 1 == len(frames):
            break
        of = f"frame {number + 1} of {len(frames)}: " if len(frames) > 1 else ""
        if measured.invalid:
            complaint = Complaint(f"{of}an invalid code after {measured.pixels} of {wanted} pixels", BITSTREAM)
            break
        if measured.pixels < wanted:
            kind = BITSTREAM if measured.finished else ENDED_EARLY
            complaint = Complaint(f"{of}{measured.pixels} pixels where {wanted} have to be", kind)
            break
        if measured.pixels > wanted:
            complaint = complaint or Complaint(f"{of}{measured.pixels} pixels where {wanted} have to be", BITSTREAM)
            break
    return complaint, lost


def _first_lost(frame: Frame, pixels: int) -> int | None:
    """Return the first row of a frame that did not come out completely; None where all did."""
    done, lost = pixels // frame.width if frame.width else 0, None
    for first, step in _PASSES if frame.interlaced else ((0, 1),):
        rows = range(first, frame.height, step)
        if done < len(rows):
            lost = rows[done] if lost is None else min(lost, rows[done])
        done = max(0, done - len(rows))
    return lost
