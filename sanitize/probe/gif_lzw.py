"""How many pixels the LZW codes of a GIF's frame really make, without making them.

After a clear code the table grows by one entry a code, so the width of every code is known beforehand: the codes of a
whole run between two clears are cut out, checked and measured as arrays (GIF89a specification, appendix F).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

_TABLE = 4096
#: Runs that are followed: a file of nothing but clear codes would cost seconds.
MOST_RUNS = 20_000
_Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Measured:
    """What the codes of a frame hold."""

    pixels: int
    invalid: bool  #: a code came that means nothing
    finished: bool  #: the code for the end came
    runs: int  #: stretches between clear codes


def measure(stream: bytes, bits: int, *, most_runs: int = MOST_RUNS) -> Measured | None:
    """Measure a stream of codes of which `bits`, 2 to 8, is the least width; None where it has more runs."""
    clear = 1 << bits
    padded = np.zeros(len(stream) + 4, np.uint8)
    padded[:-4] = np.frombuffer(stream, np.uint8)
    total, at, pixels = len(stream) * 8, 0, 0
    offsets, reach = _offsets(bits), _TABLE
    entries, lengths = 0, np.zeros(0, np.int64)
    for runs in range(1, most_runs + 1):
        # A run of codes from a clear on, or, behind a full table, of more codes of the full width.
        steps = offsets if entries == 0 else np.arange(_TABLE + 1, dtype=np.int64) * 12
        whole = int(np.searchsorted(steps, total - at, side="right")) - 1
        # A run is likely to be as long as the one before: writers that clear often cost no more than others.
        for count in (min(whole, reach), whole):
            codes = _cut(padded, at + steps[:count], np.diff(steps[: count + 1]))
            stops = np.flatnonzero((codes == clear) | (codes == clear + 1))
            if stops.size:
                reach = 2 * int(stops[0]) + 64
                break
        run = codes[: stops[0]] if stops.size else codes
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
def _offsets(bits: int) -> _Codes:
    """Return where the codes of a run begin, in bits from its start, up to a full table."""
    first = (1 << bits) + 2
    following = np.minimum(first + np.maximum(np.arange(_TABLE - first + 2) - 1, 0), _TABLE - 1)
    widths = np.floor(np.log2(following)).astype(np.int64) + 1
    return np.concatenate([[0], np.cumsum(widths)])


def _cut(padded: NDArray[np.uint8], starts: _Codes, widths: _Codes) -> _Codes:
    byte = starts >> 3
    window = (
        padded[byte].astype(np.int64) | padded[byte + 1].astype(np.int64) << 8 | padded[byte + 2].astype(np.int64) << 16
    )
    codes: _Codes = (window >> (starts & 7)) & ((1 << widths) - 1)
    return codes


def _grow(run: _Codes, clear: int) -> tuple[int, _Codes]:
    """Return how many codes of a run after a clear are valid, and the length in pixels of every entry of the table."""
    known = clear + 2 + np.maximum(np.arange(len(run)) - 1, 0)
    good = run <= np.minimum(known, _TABLE - 1)
    good[:1] = run[:1] < clear
    bad = np.flatnonzero(~good)
    valid = int(bad[0]) if bad.size else len(run)
    # The entry made while code i is read is the string of code i - 1 and one pixel more: its depth in a forest.
    made = min(max(0, valid - 1), _TABLE - clear - 2)
    own = np.arange(clear + 2 + made, dtype=np.int64)
    parents = own.copy()
    parents[clear + 2 : clear + 2 + made] = run[:made]
    lengths = np.ones(len(own), np.int64)
    lengths[:clear] = 0
    while True:
        above = parents[parents]
        lengths += np.where(parents != own, lengths[parents], 0)
        if np.array_equal(above, parents):
            break
        parents = above
    lengths[: clear + 2] = 0
    return valid, lengths + 1
