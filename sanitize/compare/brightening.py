"""Finds by how much small pictures are brighter than others: what is lighter than white is cut off, of each colour by itself.

That leaves strong colours less bright than others, so that luma alone does not tell a brighter drawing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sanitize.compare.look import BLACK_TO, WHITE_FROM, YCC_OF_RGB
from sanitize.compare.places import WHITE

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

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
# Levels by which what is cut off as a copy would be may differ from it on average, once it is as bright by gain or lift: copies
# with fine print on white and light grey do by 0.6.
_MOST_LEFT_IF_CUT = 2.0
# Only where in such a share of a picture that is darker, or lighter, by so many levels than the means that are cut off is there
# fine print: in screenshots and pages in 0.14 and more. A lone thing on white, along whose border alone that is so, may as well
# be one in a lighter grey.
_FINE, _FINE_PRINT = 0.1, 3.0
# What is cut off has no levels beyond these, but for what reducing adds along edges.
_DARKEST = 16.0
# Levels by which copies differ anyway.
_ROUNDING = 2.0


class Brighter(NamedTuple):
    """How much brighter pictures are than others: `gain` times, or by `lift` levels; 1 and 0 of those that are no such copies."""

    gain: Floats
    lift: Floats

    def of(self, rows: Rows | Bools) -> Brighter:
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
    way = way._replace(**{"lift" if lifted else "gain": _fitted(dark, target, lifted=lifted)})
    left, without = np.abs(target - apply(dark, way)).mean(axis=1), np.abs(target - _luma(dark)).mean(axis=1)
    meant = (left <= _MOST_LEFT * without) & (way.much > 0) & (way.gain <= _MOST) & (way.lift <= _MOST_LIFT)
    tried, way = tried[meant], way.of(meant)
    kept = (_raised(channels[darker[tried]], way) < _LIGHTEST).all(axis=1).mean(axis=1)
    meant = (kept >= (_LEAST_KEPT_IF_LIFTED if lifted else _LEAST_KEPT)) & (kept < 1)
    found.gain[tried[meant]], found.lift[tried[meant]] = way.of(meant)
    return found


def cut(luma: Floats, cut_off: Floats, kept: Rows, changed: Rows, *, brighter: bool) -> tuple[Floats, Bools]:
    """Return pictures, `kept`, that are cut off and as bright as others, `changed`, and whether these may be such copies.

    Pictures are pictures × side × side, those that are cut off as `look.Looks` has them, and `kept` and `changed` their rows.
    """
    shown, target = cut_off[kept], luma[changed]
    # What is cut off is white or black then, whether the rest was multiplied or lifted.
    ways = [shown * (_LIGHTEST / WHITE_FROM), shown + (_LIGHTEST - WHITE_FROM)] if brighter else [shown - BLACK_TO]
    left = np.stack([np.abs(way - target).mean(axis=(1, 2)) for way in ways])
    best = left.argmin(axis=0)
    shown = np.stack(ways)[best, np.arange(len(best))]
    means = np.minimum(luma[kept], WHITE_FROM) if brighter else np.maximum(luma[kept], BLACK_TO)
    fine = np.abs(cut_off[kept] - means) > _FINE_PRINT
    is_copied = (left.min(axis=0) <= _MOST_LEFT_IF_CUT) & (fine.mean(axis=(1, 2)) >= _FINE)
    # A picture is cut off at one end, or at none.
    at_that_end = (cut_off[kept].max(axis=(1, 2)) < WHITE) if brighter else (cut_off[kept].min(axis=(1, 2)) > _DARKEST)
    return shown, is_copied & at_that_end


def apply(channels: Floats, by: Brighter) -> Floats:
    """Return the luma, pictures × pixels, of pictures in channels that are made so much brighter."""
    return _luma(np.minimum(_raised(channels, by), _LIGHTEST))


def _raised(channels: Floats, by: Brighter) -> Floats:
    return channels * by.gain[:, None, None] + by.lift[:, None, None]


def _fitted(dark: Floats, target: Floats, *, lifted: bool) -> Floats:
    """Return the lifts, or the gains, by which pictures in channels come closest to the luma of others.

    Found by Gauss's and Newton's steps, weighed anew in each so that they lead to the least absolute difference.
    """
    first, most = (_FIRST_LIFT, _MOST_LIFT) if lifted else (_FIRST, _MOST)
    by: Floats = np.full(len(dark), first, np.float32)
    for _ in range(_STEPS):
        raised = dark + by[:, None, None] if lifted else dark * by[:, None, None]
        left = target - _luma(np.minimum(raised, _LIGHTEST))
        slope = _luma(np.where(raised < _LIGHTEST, 1 if lifted else dark, 0).astype(np.float32, copy=False))
        # The edges of a copy that is cropped, too, are left however much brighter it is: they weigh no more than others.
        weighed = slope / np.maximum(np.abs(left), _ROUNDING)
        by += np.vecdot(left, weighed) / np.maximum(np.vecdot(slope, weighed), 1e-6)
        np.clip(by, 0, 2 * most, out=by)
    return by


def _luma(channels: Floats) -> Floats:
    return YCC_OF_RGB[0] @ channels if channels.shape[1] > 1 else channels[:, 0]
