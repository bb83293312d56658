"""How two pictures agree window by window, where the one may be cropped a little, brighter or without colour."""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from sanitize.compare import hues
from sanitize.compare.drawings import FLAT, is_drawn
from sanitize.compare.fitting import is_drawn_otherwise, take
from sanitize.compare.look import YCC_OF_RGB
from sanitize.compare.spots import most_in_one_place, shows_more_in_one_place

Picture = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.floating[Any]]
Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
#: Rows and columns of the upper left corners of windows.
Corners = tuple[Places, ...]

# What a JPEG or a palette adds to a pixel is taken away by this blur: its standard deviation, pixels.
_BLUR = 1.0
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
# Windows of so much contrast in both pictures, or so much in one of them, in levels, show something; or of less, as a scratch
# does, where the other is plain. Of 500 pairs of a good part and a scratched one that tells 47 of 65 that were not told, and of
# 2,136 copies it loses one.
_CONTRAST, _STRONG = 6.0, 16.0
_PLAIN, _SLIGHT = 1.0, 5.0
# Below this a standard deviation of levels up to 255, which are 32-bit floats, is one of rounding.
_LEAST_SPREAD = 0.2
# A few windows of a copy may be lost to noise, and of many windows, as a page of text has, one in so many: in the next worst it
# correlates so at least.
_LOST, _SHARE_LOST, _LEAST = 2, 1 / 64, 0.8
# Of windows with so much contrast in both pictures, in levels, none correlates less by so many times what half of them do, and a
# little: at most 15 times in copies of photos, charts, maps and pages, and 46 times in pages of one form.
_CLEAR, _UNEVEN, _NOISE = 12.0, 20.0, 0.004
# Neighbours in which something else is shown, as a number on a form or a part on a board, lose that much more of their
# correlation than so many times what nine windows in ten lose; twice as many where one picture has lost its colours, which
# others weigh otherwise. Of 5,575 copies, in 24 ways, of photos, pages, plots, icons and the like that is none, and of 94 pairs
# of forms, boards and packs that differ in one place 93. It takes so many windows of contrast to tell what is usual.
_SPOT, _MORE_LOST, _USUAL, _USUAL_OF = 0.06, 5.0, 0.9, 16
# Chroma below which a picture is grey, on average and in any window: a small thing is all the colour of many on white.
_GREY, _GREY_ANYWHERE = 2.0, 6.0
# Chroma of windows, in either channel, that count for how many may be lost in colour, and one of how many of them may: of 320
# pictures of a few small lights in four colours 26 were the same without that, and none is.
_COLOURED, _COLOURED_LOST = 5.0, 3
# A drawing that has lost its colours has kept its levels, but for so many and such a share of its contrast. Of 435 grey copies,
# in three ways, none differs by more than 2 levels, and of 350 that are cropped as well 8 do by more than that. Black ink on
# white is darker than red ink by 0.6 of its chroma.
_MOST_IF_GREYED, _SHARE_OF_SPREAD = 6.0, 0.1
# Where both have one size it has kept its contrast, too, but for such a share: black lines have a fifth more of it than red or
# blue ones. Of 90 grey copies of drawings, at quality 40 and 60 and with 16 tones, 3 are refused.
_SHARE_FADED = 0.13
# In flat windows a picture has, but for so many; a drawing at the usual weights, as of one colour any grey may be made.
_MOST_IF_FLAT = 8.0


class Grid(NamedTuple):
    """How two pictures are compared, in pixels."""

    side: int  #: the shorter side that is asked for
    size: tuple[int, int]  #: columns and rows that both are reduced to
    window: int  #: sides of a window
    reach: int  #: by which it may be moved
    is_greyed: bool = False  #: whether the colours of one picture were taken, as the other has none
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


class Way(NamedTuple):
    """How windows of one picture are moved to agree with those of another."""

    moved: Floats  #: of rows and of columns, by how many lengths of the picture they are shifted, and by how many stretched
    agrees: bool  #: whether they agree there
    is_near: bool = False  #: whether most of them nearly do, and do not where they are


def see(picture: Picture, grid: Grid) -> Seen:
    """Return what the windows of a picture, rows × columns × 3, hold."""
    small = cv2.resize(np.ascontiguousarray(picture), grid.size, interpolation=cv2.INTER_AREA)
    return _seen(np.asarray(small, np.uint8), grid.window)


