"""How many bytes the LZW codes of a GIF's frame or a TIFF's strip really make, without making them.

After a clear code the table grows by one entry a code, so the width of every code is known beforehand: the codes of a
whole run between two clears are cut out, checked and measured as arrays (GIF89a specification, appendix F; TIFF 6.0
specification, section 13, whose codes begin with their highest bit and widen one code earlier).
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_TABLE = 4096
#: Runs that are followed: a file of nothing but clear codes would cost seconds.
MOST_RUNS = 20_000
_Codes = NDArray[np.int32]


class Measured(NamedTuple):
    """What the codes of a frame or strip hold."""

    pixels: int  #: bytes, each of which is a pixel of a GIF
    invalid: bool  #: a code came that means nothing
    finished: bool  #: the code for the end came
    runs: int  #: stretches between clear codes


def measure(
    stream: bytes | memoryview, bits: int, *, most_runs: int = MOST_RUNS, tiff: bool = False
) -> Measured | None:
    """Measure a stream of codes that stand for symbols of `bits`, 2 to 8; None where it has more runs.

    Of a TIFF's strip, which has to begin with a clear code and to clear its table before it is full, None where it does
    not.
    """
    clear = 1 << bits
    padded = np.zeros(len(stream) + 4, np.uint8)
    padded[:-4] = np.frombuffer(stream, np.uint8)
    total, at, pixels = len(stream) * 8, 0, 0
    offsets, reach = _offsets(bits, early=tiff), _TABLE
    if tiff and stream[:1] != b"\x80":
        return None
    entries, lengths = 0, np.zeros(0, np.int32)
    for runs in range(1, most_runs + 1):
        # A run of codes from a clear on, or, behind a full table, of more codes of the full width.
        steps = offsets if entries == 0 else np.arange(_TABLE + 1, dtype=np.int32) * 12
        whole = int(np.searchsorted(steps, total - at, side="right")) - 1
        # A run is likely to be as long as the one before: writers that clear often cost no more than others.
        for count in (min(whole, reach), whole):
            codes = _cut(padded, at, steps[: count + 1], highest_first=tiff)
            stops = np.flatnonzero((codes == clear) | (codes == clear + 1))
            if stops.size:
                reach = 2 * int(stops[0]) + 64
                break
        run = codes[: stops[0]] if stops.size else codes
        if tiff and not stops.size and count == len(steps) - 1:
            return None
        if entries == 0:
            valid, lengths = _grow(run, clear)
            entries = clear + 2 + max(0, len(run) - 1)
        else:
            valid = len(run)
        pixels += int(lengths[run[:valid]].sum())
        if valid < len(run):
            return Measured(pixels, invalid=True, finished=False, runs=runs)
        if stops.size and codes[stops[0]] == clear + 1:
            return Measured(pixels, invalid=False, finished=True, runs=runs)
        if stops.size:
            at += int(steps[stops[0] + 1])
            entries = 0
        elif count < len(steps) - 1:
            return Measured(pixels, invalid=False, finished=False, runs=runs)
        else:
            at += int(steps[count])
    return None


@cache
def _offsets(bits: int, *, early: bool) -> _Codes:
    """Return where the codes of a run begin, in bits from its start, up to a full table."""
    first = (1 << bits) + 2
    following = first + np.maximum(np.arange(_TABLE - first + 2) - 1, 0) + early
    widths = np.floor(np.log2(np.minimum(following, _TABLE - 1))).astype(np.int32) + 1
    return np.concatenate([[0], np.cumsum(widths)]).astype(np.int32)


def _cut(padded: NDArray[np.uint8], at: int, steps: _Codes, *, highest_first: bool) -> _Codes:
    """Return the codes that begin `steps` bits after bit `at`, each as wide as the next step is away."""
    bits = steps + (at & 7)
    part = padded[at >> 3 : (at + int(steps[-1])) // 8 + 3].astype(np.int32)
    starts, widths = bits[:-1], np.diff(bits)
    if highest_first:
        words = part[:-2] << 16 | part[1:-1] << 8 | part[2:]
        shifts = 24 - (starts & 7) - widths
    else:
        words = part[:-2] | part[1:-1] << 8 | part[2:] << 16
        shifts = starts & 7
    codes: _Codes = (words[starts >> 3] >> shifts) & ((1 << widths) - 1)
    return codes


@cache
def _known(clear: int) -> _Codes:
    """Return the highest code that each code of a run may be, up to a full table."""
    known = clear + 2 + np.maximum(np.arange(_TABLE + 1) - 1, 0)
    known[0] = clear - 1
    highest: _Codes = np.minimum(known, _TABLE - 1).astype(np.int32)
    return highest


def _grow(run: _Codes, clear: int) -> tuple[int, _Codes]:
    """Return how many codes of a run after a clear are valid, and the length in pixels of every entry of the table."""
    bad = np.flatnonzero(run > _known(clear)[: len(run)])
    valid = int(bad[0]) if bad.size else len(run)
    # The entry made while code i is read is the string of code i - 1 and one pixel more: its depth in a forest.
    first, made = clear + 2, min(max(0, valid - 1), _TABLE - clear - 2)
    parents = np.arange(first + made, dtype=np.int32)
    parents[first:] = run[:made]
    lengths = np.ones(first + made, np.int32)
    lengths[:first] = 0
    while True:
        more = lengths[parents]
        if not more.any():
            break
        lengths += more
        parents = parents[parents]
    return valid, lengths + 1
