"""In which way windows of one picture are moved to agree with those of another, as a copy that is cropped a little needs."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from sanitize.compare.copied_windows import are_copies_there
from sanitize.compare.fitting import take
from sanitize.compare.windows import (
    CONTRAST,
    Corners,
    Floats,
    Grid,
    Places,
    Seen,
    are_slight,
    corners_of,
    correlation,
    means_of,
    which_show,
)

# Cropping by 2 % on each side stretches what is shown by no more than this.
_STRETCHED = np.linspace(-0.04, 0.04, 17)
# So many windows, or nearly twice as many, tell how all are moved; rows and columns are so many times in turn.
_TELLING, _TIMES = 64, 3
# A window may lie a pixel beside.
_BESIDE = np.ones((3, 3), np.uint8)
# Where all but such a share of windows correlate so, moved by whole pixels, they may agree moved by parts of one: of
# 21 crops of pages all but a tenth do by 0.81, and of other pages by 0.18. Of 62 crops half of them do by 0.31 at most in place,
# and of 143 pairs of one form with other words by 0.99.
_NEAR, _NOT_NEAR = 0.7, 0.1


class Way(NamedTuple):
    """How windows of one picture are moved to agree with those of another."""

    moved: Floats  #: of rows and of columns, by how many lengths of the picture they are shifted, and by how many stretched
    agrees: bool  #: whether they agree there
    is_near: bool = False  #: whether most of them nearly do, and do not where they are


def find_way(first: Seen, second: Seen, grid: Grid, way: Floats) -> Way:
    """Return the way in which windows of one picture are moved to agree with those of the other, and whether they do.

    It is looked for near the given one.
    """
    size, window, reach = grid.size, grid.window, grid.reach
    corners = corners_of(grid)
    shows = which_show(first, second, corners)
    in_place = _alike_in_place(first, second, corners, shows, window)
    # Most copies are not cropped, and need not be moved.
    if are_copies_there(first, second, grid, corners, corners, shows, in_place):
        return Way(np.zeros((2, 2)), agrees=True)
    # Some windows tell how all are moved.
    some = shows[:: max(1, len(shows) // _TELLING)]
    matches = [
        _match(first.luma, second.luma, top, left, window, reach)
        for top, left in zip(*(places[some].tolist() for places in corners), strict=True)
    ]
    maps = np.array(matches, np.float32).reshape(-1, 2 * reach + 1, 2 * reach + 1)
    centres = [places + (window - length) / 2 for places, length in zip(corners, size[::-1], strict=True)]
    lengths = np.array([size[::-1], (1, 1)]).T
    ways = _moved(maps, [centre[some] for centre in centres], reach, way * lengths)
    there: Corners = tuple(
        places + _by(centre, by[0], by[1], reach) for places, centre, by in zip(corners, centres, ways, strict=True)
    )
    seen_here, seen_there = take(corners, shows), take(there, shows)
    alike = _alike_beside(first, second, seen_here, seen_there, window)
    agrees = are_copies_there(first, second, grid, corners, there, shows, alike)
    is_near = bool(len(alike)) and bool(np.quantile(alike, _NOT_NEAR) >= _NEAR > np.median(in_place))
    return Way(ways / lengths, agrees=agrees, is_near=is_near)


def is_in_place(first: Seen, second: Seen, grid: Grid) -> bool:
    """Tell whether windows of one picture agree with those of the other in the same places."""
    corners = corners_of(grid)
    shows = which_show(first, second, corners)
    alike = _alike_in_place(first, second, corners, shows, grid.window)
    return are_copies_there(first, second, grid, corners, corners, shows, alike)


def _alike_in_place(first: Seen, second: Seen, corners: Corners, shows: Places, window: int) -> Floats:
    """Return how windows of both that show something correlate in the same places."""
    spreads, means = (first.spread[corners], second.spread[corners]), (first.mean[corners], second.mean[corners])
    return np.asarray(correlation(means_of(first.luma * second.luma, window)[corners], means, spreads)[shows])


def _match(one: Floats, other: Floats, top: int, left: int, window: int, reach: int) -> Floats:
    """Return how a window correlates with the other picture where it is moved by up to `reach` pixels, and a pixel beside."""
    area = other[top - reach : top + window + reach, left - reach : left + window + reach]
    found = cv2.matchTemplate(area, one[top : top + window, left : left + window], cv2.TM_CCOEFF_NORMED)
    return np.asarray(cv2.dilate(found, _BESIDE) + found)


def _moved(matches: Floats, centres: list[Floats], reach: int, near: Floats) -> Floats:
    """Return by what rows and columns of windows are shifted and stretched, as `_by` takes it, by how some of them match."""
    numbers = np.arange(len(matches))
    shifts = np.arange(-reach, reach + 1, dtype=np.float64)
    ways = np.stack(np.meshgrid(shifts, _STRETCHED), axis=-1).reshape(-1, 2)
    moves = [reach + _by(centre, ways[:, :1], ways[:, 1:], reach) for centre in centres]
    rows, columns = (int(np.argmin(np.abs((ways - by) * (1, len(shifts))).sum(axis=1))) for by in near)
    for _again in range(_TIMES):
        rows = int(np.argmax(matches[numbers, moves[0], moves[1][columns]].sum(axis=1)))
        columns = int(np.argmax(matches[numbers, moves[0][rows], moves[1]].sum(axis=1)))
    return ways[[rows, columns]]


def _by(centres: Floats, shift: Floats | float, stretch: Floats | float, reach: int) -> Places:
    """Return by how many pixels windows with these centres, pixels from the middle, are moved along an axis."""
    return np.clip(np.rint(shift + stretch * centres), -reach, reach).astype(np.int64)


def _alike_beside(first: Seen, second: Seen, here: Corners, there: Corners, window: int) -> Floats:
    """Return how windows correlate with those of another picture, there or a pixel beside; 1 where neither shows anything."""
    shown = sliding_window_view(first.luma, (window, window))[here]
    levels, means, spreads = (np.pad(part, 1, mode="edge") for part in (second.luma, second.mean, second.spread))
    around = sliding_window_view(levels, (window + 2, window + 2))[there]
    best = np.full(len(shown), -1, np.float32)
    for row, column in np.ndindex(_BESIDE.shape):
        common = np.einsum("nij,nij->n", shown, around[:, row : row + window, column : column + window])
        beside = tuple(places + by for places, by in zip(there, (row, column), strict=True))
        spread = first.spread[here], spreads[beside]
        alike = correlation(common / window**2, (first.mean[here], means[beside]), spread)
        shows = (np.maximum(*spread) >= CONTRAST) | are_slight(*spread)
        np.maximum(best, np.where(shows, alike, 1), out=best)
    return best
