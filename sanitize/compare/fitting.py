"""Tells what is drawn otherwise from what a copy does to a drawing: no blur and no shift of the one makes the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

if TYPE_CHECKING:
    from sanitize.compare.windows import Corners, Floats, Places

# What a copy does to a window of a drawing, as a change of size blurs or sharpens it and moves it by a part of a pixel, a sum of
# each pixel and its neighbours does as well, of so many rows and columns.
_ACROSS = 3
# So little, the square of a level, keeps such a sum from being anything where a window shows but a straight edge.
_EASE = 1.0
# More is left then of a window, in levels and as a share of its contrast, where something else is drawn. Of 881 copies of
# drawings and the like, in 56 ways, one is lost: small print of which every other pixel or so was picked. Of 218 pairs of
# playing cards, 160 to 250 pixels wide, that differ in their suit alone, that tells 211.
_LEFT, _SHARE_LEFT = 17.0, 0.23
# Small print has little contrast, but what a copy has lost it has lost everywhere: so much tells as well where that is so many
# times what is left of half of some windows. Of 864 pairs of receipts with other numbers, the one at 30 to 55 % of the size of
# the other, 452 were taken for the same and 8 are.
_LEAST_LEFT, _UNUSUAL, _USUAL_OF = 7.0, 3.0, 64
# So many are fitted at a time, of 2 KB for each neighbour.
_AT_A_TIME = 256


def is_drawn_otherwise(
    one: Floats, other: Floats, here: Corners, there: Corners, window: int, alike: Floats, lost: int
) -> bool:
    """Tell whether something else is drawn in windows of two drawings, luma each, of which a copy may lose so many.

    They correlate as `alike` says. Each pixel of a window is predicted by a weighted sum of its neighbours in the other picture,
    with the weights that fit the window best (least squares); what is left is the error of that, of the better of both ways.
    """
    # Another level and contrast alone leave a share of sqrt(1 - alike²) at most: no sum of neighbours leaves more.
    worst = np.flatnonzero(alike < np.sqrt(1 - _SHARE_LEFT**2))
    if len(worst) <= lost:
        return False
    left, share = left_of_windows(one, other, take(here, worst), take(there, worst), window)
    some = np.arange(0, len(alike), max(1, len(alike) // _USUAL_OF))
    usual = float(np.median(left_of_windows(one, other, take(here, some), take(there, some), window)[0]))
    most = min(_LEFT, max(_LEAST_LEFT, _UNUSUAL * usual))
    return int(((left > most) & (share > _SHARE_LEFT)).sum()) > lost


def left_of_windows(one: Floats, other: Floats, here: Corners, there: Corners, window: int) -> Floats:
    """Return what is left of windows, 2 × windows: standard deviation in levels, and as a share of their contrast."""
    count = len(here[0])
    fitted = []
    for some in np.array_split(np.arange(count), -(-count // _AT_A_TIME)):
        ends = take(here, some), take(there, some)
        fitted.append(np.minimum(_left_of(one, other, *ends, window), _left_of(other, one, *ends[::-1], window)))
    return np.asarray(np.concatenate(fitted, axis=1))


def take(corners: Corners, numbers: Places) -> Corners:
    """Return the corners of windows with these numbers."""
    return tuple(places[numbers] for places in corners)


def _left_of(one: Floats, other: Floats, here: Corners, there: Corners, window: int) -> Floats:
    """Return what is left of windows of the other picture, as `left_of_windows` does, made of those of the one."""
    padded = np.pad(one, _ACROSS // 2, mode="edge")
    rows, columns = one.shape
    neighbours = [
        sliding_window_view(padded[row : row + rows, column : column + columns], (window, window))[here]
        for row, column in np.ndindex(_ACROSS, _ACROSS)
    ]
    parts = _without_level(np.stack(neighbours, axis=1))
    whole = _without_level(sliding_window_view(other, (window, window))[there][:, np.newaxis])
    products = parts @ parts.transpose(0, 2, 1) + _EASE * window**2 * np.eye(len(neighbours))
    weights = np.linalg.solve(products, parts @ whole.transpose(0, 2, 1))
    left = (whole - weights.transpose(0, 2, 1) @ parts).std(axis=(1, 2))
    return np.stack([left, left / np.maximum(whole.std(axis=(1, 2)), 1)])


def _without_level(windows: Floats) -> Floats:
    """Return windows × some of them × rows × columns, each as one row of levels with a mean of 0."""
    flat = windows.reshape(*windows.shape[:2], -1).astype(np.float64)
    return np.asarray(flat - flat.mean(axis=2, keepdims=True))
