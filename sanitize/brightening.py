"""Finds by how much small pictures are brighter than others: what is lighter than white is cut off, of each colour by itself.

That leaves strong colours less bright than others, so that luma alone does not tell a brighter drawing.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sanitize.look import YCC_OF_RGB
from sanitize.places import WHITE

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

_RGB_OF_YCC = np.linalg.inv(YCC_OF_RGB)
_LIGHTEST = 255.0
# A brighter copy is so much brighter at most, and at least on average: where nearly all is white it differs by no more than
# other copies. In so large a share of it nothing is cut off, and so much of what it differs by brightness does not explain.
_MOST, _LEAST_ON_AVERAGE, _LEAST_KEPT, _MOST_LEFT = 1.3, 1.005, 0.02, 0.75
# One in so many pixels, of all rows and columns, tells by how much: from a gain on, in so many steps.
_STRIDE, _FIRST, _STEPS = 5, 1.15, 3
# Levels by which copies differ anyway.
_ROUNDING = 2.0


def in_channels(luma: Floats, colour: Floats | None) -> Floats:
    """Return pictures, pictures × channels × pixels, in channels that are cut off each: red, green, blue, or luma alone.

    `luma` is pictures × side × side, and `colour` as `look.Looks` has it.
    """
    count, side, _side = luma.shape
    flat = luma.reshape(count, 1, side * side)
    if colour is None:
        return flat
    cell = side // colour.shape[1]
    beyond = np.moveaxis(colour @ _RGB_OF_YCC[:, 1:].T, 3, 1).repeat(cell, axis=2).repeat(cell, axis=3)
    return flat + beyond.reshape(count, -1, side * side)


def find(channels: Floats, darker: Rows, brighter: Rows) -> Floats:
    """Return by how much pictures are brighter than others, by their rows in `channels`; 0 where they are no such copies.

    Found by Gauss's and Newton's steps, weighed anew in each so that they lead to the least absolute difference.
    """
    found = np.zeros(len(darker), np.float32)
    mean = np.maximum(_luma(channels).mean(axis=1), 1)
    is_white = (channels.max(axis=2) >= WHITE).any(axis=1)
    by = mean[brighter] / mean[darker]
    tried = np.flatnonzero((by >= _LEAST_ON_AVERAGE) & (by <= _MOST) & is_white[brighter])
    dark, target = channels[darker[tried], :, ::_STRIDE], _luma(channels[brighter[tried], :, ::_STRIDE])
    gain: Floats = np.full(len(tried), _FIRST, np.float32)
    for _ in range(_STEPS):
        left, slope = target - apply(dark, gain), _luma(np.where(dark * gain[:, None, None] < _LIGHTEST, dark, 0))
        # The edges of a copy that is cropped, too, are left however much brighter it is: they weigh no more than others.
        weighed = slope / np.maximum(np.abs(left), _ROUNDING)
        gain += np.vecdot(left, weighed) / np.maximum(np.vecdot(slope, weighed), 1e-6)
        np.clip(gain, 0, 2 * _MOST, out=gain)
    left, without = (np.abs(target - apply(dark, by)).mean(axis=1) for by in (gain, np.ones_like(gain)))
    meant = (gain > 1) & (gain <= _MOST) & (left <= _MOST_LEFT * without)
    tried, gain = tried[meant], gain[meant]
    kept = (channels[darker[tried]] * gain[:, None, None] < _LIGHTEST).all(axis=1).mean(axis=1)
    found[tried] = np.where((kept >= _LEAST_KEPT) & (kept < 1), gain, 0)
    return found


def apply(channels: Floats, gain: Floats) -> Floats:
    """Return the luma, pictures × pixels, of pictures in channels that are made so much brighter, one gain for each."""
    return _luma(np.minimum(channels * gain[:, None, None], _LIGHTEST))


def _luma(channels: Floats) -> Floats:
    return YCC_OF_RGB[0] @ channels if channels.shape[1] > 1 else channels[:, 0]
