"""Whether windows of one picture are copies of those of another where they are moved to, be they brighter or without colour."""

from __future__ import annotations

import numpy as np

from sanitize.compare import hues
from sanitize.compare.drawings import FLAT
from sanitize.compare.fitting import is_drawn_otherwise, take
from sanitize.compare.spots import most_in_one_place, shows_more_in_one_place
from sanitize.compare.windows import CONTRAST, Corners, Floats, Grid, Places, Seen, corners_of

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


def are_copies_there(
    first: Seen, second: Seen, grid: Grid, here: Corners, there: Corners, shows: Places, alike: Floats
) -> bool:
    """Tell whether windows of one picture agree with those of the other, and nothing in them is drawn otherwise."""
    if not _agree_there(first, second, grid, here, there, shows, alike):
        return False
    # What the one picture shows amid grain of the other is a window that shows something, too.
    seen = np.flatnonzero(np.maximum(first.spread[here], second.spread[there]) >= CONTRAST)
    known = np.zeros(len(here[0]), np.float32)
    known[shows] = alike
    if shows_more_in_one_place(first, second, here, there, seen, known, grid.window):
        return False
    if not (first.is_drawn and second.is_drawn):
        return True
    seen_here, seen_there = take(here, shows), take(there, shows)
    lost = _may_be_lost(len(alike))
    return not is_drawn_otherwise(first.luma, second.luma, seen_here, seen_there, grid.window, alike, lost)


def keep_levels(first: Seen, second: Seen, grid: Grid) -> bool:
    """Tell whether windows that show nothing in either picture have the same levels."""
    corners = corners_of(grid)
    return _keep_levels(first, second, corners, corners, is_drawn=False)


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


def _may_be_lost(windows: int) -> int:
    """Return how many of so many windows of a copy may be lost."""
    return max(_LOST, int(_SHARE_LOST * windows))


def _after_lost(values: Floats, nothing: float, *, lost: int = _LOST) -> float:
    """Return the lowest of values but for those that are `lost`; `nothing` where there are no more."""
    return float(np.partition(values, lost)[lost]) if len(values) > lost else nothing
