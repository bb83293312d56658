"""Tells whether two pictures that agree differ in one place: what a copy has lost is scattered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sanitize.compare.fitting import left_of_windows, take

if TYPE_CHECKING:
    from sanitize.compare.windows import Corners, Floats, Places, Seen

# What is left of a window that is made of the other picture is told in a level and such a share of its contrast, and so much more
# of that tells nothing. Neighbours that have so many times as much left as nine windows in ten show something else. Of 3,546
# copies of photos and drawings, in 13 ways, that are two, of which every other pixel was picked. Of pairs that were taken for
# the same it tells 42 of 62 of a part and its scratched copy, 21 of 21 of lids with a spot elsewhere, and 42 of 60 of small
# letters with another number.
_OF_CONTRAST, _NOTHING, _TIMES, _USUAL = 0.1, 0.3, 1.8, 0.9
# So many windows, or nearly twice as many, tell what is usual.
_USUAL_OF = 64


def shows_more_in_one_place(
    first: Seen, second: Seen, here: Corners, there: Corners, seen: Places, alike: Floats, window: int
) -> bool:
    """Tell whether one picture shows something in one place that is not made of the other, such as a scratch.

    Windows are compared whose numbers are `seen`; all correlate as `alike` says, and 0 where that is not known.
    """
    if not len(seen):
        return False
    some = seen[:: max(1, len(seen) // _USUAL_OF)]
    usual = _NOTHING + float(np.quantile(_left(first, second, here, there, some, window), _USUAL))
    # No more is left of a window than another level and contrast leave.
    spread = _spread(first, second, here, there, seen)
    most = spread * np.sqrt(1 - np.minimum(alike[seen], 1) ** 2) / (1 + _OF_CONTRAST * spread)
    worst = seen[most > _TIMES * usual]
    if not len(worst):
        return False
    return most_in_one_place(here, worst, _left(first, second, here, there, worst, window)) > _TIMES * usual


def most_in_one_place(here: Corners, some: Places, lost: Floats) -> float:
    """Return how much three of four neighbours, which overlap, have lost at least, where that is most.

    Corners are those of a grid, row by row, and others than some have lost nothing.
    """
    places = np.zeros(len(here[0]), np.float32)
    places[some] = lost
    grid = places.reshape(-1, max(1, int((here[0] == here[0][:1]).sum())))
    if min(grid.shape) < 2:
        return 0.0
    four = [grid[row : len(grid) - 1 + row, column : grid.shape[1] - 1 + column] for row, column in np.ndindex(2, 2)]
    return float(np.partition(four, 1, axis=0)[1].max())


def _left(first: Seen, second: Seen, here: Corners, there: Corners, numbers: Places, window: int) -> Floats:
    """Return what is left of windows with these numbers, for so much contrast."""
    left = left_of_windows(first.luma, second.luma, take(here, numbers), take(there, numbers), window)[0]
    return np.asarray(left / (1 + _OF_CONTRAST * _spread(first, second, here, there, numbers)))


def _spread(first: Seen, second: Seen, here: Corners, there: Corners, numbers: Places) -> Floats:
    """Return the contrast of windows with these numbers, of the picture in which it is less."""
    return np.asarray(np.minimum(first.spread[here], second.spread[there])[numbers])
