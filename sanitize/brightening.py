"""Finds by how much small pictures are brighter than others: what is lighter than white is cut off, of each colour by itself.

That leaves strong colours less bright than others, so that luma alone does not tell a brighter drawing.
"""

from __future__ import annotations

from typing import NamedTuple

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
# It may be lifted by so many levels instead, as some programs understand brightness: a fifth of all are 51. So is a thing in a
# lighter grey on white ground: of a copy more is left.
_MOST_LIFT, _FIRST_LIFT, _MIDDLE = 56.0, 32.0, 128.0
_LEAST_KEPT_IF_LIFTED = 0.5
# One in so many pixels, of all rows and columns, tells by how much: from a gain on, in so many steps.
_STRIDE, _FIRST, _STEPS = 5, 1.15, 3
# Levels by which copies differ anyway.
_ROUNDING = 2.0


class Brighter(NamedTuple):
    """How much brighter pictures are than others: `gain` times, or by `lift` levels; 1 and 0 of those that are no such copies."""

    gain: Floats
    lift: Floats

    def of(self, rows: Rows) -> Brighter:
        """Return it of some pictures."""
        return Brighter(self.gain[rows], self.lift[rows])

    @property
    def much(self) -> Floats:
        """How much that is, as a share; a lift is one of a middle grey."""
        return self.gain - 1 + self.lift / _MIDDLE


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


def find(channels: Floats, darker: Rows, brighter: Rows, *, lifted: bool) -> Brighter:
    """Return by how much pictures are brighter than others, by their rows in `channels`: all of them by gain, or all `lifted`."""
    found = Brighter(np.ones(len(darker), np.float32), np.zeros(len(darker), np.float32))
    mean = np.maximum(_luma(channels).mean(axis=1), 1)
    is_white = (channels.max(axis=2) >= WHITE).any(axis=1)
    by, more = mean[brighter] / mean[darker], mean[brighter] - mean[darker]
    in_reach = more <= _MOST_LIFT if lifted else by <= _MOST
    tried = np.flatnonzero((by >= _LEAST_ON_AVERAGE) & in_reach & is_white[brighter])
    dark, target = channels[darker[tried], :, ::_STRIDE], _luma(channels[brighter[tried], :, ::_STRIDE])
    way = found.of(tried)
    way = way._replace(lift=_lift(dark, target)) if lifted else way._replace(gain=_gain(dark, target))
    left, without = np.abs(target - apply(dark, way)).mean(axis=1), np.abs(target - _luma(dark)).mean(axis=1)
    meant = (left <= _MOST_LEFT * without) & (way.much > 0) & (way.gain <= _MOST) & (way.lift <= _MOST_LIFT)
    tried, way = tried[meant], way.of(np.flatnonzero(meant))
    kept = (_raised(channels[darker[tried]], way) < _LIGHTEST).all(axis=1).mean(axis=1)
    meant = (kept >= (_LEAST_KEPT_IF_LIFTED if lifted else _LEAST_KEPT)) & (kept < 1)
    found.gain[tried[meant]], found.lift[tried[meant]] = way.of(np.flatnonzero(meant))
    return found


def apply(channels: Floats, by: Brighter) -> Floats:
    """Return the luma, pictures × pixels, of pictures in channels that are made so much brighter."""
    return _luma(np.minimum(_raised(channels, by), _LIGHTEST))


def _raised(channels: Floats, by: Brighter) -> Floats:
    return channels * by.gain[:, None, None] + by.lift[:, None, None]


def _gain(dark: Floats, target: Floats) -> Floats:
    """Return the gains by which pictures in channels come closest to the luma of others."""
    gain: Floats = np.full(len(dark), _FIRST, np.float32)
    for _ in range(_STEPS):
        gain += _step(dark * gain[:, None, None], dark, target)
        np.clip(gain, 0, 2 * _MOST, out=gain)
    return gain


def _lift(dark: Floats, target: Floats) -> Floats:
    """Return the lifts likewise."""
    lift: Floats = np.full(len(dark), _FIRST_LIFT, np.float32)
    for _ in range(_STEPS):
        lift += _step(dark + lift[:, None, None], np.ones_like(dark), target)
        np.clip(lift, 0, 2 * _MOST_LIFT, out=lift)
    return lift


def _step(raised: Floats, slope: Floats, target: Floats) -> Floats:
    """Return a step of Gauss's and Newton's, weighed so that several lead to the least absolute difference."""
    left, slope = target - _luma(np.minimum(raised, _LIGHTEST)), _luma(np.where(raised < _LIGHTEST, slope, 0))
    # The edges of a copy that is cropped, too, are left however much brighter it is: they weigh no more than others.
    weighed = slope / np.maximum(np.abs(left), _ROUNDING)
    step: Floats = np.vecdot(left, weighed) / np.maximum(np.vecdot(slope, weighed), 1e-6)
    return step


def _luma(channels: Floats) -> Floats:
    return YCC_OF_RGB[0] @ channels if channels.shape[1] > 1 else channels[:, 0]
