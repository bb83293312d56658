"""Tells whether two pictures meet at a column of one, as in a collage or where a picture stands beside its mirror image."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from sanitize.probe.batch import Grey
from sanitize.probe.texture import BLOCK

#: Rows × columns × channels.
Colours = npt.NDArray[np.uint8]

# The rows of a picture and of its copy beside it, of so large a share of the width, change alike; those of no two sides of a
# photograph do.
_LEAST_ALIKE, _LEAST_COPY = 0.8, 0.25
# Differences of neighbours count as no more than so many times the mean, or so many levels where that is more, as in a smooth
# picture: the edge of a thing is strong and short, and a seam runs along the whole column.
_STRONG, _LEAST_STRONG = 4, 12.0
# Rows at the bottom that are looked at for themselves: what was put on a picture need not reach its top.
_LOWEST = 64
# What stands out does so by the jump of that many others, as a picture has strong edges of its own, but few, and what is
# this near to a seam belongs to it. Blocks of a JPEG differ by a level or two where they meet.
_OTHERS, _BESIDE, _OF_BLOCKS = 5, 3, 2.0
# Where a row changes from one to the next, so does its neighbour. What two columns have less in common than most neighbours,
# a whole one counts as so many times of a jump; jumps count up to a limit, as a post may stand at a column. Both together, of
# the picture and of its lowest rows, reach so much: of 780 pairs on the grid of blocks 97.6 of 100, and 1.5 of 100 that were
# filled.
_PER_LOSS, _MOST_TIMES = 2.5, 2.5
_WHOLE, _LOWER = 2.3, 2.6
# What goes on in one picture reaches less, and its colours change less there than at nine of ten others: where no edges of blocks
# show, 106 of 209 that were filled, and 1 of 55 strips, labels and pairs that were laid on the grid and passed all else.
_ONE = 0.9
# Columns on either side whose mean colours are compared.
_WIDE = 4
# Variance of a column that noise alone has, square levels, in each row.
_NOISE = 4
# Sheets of small pictures have many seams, each by that many times the jump that nine of ten others stay below.
_ABOVE_MOST, _MOST = 3.0, 0.9


def meet(picture: Grey, columns: tuple[int, int], *, times: float) -> bool:
    """Tell whether two pictures meet at one of the columns, first to last: neighbours jump there as they do nearly nowhere.

    A seam has `times` the jump of the sixth other column of the picture or of its lowest rows, or of three times
    what most have.
    """
    return any(_times(_jumps(part, 1), *columns) > times for part in (picture, picture[-_LOWEST:]))


def are_two(picture: Grey, column: int) -> bool:
    """Tell whether what is left and right of a column, on the grid of blocks, are two pictures: it jumps there as nearly nowhere
    else, or somewhat, and the rows take another course on either side.
    """
    return any(_apart(part, column) > least for part, least in ((picture, _WHOLE), (picture[-_LOWEST:], _LOWER)))


def are_one(picture: Grey, column: int) -> bool:
    """Tell whether a picture clearly goes on from left to right of a column, on the grid of blocks."""
    return _apart(picture, column) < _ONE


def keep_colour(picture: Colours, column: int) -> bool:
    """Tell whether the colours of a picture, rows × columns × channels, and those of its lowest rows, go on at a column."""
    return all(_colours_apart(part, column) < 1 for part in (picture, picture[-_LOWEST:]))


def _apart(picture: Grey, column: int) -> float:
    """Return how little what is left of a column, on the grid of blocks, has to do with what is right of it."""
    times = max(_times(_jumps(picture, gap), column, column) for gap in (1, 3))
    return min(times, _MOST_TIMES) + _PER_LOSS * loss(picture, column, every=BLOCK)


def _colours_apart(picture: Colours, column: int) -> float:
    """Return how many times what colours change by at nine of ten other columns they do at one."""
    means = cv2.blur(picture.astype(np.float32), (_WIDE, 1), anchor=(0, 0))[:, : picture.shape[1] - _WIDE + 1]
    changes = np.abs(means[:, _WIDE:] - means[:, :-_WIDE]).sum(axis=2).mean(axis=0)
    first = column - _WIDE
    others = np.concatenate([changes[: max(0, first - _WIDE)], changes[first + _WIDE + 1 :]])
    if first < 0 or first >= len(changes) or len(others) <= _OTHERS:
        return np.inf
    return float(changes[first]) / (1 + float(np.quantile(others, _MOST)))


def loss(picture: Grey, column: int, *, every: int) -> float:
    """Return how much less the columns on either side of one have in common, -1 to 1, than those at `every` so many columns."""
    steps = np.diff(picture.astype(np.float32), axis=0)
    energy = (steps**2).sum(axis=0)
    common = (steps[:, :-1] * steps[:, 1:]).sum(axis=0)
    alike = common / (np.sqrt(energy[:-1] * energy[1:]) + _NOISE * len(steps))
    return float(np.median(alike[every - 1 :: every]) - alike[column - 1])


def _jumps(picture: Grey, gap: int) -> npt.NDArray[np.float32]:
    """Return, of each column, how much more a row changes before it, over `gap` columns, than on either side of that."""
    levels = picture.astype(np.float32)
    jumps = np.zeros(levels.shape[1], np.float32)
    if len(jumps) > 3 * gap:
        steps = np.abs(levels[:, gap:] - levels[:, :-gap])
        more = steps[:, gap:-gap] - (steps[:, : -2 * gap] + steps[:, 2 * gap :]) / 2
        most = max(_LEAST_STRONG, _STRONG * float(steps.mean()))
        first = gap + (gap + 1) // 2
        jumps[first : first + more.shape[1]] = np.clip(more, -most, most).mean(axis=0)
    return jumps


def _times(jumps: npt.NDArray[np.float32], first: int, last: int) -> float:
    """Return how many times the jump of the others the largest from column `first` to `last` is."""
    others = np.sort(np.concatenate([jumps[: max(0, first - _BESIDE)], jumps[last + _BESIDE + 1 :]]))
    usual = 0.0
    if len(others) > _OTHERS:
        usual = min(float(others[-_OTHERS - 1]), _ABOVE_MOST * float(np.quantile(others, _MOST)))
    return float(jumps[max(0, first) : last + 1].max(initial=0)) / max(_OF_BLOCKS, usual)


def repeats(picture: Grey, column: int, ends: tuple[int, int], *, may_be_stretched: bool) -> bool:
    """Tell whether a picture shows the same on both sides of a column, mirrored or not: it and its copy meet there.

    `ends` are the rows behind the last on the left and, no more, on the right. Of two copies that begin in one row and end in
    two, one goes on, or is stretched.
    """
    left_end, end = ends
    width = min(column, picture.shape[1] - column)
    if width < _LEAST_COPY * picture.shape[1]:  # of a few columns nothing can be told
        return False
    beside = picture[:left_end, :column]
    lefts = [beside[:end]]
    if may_be_stretched:
        lefts.append(np.asarray(cv2.resize(beside, (column, end), interpolation=cv2.INTER_AREA)))
    right = _row_to_row(picture[:end, column : column + width])
    for left in map(_row_to_row, lefts):
        for part in (left[:, : -width - 1 : -1], left[:, -width:], left[:, :width]):
            common, energy = float((part * right).sum()), float((part**2).sum()) * float((right**2).sum())
            if common > _LEAST_ALIKE * np.sqrt(energy):
                return True
    return False


def _row_to_row(picture: Grey) -> npt.NDArray[np.float32]:
    """Return the differences from row to row, but for what a row has in common, as a plain sky is the same on both sides."""
    steps: npt.NDArray[np.float32] = np.diff(picture.astype(np.float32), axis=0)
    steps -= steps.mean(axis=1, keepdims=True)
    return steps
