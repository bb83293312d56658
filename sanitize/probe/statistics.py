"""Measures brightness, detail and sharpness of a batch of pictures at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sanitize.facts import Column

if TYPE_CHECKING:
    from sanitize.probe.batch import Batch

COLUMNS = {
    "brightness_5": Column("UInt8", "level that 95 % of the picture averaged to 32 × 32 reach, 0 to 255"),
    "brightness_99": Column("UInt8", "level that 99 % of the picture averaged to 32 × 32 do not exceed"),
    "darkest": Column(
        "UInt8", "level that 99.99 % of the pixels reach, in full size; null where `brightness_5` is less than 230"
    ),
    "brightest": Column(
        "UInt8",
        "level that 99.99 % of the pixels do not exceed, or 99.9 % in a channel where that is 192 or more, in full size;"
        " null where `brightness_99` is over 96",
    ),
    "entropy": Column("Float32", "entropy of the levels of the picture averaged to 32 × 32, bits, 0 to 8"),
    "edges": Column("Float32", "share of its 32 × 32 pixels that differ from one beside by more than 8 levels, 0 to 1"),
    "fine_edges": Column(
        "Float32",
        "share of the pixels, of at least 256 on the shorter side, that differ from one beside by more than 32 levels;"
        " null where `entropy` is 4 or more, or `edges` 0.05 or more",
    ),
    "step": Column(
        "UInt8",
        "largest difference of two neighbours in the picture reduced to 48 pixels on its shorter side, levels; null where it is"
        " at least half of `climb_4`, or is sure to be from a smaller one, and under 16 pixels",
    ),
    "climb_4": Column("UInt8", "largest difference over 4 pixels, levels; null where `step` is"),
    "climb_8": Column("UInt8", "largest difference over 8 pixels, levels; null where `step` is"),
    "corner": Column(
        "UInt8", "largest difference of a step and the next one in its direction, levels; null where `step` is"
    ),
    "relief": Column(
        "Float32",
        "how far the picture, averaged to 8 × 8, is from any that only changes from row to row, from column to column and by a"
        " product of both, levels: second singular value of what is left without the means of rows and columns, over 8;"
        " null where `step` is",
    ),
    "tone_range": Column("UInt8", "levels between the darkest and the brightest pixel of the reduced picture, in grey"),
    "tone_spread": Column(
        "UInt8",
        "levels that 99.8 % of the pixels lie within, or 32 less than 99.98 % do, whichever is more, in full size, in the"
        " channel where they are most; null where `tone_range` is more than 18",
    ),
    "constant": Column(
        "Boolean", "all pixels of the first frame are equal in all channels; null where that is unknown"
    ),
}
VERSION = 9
#: Brightness beyond which the darkest and the brightest pixels are not measured: such a picture is neither dark nor bright.
DARK, BRIGHT = 96, 230
#: A pixel of something small and clear, such as a star, differs by more levels than this from what is around it.
CLEAR = 32
#: Levels up to which `tone_spread` is known, and `tone_range` up to which it is measured: what is averaged has no more than
#: the whole picture, but for what rounding and a JPEG that is decoded in part make of it.
SPREAD, FLAT = 16, 18
#: Level from which on one channel is light.
LIT = 192
#: From so many bits, or so large a share at edges, on `fine_edges` are not measured: there is enough to be seen.
ENTROPY, EDGES = 4, 0.05
#: A step of so large a share of a climb is an edge so sharp that no climb is measured.
SHARP = 0.5


def measure(batch: Batch) -> dict[str, Sequence[object]]:
    """Return COLUMNS of every file, from the reduced pictures; few are looked at more closely, and decoded again for it."""
    from sanitize.probe import tones  # with NumPy, which who only asks for COLUMNS does not need

    return tones.measure(batch)