def _seen(small: Picture, window: int) -> Seen:
    channels = cv2.split(cv2.transform(cv2.GaussianBlur(small.astype(np.float32), (0, 0), _BLUR), YCC_OF_RGB))
    luma, *chroma = (np.asarray(channel, np.float32) for channel in channels)
    means, squares, *colours = (_means(each, window) for each in (luma, luma * luma, *chroma))
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


def keep_levels(first: Seen, second: Seen, grid: Grid) -> bool:
    """Tell whether windows that show nothing in either picture have the same levels."""
    corners = corners_of(grid)
    return _keep_levels(first, second, corners, corners, is_drawn=False)


def _keep_levels(first: Seen, second: Seen, here: Corners, there: Corners, *, is_drawn: bool) -> bool:
    """Tell whether windows have kept their levels: all of a drawing, and those of a photo that show nothing in either picture."""
    apart, spread = np.abs(first.mean[here] - second.mean[there]), np.maximum(first.spread[here], second.spread[there])
    if is_drawn:
        apart, most = apart - _SHARE_OF_SPREAD * spread, _MOST_IF_GREYED
    else:  # a photo may have another contrast since
        apart, most = apart[spread < FLAT], _MOST_IF_FLAT
    return -_after_lost(-apart, 0, lost=_may_be_lost(len(apart))) <= most


def _have_faded(first: Seen, second: Seen, here: Corners, there: Corners) -> bool:
    """Tell whether windows of drawings that are as sharp have lost contrast: their means hardly tell how dark thin lines are."""
    spreads = first.spread[here], second.spread[there]
    most = np.maximum(*spreads)
    clear = most >= _CLEAR
    faded = np.abs(spreads[0] - spreads[1])[clear] / most[clear]
    return -_after_lost(-faded, 0, lost=_may_be_lost(len(faded))) > _SHARE_FADED


def find_way(first: Seen, second: Seen, grid: Grid, way: Floats) -> Way:
    """Return the way in which windows of one picture are moved to agree with those of the other, and whether they do.

    It is looked for near the given one.
    """
    size, window, reach = grid.size, grid.window, grid.reach
    corners = corners_of(grid)
    shows = _which_show(first, second, corners)
    in_place = _alike_in_place(first, second, corners, shows, window)
    # Most copies are not cropped, and need not be moved.
    if _are_copies_there(first, second, grid, corners, corners, shows, in_place):
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
    agrees = _are_copies_there(first, second, grid, corners, there, shows, alike)
    is_near = bool(len(alike)) and bool(np.quantile(alike, _NOT_NEAR) >= _NEAR > np.median(in_place))
    return Way(ways / lengths, agrees=agrees, is_near=is_near)


def is_in_place(first: Seen, second: Seen, grid: Grid) -> bool:
    """Tell whether windows of one picture agree with those of the other in the same places."""
    corners = corners_of(grid)
    shows = _which_show(first, second, corners)
    alike = _alike_in_place(first, second, corners, shows, grid.window)
    return _are_copies_there(first, second, grid, corners, corners, shows, alike)


def _alike_in_place(first: Seen, second: Seen, corners: Corners, shows: Places, window: int) -> Floats:
    """Return how windows of both that show something correlate in the same places."""
    spreads, means = (first.spread[corners], second.spread[corners]), (first.mean[corners], second.mean[corners])
    return np.asarray(_correlation(_means(first.luma * second.luma, window)[corners], means, spreads)[shows])


