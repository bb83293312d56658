"""How many rows of a PNG its compressed data really hold."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import NamedTuple

# Interlaced passes: first column, first row, step of columns, step of rows (PNG specification, 8.2).
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_STEP, _MOST_AT_ONCE = 1 << 15, 1 << 18
_LAST_FILTER = 4
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


class Layout(NamedTuple):
    """How the rows of a picture lie in its unpacked data."""

    parts: tuple[tuple[int, int, int, int], ...]  #: per pass: rows, bytes of a row with its filter, first row, step
    total: int  #: bytes of all


class Rows(NamedTuple):
    """What came out of the compressed data."""

    bytes: int  #: unpacked bytes, at most those of the layout
    error: str | None  #: what zlib said, or that a filter is unknown
    finished: bool = False  #: the stream came to its end
    more: bool = False  #: there are more data than the picture has
    bad_filter: bool = False

    def complete(self, layout: Layout) -> bool:
        """Whether every row came out."""
        return self.bytes >= layout.total


def layout(width: int, height: int, bits: int, color: int, *, interlaced: bool) -> Layout:
    """Return the layout of a picture of a valid header."""
    depth = bits * _CHANNELS[color]
    parts = []
    for left, top, across, down in _PASSES if interlaced else ((0, 0, 1, 1),):
        columns, rows = (width - left + across - 1) // across, (height - top + down - 1) // down
        if columns > 0 and rows > 0:
            parts.append((rows, 1 + (columns * depth + 7) // 8, top, down))
    return Layout(tuple(parts), sum(rows * stride for rows, stride, _, _ in parts))


def unpack(pieces: Sequence[memoryview], wanted: Layout) -> Rows:
    """Unpack a zlib stream without keeping it, no further than the layout reaches."""
    inflater, done = zlib.decompressobj(), 0
    for piece in pieces:
        for at in range(0, len(piece), _STEP):
            part = piece[at : at + _STEP]
            before = inflater.copy()
            rows = _feed(inflater, part, done, wanted)
            if rows.error is not None and not rows.bad_filter:
                # zlib gives nothing of the call that fails: byte after byte tells how far it came.
                for byte in range(len(part)):
                    rows = _feed(before, part[byte : byte + 1], done, wanted)
                    done = rows.bytes
                    if rows.error is not None:
                        break
            done = rows.bytes
            if rows.error is not None or rows.finished or rows.more:
                return rows
    return Rows(done, None)


def first_lost(rows: Rows, wanted: Layout) -> int | None:
    """Return the first row of the picture that did not come out completely; None where all did."""
    left, lost = rows.bytes, None
    for count, stride, top, down in wanted.parts:
        done = min(count, left // stride)
        left = max(0, left - count * stride)
        if done < count:
            row = top + done * down
            lost = row if lost is None else min(lost, row)
    return lost


def _feed(inflater: zlib._Decompress, data: memoryview, done: int, wanted: Layout) -> Rows:
    """Unpack some more data behind `done` bytes."""
    rest: bytes | memoryview = data
    while rest:
        try:
            out = inflater.decompress(rest, min(_MOST_AT_ONCE, max(wanted.total + 1 - done, 1)))
        except zlib.error as error:
            words = str(error).partition(": ")[2] or str(error)
            return Rows(done, words, finished="incorrect data check" in words and done >= wanted.total)
        bad = _bad_filter(out, done, wanted)
        if bad is not None:
            return Rows(bad, "a row with an unknown filter", bad_filter=True)
        done += len(out)
        if done > wanted.total:
            return Rows(wanted.total, None, more=True)
        if inflater.eof:
            return Rows(done, None, finished=True)
        rest = inflater.unconsumed_tail
    return Rows(done, None)


def _bad_filter(out: bytes, done: int, wanted: Layout) -> int | None:
    """Return the place of the first row, among the bytes from `done` on, whose filter is unknown."""
    start = 0
    for count, stride, _top, _down in wanted.parts:
        end = start + count * stride
        if start < done + len(out) and end > done:
            first = start if start >= done else start + (done - start + stride - 1) // stride * stride
            filters = out[first - done : end - done : stride]
            if filters and max(filters) > _LAST_FILTER:
                return first + stride * next(index for index, kind in enumerate(filters) if kind > _LAST_FILTER)
        start = end
    return None
