"""Looks closely at two files that would be an error together, such as one picture under two labels: runs in a child.

A look of 32 × 32 pixels is blind to what is small: other words in the same form, a lamp of another colour, another suit on the
same playing card. Here each window of one picture is looked for in the other, near the same place, as cropping moves it.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from sanitize.contents import read_again
from sanitize.look import YCC_OF_RGB
from sanitize.probe import seen

Picture = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.floating[Any]]
Places = npt.NDArray[np.int64]
#: Rows and columns of the upper left corners of windows.
Corners = tuple[Places, ...]
#: Two files to look at, of each its path relative to `root`, and `content`, `mode` and `orientation` of its facts.
Item = tuple[bytes, str | None, str | None, int | None, bytes, str | None, str | None, int | None]

# Shorter side, in pixels, that pictures are compared with; that of a window, which is less where so many would not fit along it;
# and the least that shows something: of a smaller picture a look misses nothing.
_SIDE, _WINDOW, _LEAST_WINDOWS_ALONG, _LEAST_WINDOW = 192, 16, 6, 5
# What a JPEG or a palette adds to a pixel is taken away by this blur: its standard deviation, pixels.
_BLUR = 1.0
# Cropping by 2 % on each side moves what is shown by no more than this share of the longer side, and stretches it so.
_MOVED, _STRETCHED = 0.03, np.linspace(-0.04, 0.04, 9)
# So many windows, or nearly twice as many, tell how all are moved; each may lie a pixel beside.
_TELLING = 64
_BESIDE = np.ones((3, 3), np.uint8)
# Windows of so much contrast in both pictures, or so much in one of them, in levels, show something.
_CONTRAST, _STRONG = 6.0, 16.0
# A few windows of a copy may be lost to noise, and of many windows, as a page of text has, one in so many: in the next worst it
# correlates so at least, and its colours differ so at most, and by such a share of what they are.
_LOST, _SHARE_LOST = 2, 1 / 64
_LEAST, _MOST_COLOUR, _SHARE_OF_COLOUR = 0.8, 24.0, 0.3
# Of windows with so much contrast in both pictures, in levels, none correlates less by so many times what half of them do, and a
# little: at most 15 times in copies of photos, charts, maps and pages, and 46 times in pages of one form.
_CLEAR, _UNEVEN, _NOISE = 12.0, 20.0, 0.004
# Levels from which on a channel of what was made brighter may be cut off; by which most windows are brighter then, and none is
# much darker; and mean chroma below which a picture is grey.
_WHITE, _AS_BRIGHT, _GREY = 245, 3.0, 2.0


class _Grid(NamedTuple):
    """How two pictures are compared, in pixels."""

    size: tuple[int, int]  #: columns and rows that both are reduced to
    window: int  #: sides of a window
    reach: int  #: by which it may be moved


class _Seen(NamedTuple):
    """A small picture, rows × columns, and what its windows hold, each told at its upper left corner."""

    luma: Floats
    mean: Floats
    spread: Floats  #: standard deviation, levels
    most: Floats  #: highest level of a channel
    chroma: Floats  #: mean, × 2
    is_grey: bool


def same(item: Item, *, root: bytes) -> dict[str, bool] | None:
    """Tell whether two files show the same picture in each place; None where one cannot be read or decoded any more.

    Raises MemoryError, and OSError where this process has used up what it may have.
    """
    files = item[:4], item[4:]
    one, other = (_decoded(*file, root=root) for file in files)
    if one is None or other is None:
        return None
    grid = _grid(one, other)
    if grid is None:
        return {"closely": True}
    first, second = (_see_file(*file, grid=grid, root=root) for file in files)
    return None if first is None or second is None else {"closely": _agree(first, second, grid)}


def agree(one: Picture, other: Picture) -> bool:
    """Tell whether two pictures, rows × columns × 3 each, are copies in each place, maybe cropped or of another brightness."""
    grid = _grid(one, other)
    return grid is None or _agree(_see(one, grid), _see(other, grid), grid)


def _grid(one: Picture, other: Picture) -> _Grid | None:
    """Return how two pictures are compared; None where they are so small that a closer look tells nothing."""
    rows, columns = one.shape[:2]
    scale = min(_SIDE, *one.shape[:2], *other.shape[:2]) / min(rows, columns)
    size = max(1, round(columns * scale)), max(1, round(rows * scale))
    window, reach = min(_WINDOW, min(size) // _LEAST_WINDOWS_ALONG), math.ceil(_MOVED * max(size))
    return None if window < _LEAST_WINDOW or min(size) < window + 2 * reach else _Grid(size, window, reach)


def _agree(first: _Seen, second: _Seen, grid: _Grid) -> bool:
    size, window, reach = grid
    along = [np.arange(reach, length - window - reach + 1, window // 2) for length in size[::-1]]
    corners: Corners = tuple(grid.ravel() for grid in np.meshgrid(*along, indexing="ij"))
    spreads = first.spread[corners], second.spread[corners]
    shows = np.flatnonzero((np.minimum(*spreads) >= _CONTRAST) | (np.maximum(*spreads) >= _STRONG))
    common = _means(first.luma * second.luma, window)[corners] - first.mean[corners] * second.mean[corners]
    alike: Floats = (common / np.maximum(spreads[0] * spreads[1], 1e-6))[shows]
    # Most copies are not cropped, and need not be moved.
    is_told = _are_told(first, second, corners, corners)
    if _agree_there(first, second, corners, corners, is_told, shows, alike):
        return True
    # Some windows tell how all are moved.
    some = shows[:: max(1, len(shows) // _TELLING)]
    matches = [
        _match(first.luma, second.luma, top, left, window, reach)
        for top, left in zip(*(places[some].tolist() for places in corners), strict=True)
    ]
    maps = np.array(matches, np.float32).reshape(-1, 2 * reach + 1, 2 * reach + 1)
    centres = [places + (window - length) / 2 for places, length in zip(corners, size[::-1], strict=True)]
    ways = _moved(maps, [centre[some] for centre in centres], reach)
    there: Corners = tuple(
        places + _by(centre, way[0], way[1], reach) for places, centre, way in zip(corners, centres, ways, strict=True)
    )
    seen_here, seen_there = (tuple(places[shows] for places in ends) for ends in (corners, there))
    alike = _alike_beside(first, second, seen_here, seen_there, window)
    return _agree_there(first, second, corners, there, _are_told(first, second, corners, there), shows, alike)


def _are_told(first: _Seen, second: _Seen, here: Corners, there: Corners) -> npt.NDArray[np.bool_]:
    """Tell of which windows of two pictures white that is cut off in the brighter one hides nothing."""
    most = np.maximum(first.most[here], second.most[there])
    lighter = np.quantile(first.mean[here] - second.mean[there], [0.25, 0.75])
    is_brighter = max(abs(lighter)) > _AS_BRIGHT and (min(lighter) >= -1 or max(lighter) <= 1)
    return np.asarray((most < _WHITE) | (not is_brighter))


def _may_be_lost(windows: int) -> int:
    """Return how many of so many windows of a copy may be lost."""
    return max(_LOST, int(_SHARE_LOST * windows))


def _agree_there(
    first: _Seen,
    second: _Seen,
    here: Corners,
    there: Corners,
    is_told: npt.NDArray[np.bool_],
    shows: Places,
    alike: Floats,
) -> bool:
    """Tell whether windows of one picture agree with those of the other, by how those that show something correlate."""
    told = alike[is_told[shows]]
    clear = alike[(is_told & (np.minimum(first.spread[here], second.spread[there]) >= _CLEAR))[shows]]
    # What a copy has lost it has lost everywhere: where others match fully, one that nearly does shows something else.
    least = max(_LEAST, 1 - _UNEVEN * (1 + _NOISE - float(np.median(clear)))) if len(clear) else _LEAST
    if _after_lost(told, 1, lost=_may_be_lost(len(told))) < _LEAST:
        return False
    if _after_lost(clear, 1, lost=_may_be_lost(len(clear))) < least:
        return False
    if first.is_grey or second.is_grey:
        return True
    colours = first.chroma[here], second.chroma[there]
    apart = np.abs(colours[0] - colours[1]) - _SHARE_OF_COLOUR * np.maximum(*np.abs(colours))
    return -_after_lost(-apart.max(axis=1)[is_told], 0) <= _MOST_COLOUR


def _match(one: Floats, other: Floats, top: int, left: int, window: int, reach: int) -> Floats:
    """Return how a window correlates with the other picture where it is moved by up to `reach` pixels, and a pixel beside."""
    area = other[top - reach : top + window + reach, left - reach : left + window + reach]
    found = cv2.matchTemplate(area, one[top : top + window, left : left + window], cv2.TM_CCOEFF_NORMED)
    return np.asarray(cv2.dilate(found, _BESIDE))


def _moved(matches: Floats, centres: list[Floats], reach: int) -> list[Floats]:
    """Return how rows and how columns of windows are moved, all in one way, as `_by` takes it, by how some of them match."""
    numbers = np.arange(len(matches))
    shifts = np.arange(-reach, reach + 1, dtype=np.float64)
    ways = np.stack(np.meshgrid(shifts, _STRETCHED), axis=-1).reshape(-1, 2)
    moves = [reach + _by(centre, ways[:, :1], ways[:, 1:], reach) for centre in centres]
    rows, columns = 0, len(ways) // 2
    for _again in range(2):
        rows = int(np.argmax(matches[numbers, moves[0], moves[1][columns]].sum(axis=1)))
        columns = int(np.argmax(matches[numbers, moves[0][rows], moves[1]].sum(axis=1)))
    return [ways[rows], ways[columns]]


def _by(centres: Floats, shift: Floats | float, stretch: Floats | float, reach: int) -> Places:
    """Return by how many pixels windows with these centres, pixels from the middle, are moved along an axis."""
    return np.clip(np.rint(shift + stretch * centres), -reach, reach).astype(np.int64)


def _alike_beside(first: _Seen, second: _Seen, here: Corners, there: Corners, window: int) -> Floats:
    """Return how windows correlate with those of another picture, there or a pixel beside; 1 where neither shows anything."""
    shown = sliding_window_view(first.luma, (window, window))[here]
    levels, means, spreads = (np.pad(part, 1, mode="edge") for part in (second.luma, second.mean, second.spread))
    around = sliding_window_view(levels, (window + 2, window + 2))[there]
    best = np.full(len(shown), -1, np.float32)
    for row, column in np.ndindex(_BESIDE.shape):
        common = np.einsum("nij,nij->n", shown, around[:, row : row + window, column : column + window])
        beside = tuple(places + by for places, by in zip(there, (row, column), strict=True))
        spread = first.spread[here], spreads[beside]
        alike = (common / window**2 - first.mean[here] * means[beside]) / np.maximum(spread[0] * spread[1], 1e-6)
        np.maximum(best, np.where(np.maximum(*spread) < _CONTRAST, 1, alike), out=best)
    return best


def _after_lost(values: Floats, nothing: float, *, lost: int = _LOST) -> float:
    """Return the lowest of values but for those that are `lost`; `nothing` where there are no more."""
    return float(np.partition(values, lost)[lost]) if len(values) > lost else nothing


@lru_cache(maxsize=2)
def _decoded(
    path: bytes, content: str | None, mode: str | None, orientation: int | None, *, root: bytes
) -> Picture | None:
    """Return what a file shows; pairs come in the order of their first file, which is decoded once for several."""
    data = read_again(path, root=root)
    facts = {"content": content, "mode": mode, "orientation": orientation}
    picture = None if data is None else seen.rgb(data, facts, shorter_side=_SIDE)
    return picture if picture is not None and picture.size else None


@lru_cache(maxsize=2)
def _see_file(
    path: bytes, content: str | None, mode: str | None, orientation: int | None, *, grid: _Grid, root: bytes
) -> _Seen | None:
    picture = _decoded(path, content, mode, orientation, root=root)
    return None if picture is None else _see(picture, grid)


def _see(picture: Picture, grid: _Grid) -> _Seen:
    size, window, _reach = grid
    small = np.asarray(cv2.resize(np.ascontiguousarray(picture), size, interpolation=cv2.INTER_AREA), np.float32)
    red, green, blue = cv2.split(small)
    channels = cv2.split(cv2.transform(cv2.GaussianBlur(small, (0, 0), _BLUR), YCC_OF_RGB))
    luma, *chroma = (np.asarray(channel, np.float32) for channel in channels)
    means, squares, *colours = (_means(each, window) for each in (luma, luma * luma, *chroma))
    return _Seen(
        luma,
        means,
        np.sqrt(np.maximum(squares - means * means, 0)),
        np.asarray(cv2.dilate(cv2.max(cv2.max(red, green), blue), np.ones((window, window), np.uint8), anchor=(0, 0))),
        np.stack(colours, axis=2),
        sum(cv2.norm(each, cv2.NORM_L1) for each in chroma) < _GREY * len(chroma) * luma.size,
    )


def _means(levels: Floats, window: int) -> Floats:
    """Return the mean of the window that begins at each pixel; those that reach beyond the picture are of no use."""
    return np.asarray(cv2.blur(levels, (window, window), anchor=(0, 0)))