def corners_of(grid: Grid) -> Corners:
    """Return the corners of the windows that are compared, row by row; those of what is not to be moved lie up to the border."""
    lasts = [length - grid.window - grid.reach for length in grid.size[::-1]]
    along = [np.arange(grid.reach, last + 1, grid.window // 2) for last in lasts]
    if not grid.reach:
        along = [np.union1d(places, last) for places, last in zip(along, lasts, strict=True)]
    return tuple(places.ravel() for places in np.meshgrid(*along, indexing="ij"))


def _which_show(first: Seen, second: Seen, corners: Corners) -> Places:
    """Return the numbers of the windows that show something."""
    spreads = first.spread[corners], second.spread[corners]
    return np.flatnonzero(
        (np.minimum(*spreads) >= _CONTRAST) | (np.maximum(*spreads) >= _STRONG) | _is_slight(*spreads)
    )


def _is_slight(some: Floats, others: Floats) -> Bools:
    """Tell which windows, by the standard deviations in both pictures, show something in the one and nothing in the other."""
    return np.asarray((np.minimum(some, others) < _PLAIN) & (np.maximum(some, others) >= _SLIGHT))


def _may_be_lost(windows: int) -> int:
    """Return how many of so many windows of a copy may be lost."""
    return max(_LOST, int(_SHARE_LOST * windows))


def _are_copies_there(
    first: Seen, second: Seen, grid: Grid, here: Corners, there: Corners, shows: Places, alike: Floats
) -> bool:
    """Tell whether windows of one picture agree with those of the other, and nothing in them is drawn otherwise."""
    if not _agree_there(first, second, grid, here, there, shows, alike):
        return False
    # What the one picture shows amid grain of the other is a window that shows something, too.
    seen = np.flatnonzero(np.maximum(first.spread[here], second.spread[there]) >= _CONTRAST)
    known = np.zeros(len(here[0]), np.float32)
    known[shows] = alike
    if shows_more_in_one_place(first, second, here, there, seen, known, grid.window):
        return False
    if not (first.is_drawn and second.is_drawn):
        return True
    seen_here, seen_there = take(here, shows), take(there, shows)
    lost = _may_be_lost(len(alike))
    return not is_drawn_otherwise(first.luma, second.luma, seen_here, seen_there, grid.window, alike, lost)


def _agree_there(
    first: Seen, second: Seen, grid: Grid, here: Corners, there: Corners, shows: Places, alike: Floats
) -> bool:
    """Tell whether windows of one picture agree with those of the other, by how those that show something correlate."""
    clear = alike[(np.minimum(first.spread[here], second.spread[there]) >= _CLEAR)[shows]]
    # What a copy has lost it has lost everywhere: where others match fully, one that nearly does shows something else.
    least = max(_LEAST, 1 - _UNEVEN * (1 + _NOISE - float(np.median(clear)))) if len(clear) else _LEAST
    if _after_lost(alike, 1, lost=_may_be_lost(len(alike))) < _LEAST:
        return False
    if _after_lost(clear, 1, lost=_may_be_lost(len(clear))) < least:
        return False
    usual = np.quantile(1 - (clear if len(clear) >= _USUAL_OF else alike), _USUAL) if len(alike) else 0.0
    if most_in_one_place(here, shows, 1 - alike) > _SPOT + _MORE_LOST * usual * (1 + grid.is_greyed):
        return False
    if grid.is_greyed:
        are_drawn = first.is_drawn and second.is_drawn
        if are_drawn and grid.has_one_size and _have_faded(first, second, here, there):
            return False
        return _keep_levels(first, second, here, there, is_drawn=are_drawn)
    if first.is_grey and second.is_grey:
        return True
    return _agree_in_colour(first, second, here, there)


def _agree_in_colour(first: Seen, second: Seen, here: Corners, there: Corners) -> bool:
    """Tell whether windows have the same colours there, or a pixel beside: along an edge of strong colours that is another."""
    ways = [
        hues.nearest(first.chroma[here], second.chroma, there),
        hues.nearest(second.chroma[there], first.chroma, here),
    ]
    flat = np.maximum(first.spread[here], second.spread[there]) < FLAT
    beyond = np.min([hues.beyond(*way, flat) for way in ways], axis=0)
    # Small lights in the dark are all the colour there is: of few windows few may be lost.
    coloured = np.abs(np.stack([first.chroma[here], second.chroma[there]])).max(axis=(0, 2)) >= _COLOURED
    lost = min(_may_be_lost(len(beyond)), max(_LOST, int(coloured.sum()) // _COLOURED_LOST))
    return -_after_lost(-beyond, 0, lost=lost) <= 0


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
        alike = _correlation(common / window**2, (first.mean[here], means[beside]), spread)
        shows = (np.maximum(*spread) >= _CONTRAST) | _is_slight(*spread)
        np.maximum(best, np.where(shows, alike, 1), out=best)
    return best


def _correlation(product: Floats, means: tuple[Floats, Floats], spreads: tuple[Floats, Floats]) -> Floats:
    """Return how windows correlate, by the means of their products, theirs, and their standard deviations.

    0 where one is as plain as rounding leaves it.
    """
    tells = np.minimum(*spreads) >= _LEAST_SPREAD
    return np.asarray(np.where(tells, product - means[0] * means[1], 0) / np.where(tells, spreads[0] * spreads[1], 1))


def _after_lost(values: Floats, nothing: float, *, lost: int = _LOST) -> float:
    """Return the lowest of values but for those that are `lost`; `nothing` where there are no more."""
    return float(np.partition(values, lost)[lost]) if len(values) > lost else nothing


def _means(levels: Floats, window: int) -> Floats:
    """Return the mean of the window that begins at each pixel; those that reach beyond the picture are of no use."""
    return np.asarray(cv2.blur(levels, (window, window), anchor=(0, 0)))
