"""Looks closely at two files that would be an error together, such as one picture under two labels: runs in a child.

A look of 32 × 32 pixels is blind to what is small: other words in the same form, a lamp of another colour, another suit on the
same playing card. Here each window of one picture is looked for in the other, near the same place, as cropping moves it.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from sanitize.contents import read_again
from sanitize.look import YCC_OF_RGB
from sanitize.probe import seen

Picture = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
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
# A window may lie a pixel beside.
_BESIDE = np.ones((3, 3), np.uint8)
# Windows of so much contrast in both pictures, or so much in one of them, in levels, show something.
_CONTRAST, _STRONG = 6.0, 16.0
# A few windows of a copy may be lost to noise, and of many windows, as a page of text has, one in so many: in the next worst it
# correlates so at least, and its colours differ so at most, and by such a share of what they are.
_LOST, _SHARE_LOST = 2, 1 / 64
_LEAST, _MOST_COLOUR, _SHARE_OF_COLOUR = 0.8, 24.0, 0.3
# Levels from which on a channel of what was made brighter may be cut off; by which most windows are brighter then, and none is
# much darker; and mean chroma below which a picture is grey.
_WHITE, _AS_BRIGHT, _GREY = 245, 3.0, 2.0


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
    one, other = (_decoded(*file, root=root) for file in (item[:4], item[4:]))
    return None if one is None or other is None else {"closely": agree(one, other)}


def agree(one: Picture, other: Picture) -> bool:
    """Tell whether two pictures, rows × columns × 3 each, are copies in each place, maybe cropped or of another brightness."""
    rows, columns = one.shape[:2]
    scale = min(_SIDE, *one.shape[:2], *other.shape[:2]) / min(rows, columns)
    size = max(1, round(columns * scale)), max(1, round(rows * scale))
    window, reach = min(_WINDOW, min(size) // _LEAST_WINDOWS_ALONG), math.ceil(_MOVED * max(size))
    if window < _LEAST_WINDOW or min(size) < window + 2 * reach:
        return True
    first, second = (_see(picture, size, window) for picture in (one, other))
    along = [np.arange(reach, length - window - reach + 1, window // 2) for length in size[::-1]]
    corners: Corners = tuple(grid.ravel() for grid in np.meshgrid(*along, indexing="ij"))
    spreads = first.spread[corners], second.spread[corners]
    shows = np.flatnonzero((np.minimum(*spreads) >= _CONTRAST) | (np.maximum(*spreads) >= _STRONG))
    common = _means(first.luma * second.luma, window)[corners] - first.mean[corners] * second.mean[corners]
    alike = (common / np.maximum(spreads[0] * spreads[1], 1e-6))[shows]
    # Most copies are not cropped, and need not be moved.
    if _agree_there(first, second, corners, corners, shows, alike):
        return True
    matches = [
        _match(first.luma, second.luma, top, left, window, reach)
        for top, left in zip(*(places[shows].tolist() for places in corners), strict=True)
    ]
    maps = np.array(matches, np.float32).reshape(-1, 2 * reach + 1, 2 * reach + 1)
    centres = [places + (window - length) / 2 for places, length in zip(corners, size[::-1], strict=True)]
    moved, alike = _moved(maps, centres, shows, reach)
    there: Corners = tuple(places + by for places, by in zip(corners, moved, strict=True))
    return _agree_there(first, second, corners, there, shows, alike)


def _agree_there(first: _Seen, second: _Seen, here: Corners, there: Corners, shows: Places, alike: Floats) -> bool:
    """Tell whether windows of one picture agree with those of the other, by how those that show something correlate."""
    most = np.maximum(first.most[here], second.most[there])
    # What is cut off in the brighter one hides what the other shows.
    lighter = np.quantile(first.mean[here] - second.mean[there], [0.25, 0.75])
    is_brighter = max(abs(lighter)) > _AS_BRIGHT and (min(lighter) >= -1 or max(lighter) <= 1)
    is_told = (most < _WHITE) | (not is_brighter)
    told = alike[is_told[shows]]
    if _after_lost(told, 1, lost=max(_LOST, int(_SHARE_LOST * len(told)))) < _LEAST:
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


def _moved(matches: Floats, centres: list[Floats], shows: Places, reach: int) -> tuple[list[Places], Floats]:
    """Return by how many rows and columns windows are moved, all in one way, and how those that show something correlate so."""
    numbers = np.arange(len(shows))
    shifts, stretches = (grid.reshape(-1, 1) for grid in np.meshgrid(np.arange(-reach, reach + 1), _STRETCHED))
    ways = [np.clip(np.rint(shifts + stretches * centre), -reach, reach).astype(np.int64) for centre in centres]
    rows, columns = (way[len(way) // 2] for way in ways)
    for _again in range(2):
        rows = ways[0][np.argmax(matches[numbers, ways[0][:, shows] + reach, columns[shows] + reach].sum(axis=1))]
        columns = ways[1][np.argmax(matches[numbers, rows[shows] + reach, ways[1][:, shows] + reach].sum(axis=1))]
    return [rows, columns], matches[numbers, rows[shows] + reach, columns[shows] + reach]


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


def _see(picture: Picture, size: tuple[int, int], window: int) -> _Seen:
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
