"""Tells drawings, pages and the like from photos, by what their windows show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sanitize.windows import Corners, Grid, Seen

#: Windows with less contrast, in levels, are flat.
FLAT = 2.0
# Drawings, pages and the like have such a share of flat windows. A table that fills its frame has none: of its pixels such a
# share is within so many levels, half of it and more, and of 124 photos a third in five.
_DRAWN = 0.12
_ALIKE, _GROUND = 8, 0.4
# A pattern of hard edges, such as plaid, may have neither: such a share of its pixels is in so many bands of so many levels. Of
# 104 photos without flat windows three have more than 0.54 there, and of 20 sets of tiles, rugs and knitting all more than 0.67.
_TONES, _IN_TONES = 4, 0.6


def _flat_share(seen: Seen, grid: Grid) -> float:
    """Return what share of the windows of a picture shows nothing."""
    columns, rows = (length - grid.window + 1 for length in grid.size)
    return float((seen.spread[: rows : grid.window // 2, : columns : grid.window // 2] < FLAT).mean())


def flat_apart(first: Seen, second: Seen, corners: Corners) -> float | None:
    """Return by how many levels half of the windows that show nothing in either picture differ at least; None without such."""
    flat = np.maximum(first.spread[corners], second.spread[corners]) < FLAT
    return float(np.median(np.abs(first.mean[corners] - second.mean[corners])[flat])) if flat.any() else None


def are_drawn(first: Seen, second: Seen, grid: Grid) -> bool:
    """Tell whether two pictures are drawings, pages and the like.

    Such a share of their windows is flat, or of their pixels of one level of green, or of a few.
    """
    return all(_flat_share(each, grid) >= _DRAWN or _has_ground_or_few_tones(each) for each in (first, second))


def _has_ground_or_few_tones(seen: Seen) -> bool:
    counts = np.bincount(seen.small[:, :, 1].ravel(), minlength=256)
    pixels, in_tones = int(counts.sum()), 0
    for _tone in range(_TONES):
        below = np.concatenate([[0], np.cumsum(counts)])
        of_tone = below[_ALIKE:] - below[:-_ALIKE]
        first = int(of_tone.argmax())
        if of_tone[first] >= _GROUND * pixels:
            return True
        in_tones += int(of_tone[first])
        counts[first : first + _ALIKE] = 0
    return in_tones >= _IN_TONES * pixels
