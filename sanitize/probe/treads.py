"""Tells whether what stands left of the step of a band was put on the band, and is no part of the picture above."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sanitize.probe import seams, texture
from sanitize.probe.batch import Grey

if TYPE_CHECKING:
    from sanitize.probe.filling import Fill

#: Levels by which a pixel of the band may differ from it; where the band was scaled and compressed its edge rings more.
SAME, RINGING = 3, 8
#: Right above the band a photograph has many levels, and a drawing or a window few.
LEAST_LEVELS, ABOVE = 24, 16
#: Columns of a tread from which on it says whether the picture goes on: two strips of 32 columns did so by chance.
_WIDE = 40
#: Share of the step's pixels that may have the band's level.
_MOST_OF_BAND = 0.25
#: Times, and rows that are looked at, for what was drawn on the band: 96 of 100, and 1 in 200 of what was filled. What is even
#: or has the band's level needs fewer, as a road or a sky above the cut is even, too: all of 38 labels, and none of 19
#: such cuts. So does what has hard edges off the grid: 12 fewer of 1,800 strips and tabs on a bar are taken for a step so, and
#: no filling of 623 is lost.
_DRAWN, _MAYBE_DRAWN, _NEAR = 3.0, 1.5, 96
#: What a tread that was written on the band reaches (see `_is_written`): 84 of 87 captions, and 2 of 100 fillings that are soft
#: or off the grid. Where edges are hard and on it, 1 in 300, which must go on so much worse from the rows above, too.
_WRITTEN, _WRITTEN_ON_GRID, _LEAST_LOSS = 1.0, 1.3, 0.25


def was_put_there(picture: Grey, fill: Fill, level: int, *, is_hard: bool) -> bool:
    """Tell whether the tread of a step, at the bottom of a picture, grey, rows × columns, was drawn or written on the band."""
    # The end of a tread may be rubbish, as the last block that was decoded is made of data that were not there.
    sure = max(fill.column - 2 * fill.step, fill.column // 2)
    return _is_drawn(picture[:, :sure], fill, level, is_hard=is_hard) or _is_written(
        picture[:, : fill.column], sure, fill, level, is_hard=is_hard
    )


def goes_down(picture: Grey, fill: Fill) -> bool:
    """Tell whether a picture clearly goes on in the tread of a step, which is wide enough to tell."""
    end = fill.row - fill.step
    first = max(0, end - _NEAR)
    return fill.column >= _WIDE and seams.are_one(picture[first : fill.row, : fill.column].T, end - first)


def goes_on(picture: Grey, rgb: seams.Colours, fill: Fill) -> bool:
    """Tell whether a picture clearly goes on in the tread of a step, and from one side of its column to the other."""
    end = fill.row - fill.step
    whole = picture[:end]
    return (
        goes_down(picture, fill)
        and all(seams.are_one(part, fill.column) for part in (whole, whole[-_NEAR:]))
        and seams.keep_colour(rgb[:end], fill.column)
    )


def _is_drawn(tread: Grey, fill: Fill, level: int, *, is_hard: bool) -> bool:
    """Tell whether the tread of the step, with what is above it, was drawn on the band, and is no part of the picture above.

    A sky has few levels, too, and a road is even: either says something only together with the other, or where no grid says
    more.
    """
    end = fill.row - fill.step
    has_few = levels(tread[end:]) < LEAST_LEVELS // 2
    is_even = texture.is_even(tread, fill.step, above=fill.step + ABOVE)
    if has_few + is_even + (not fill.on_grid) > 1:
        return True
    near = tread[-_NEAR:].T
    reach = 0 if fill.on_grid else 1
    edge = near.shape[1] - fill.step
    is_of_band = (abs(tread[end:].astype(np.int16) - level) <= SAME).mean() > _MOST_OF_BAND
    is_odd = is_even or is_of_band or (is_hard and not fill.on_grid)
    return seams.meet(near, (edge - reach, edge + reach), times=_MAYBE_DRAWN if is_odd else _DRAWN)


def _is_written(tread: Grey, sure: int, fill: Fill, level: int, *, is_hard: bool) -> bool:
    """Tell whether the tread of the step, with what is above it, is writing on the band, such as a caption at its edge.

    Between the letters it has the band's level, from its first rows on, and does not go on from the rows above, which have not.
    """
    end = fill.row - fill.step
    off = np.abs(tread.astype(np.int16) - level)
    inner = off[:, :sure] <= SAME
    within, above = float(inner[end:].mean()), float(inner[max(0, end - fill.step) : end].mean())
    first = float((off[end : end + 2] <= RINGING).mean())
    loss = seams.loss(tread[max(0, end - _NEAR) : end + 1].T, min(end, _NEAR), every=1)
    written = 3 * within - above + first + loss / 2
    if is_hard and fill.on_grid:
        return written > _WRITTEN_ON_GRID and loss > _LEAST_LOSS
    return written > _WRITTEN


def levels(picture: Grey) -> int:
    """Return how many levels a picture has."""
    return int(np.count_nonzero(np.bincount(picture.ravel(), minlength=256)))
