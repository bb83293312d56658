"""Makes the darker one of two pictures as bright as the other, with white, or black, cut off likewise."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sanitize.compare.look import WHITE_FROM

Picture = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.floating[Any]]

# Levels by which most windows are brighter in one picture of two, and none is much darker, where it was made brighter.
_AS_BRIGHT = 3.0
# Shares of pixels below the levels that tell.
_QUANTILES = np.linspace(0.005, 0.995, 199)
# Where so large a share of the darker picture is as light as what is cut off, means of fine print on it do not tell how bright a
# copy is there: each pixel does.
_LIGHT = 0.25


class Reach(NamedTuple):
    """By what a picture may have been multiplied, or how many levels lifted, at most, to be as bright as another."""

    gain: float
    lift: int


#: Of what a photo is taken for.
ANY = Reach(2.98, 126)
#: Of a drawing whose ground is as light: one that is brighter by much more than a fifth is in another ink.
ON_THE_GROUND = Reach(1.3, 52)
#: By more than this black ink would be as light as coloured ink.
OF_INK = Reach(1.3, 0)


def find_darker(first: Floats, second: Floats) -> int | None:
    """Return which of two pictures, 0 or 1, is darker, by the means of its windows; None where neither is on the whole."""
    lighter = np.quantile(first - second, [0.25, 0.75])
    if max(abs(lighter)) <= _AS_BRIGHT or (min(lighter) < -1 and max(lighter) > 1):
        # Of a page no more than what is printed on it may have another level.
        beyond = np.quantile(first - second, [0.02, 0.98])
        is_light = max(abs(beyond)) > _AS_BRIGHT and (beyond[0] >= -1 or beyond[1] <= 1)
        if not is_light or np.median(np.minimum(first, second)) < WHITE_FROM:
            return None
        lighter = beyond
    return int(max(lighter) > 1)


def is_light(picture: Picture) -> bool:
    """Tell whether so much of a picture is light that its pixels tell, and not their means, how bright a copy is."""
    return bool((picture.min(axis=2) >= WHITE_FROM).mean() >= _LIGHT)


def tone(darker: Picture, brighter: Picture, reach: Reach) -> Picture:
    """Return a picture multiplied or lifted, in some reach, so that its levels are most like those of a brighter one."""
    levels = [
        np.searchsorted(np.cumsum(np.bincount(each.ravel(), minlength=256)) / each.size, _QUANTILES)
        for each in (darker, brighter)
    ]
    gains, lifts = np.arange(1, reach.gain + 0.01, 0.02), np.arange(0, reach.lift + 1, 2)
    ways = np.concatenate([np.outer(gains, np.arange(256)), np.add.outer(lifts, np.arange(256))]).clip(0, 255)
    best = np.argmin(np.abs(ways[:, levels[0]] - levels[1]).sum(axis=1))
    return np.asarray(ways[best].round(), np.uint8)[darker]
