"""Tells whether two pictures meet at a column of one, as in a collage or where a picture stands beside its mirror image."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from sanitize.probe.batch import Grey

# Two pictures beside each other differ where they meet by more than so many times what most neighbours differ by.
_SEAM = 2.0
# The rows of a picture and of its copy beside it, of so large a share of the width, change alike; those of no two sides of a
# photograph do.
_LEAST_ALIKE, _LEAST_COPY = 0.8, 0.25
# Columns on either side that are near, and how much neighbours differ where two pictures meet, as a multiple of the most that
# they do near it, and with what their correlation is less by than any there.
_NEAR, _PARTED = 48, 1.2
# Differences of neighbours count as no more than so many times the mean.
_STRONG = 4


def is_seam(picture: Grey, column: int, *, reach: int) -> bool:
    """Tell whether two pictures meet within `reach` of a column, as in a collage: most rows have a step there."""
    steps = np.median(np.abs(np.diff(picture.astype(np.int16), axis=1)), axis=0)
    near = steps[max(0, column - 1 - reach) : column + reach].max(initial=0)
    return bool(near > _SEAM * max(1, np.quantile(steps, 0.9)))


def stands_out(picture: Grey, column: int, *, reach: int) -> bool:
    """Tell whether neighbours differ more, and go along less, within `reach` of a column than anywhere near it."""
    first = max(0, column - _NEAR)
    near = picture[:, first : column + _NEAR].astype(np.float32)
    seam = column - first - 1
    steps = np.abs(np.diff(near, axis=1))
    # The edge of a thing is strong and short, and a seam runs along the whole column.
    differ = np.minimum(steps, _STRONG * steps.mean()).mean(axis=0)
    down = np.diff(near, axis=0)
    square = (down**2).sum(axis=0) + len(down)
    agree = (down[:, 1:] * down[:, :-1]).sum(axis=0) / np.sqrt(square[1:] * square[:-1])
    there = slice(max(0, seam - reach), seam + reach + 1)
    elsewhere = np.abs(np.arange(len(differ)) - seam) > 2
    more = differ[there].max() / max(1, differ[elsewhere].max())
    return bool(more + agree[elsewhere].min() - agree[there].min() > _PARTED)


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
    """Return the differences from row to row: a plain sky is the same on both sides of any column."""
    return np.diff(picture.astype(np.float32), axis=0)
