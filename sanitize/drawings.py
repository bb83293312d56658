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


def _flat_share(seen: Seen, grid: Grid) -> float:
    """Return what share of the windows of a picture shows nothing."""
    columns, rows = (length - grid.window + 1 for length in grid.size)
    return float((seen.spread[: rows : grid.window // 2, : columns : grid.window // 2] < FLAT).mean())


def flat_apart(first: Seen, second: Seen, corners: Corners) -> float | None:
    """Return by how many levels half of the windows that show nothing in either picture differ at least; None without such."""
    flat = np.maximum(first.spread[corners], second.spread[corners]) < FLAT
    return float(np.median(np.abs(first.mean[corners] - second.mean[corners])[flat])) if flat.any() else None


def are_drawn(first: Seen, second: Seen, grid: Grid) -> bool:
    """Tell whether two pictures are drawings, pages and the like: such a share of their windows is flat, or so much is ground."""
    return all(_flat_share(each, grid) >= _DRAWN or _ground_share(each) >= _GROUND for each in (first, second))


def _ground_share(seen: Seen) -> float:
    """Return what share of a picture's pixels is of the same few levels of green, the most of which there are."""
    green = seen.small[:, :, 1].ravel()
    below = np.concatenate([[0], np.cumsum(np.bincount(green, minlength=256))])
    return float((below[_ALIKE:] - below[:-_ALIKE]).max() / green.size)
