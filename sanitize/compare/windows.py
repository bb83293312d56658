"""What windows of two pictures that are compared hold, and how they correlate."""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from sanitize.compare.drawings import is_drawn
from sanitize.compare.look import YCC_OF_RGB

Picture = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.floating[Any]]
Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
#: Rows and columns of the upper left corners of windows.
Corners = tuple[Places, ...]

# What a JPEG or a palette adds to a pixel is taken away by this blur: its standard deviation, pixels.
_BLUR = 1.0
# Windows of so much contrast in both pictures, or so much in one of them, in levels, show something; or of less, as a scratch
# does, where the other is plain. Of 500 pairs of a good part and a scratched one that tells 47 of 65 that were not told, and of
# 2,136 copies it loses one.
CONTRAST, _STRONG = 6.0, 16.0
_PLAIN, _SLIGHT = 1.0, 5.0
# Below this a standard deviation of levels up to 255, which are 32-bit floats, is one of rounding.
_LEAST_SPREAD = 0.2
# Chroma below which a picture is grey, on average and in any window: a small thing is all the colour of many on white.
_GREY, _GREY_ANYWHERE = 2.0, 6.0


class Grid(NamedTuple):
    """How two pictures are compared, in pixels."""

    side: int  #: the shorter side that is asked for
    size: tuple[int, int]  #: columns and rows that both are reduced to
    window: int  #: sides of a window
    reach: int  #: by which it may be moved
    is_greyed: bool = False  #: whether the colours of one picture were taken, as the other has none
    has_one_ground: bool | None = False  #: whether both are drawings on ground of one level; None where none is seen
    has_one_size: bool = False  #: whether both had as many rows and columns before, and are as sharp


class Seen(NamedTuple):
    """A small picture, rows × columns, and what its windows hold, each told at its upper left corner."""

    small: Picture  #: × 3
    luma: Floats
    mean: Floats
    spread: Floats  #: standard deviation, levels
    chroma: Floats  #: mean, × 2
    is_grey: bool
    is_drawn: bool  #: whether it is a drawing, a page or the like


def see(picture: Picture, grid: Grid) -> Seen:
    """Return what the windows of a picture, rows × columns × 3, hold."""
    small = cv2.resize(np.ascontiguousarray(picture), grid.size, interpolation=cv2.INTER_AREA)
    return _seen(np.asarray(small, np.uint8), grid.window)


def _seen(small: Picture, window: int) -> Seen:
    channels = cv2.split(cv2.transform(cv2.GaussianBlur(small.astype(np.float32), (0, 0), _BLUR), YCC_OF_RGB))
    luma, *chroma = (np.asarray(channel, np.float32) for channel in channels)
    means, squares, *colours = (means_of(each, window) for each in (luma, luma * luma, *chroma))
    spread = np.sqrt(np.maximum(squares - means * means, 0))
    return Seen(
        small,
        luma,
        means,
        spread,
        np.stack(colours, axis=2),
        sum(cv2.norm(each, cv2.NORM_L1) for each in chroma) < _GREY * len(chroma) * luma.size
        and max(cv2.norm(each, cv2.NORM_INF) for each in colours) < _GREY_ANYWHERE,
        is_drawn(small, spread, window),
    )


def corners_of(grid: Grid) -> Corners:
    """Return the corners of the windows that are compared, row by row; those of what is not to be moved lie up to the border."""
    lasts = [length - grid.window - grid.reach for length in grid.size[::-1]]
    along = [np.arange(grid.reach, last + 1, grid.window // 2) for last in lasts]
    if not grid.reach:
        along = [np.union1d(places, last) for places, last in zip(along, lasts, strict=True)]
    return tuple(places.ravel() for places in np.meshgrid(*along, indexing="ij"))


def which_show(first: Seen, second: Seen, corners: Corners) -> Places:
    """Return the numbers of the windows that show something."""
    spreads = first.spread[corners], second.spread[corners]
    return np.flatnonzero((np.minimum(*spreads) >= CONTRAST) | (np.maximum(*spreads) >= _STRONG) | are_slight(*spreads))


def are_slight(some: Floats, others: Floats) -> Bools:
    """Tell which windows, by the standard deviations in both pictures, show something in the one and nothing in the other."""
    return np.asarray((np.minimum(some, others) < _PLAIN) & (np.maximum(some, others) >= _SLIGHT))


def correlation(product: Floats, means: tuple[Floats, Floats], spreads: tuple[Floats, Floats]) -> Floats:
    """Return how windows correlate, by the means of their products, theirs, and their standard deviations.

    0 where one is as plain as rounding leaves it.
    """
    tells = np.minimum(*spreads) >= _LEAST_SPREAD
    return np.asarray(np.where(tells, product - means[0] * means[1], 0) / np.where(tells, spreads[0] * spreads[1], 1))


def means_of(levels: Floats, window: int) -> Floats:
    """Return the mean of the window that begins at each pixel; those that reach beyond the picture are of no use."""
    return np.asarray(cv2.blur(levels, (window, window), anchor=(0, 0)))
