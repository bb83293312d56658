"""Makes the darker one of two pictures as bright as the other, with white, or black, cut off likewise."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sanitize.compare.look import WHITE_FROM

Picture = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.floating[Any]]

# Levels by which most windows are brighter in one picture of two, and none is much darker, where it was made brighter.
_AS_BRIGHT = 3.0
# By what it may have been multiplied, or how many levels lifted; and shares of pixels below the levels that tell.
_GAINS, _LIFTS, _QUANTILES = np.arange(1, 3, 0.02), np.arange(0, 128, 2), np.linspace(0.005, 0.995, 199)
# By more than this black ink would be as light as coloured ink.
_MOST_GAIN_OF_INK = 1.3
# Where so large a share of the darker picture is as light as what is cut off, means of fine print on it do not tell how bright a
# copy is there: each pixel does.
_LIGHT = 0.25


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


def tone(darker: Picture, brighter: Picture, *, is_ink: bool = False) -> Picture:
    """Return a picture multiplied or lifted so that its levels are most like those of a brighter one.

    With `is_ink`, where what they differ by may be the ink of a drawing, it is multiplied by little, and not lifted.
    """
    levels = [
        np.searchsorted(np.cumsum(np.bincount(each.ravel(), minlength=256)) / each.size, _QUANTILES)
        for each in (darker, brighter)
    ]
    gains, lifts = (_GAINS[_GAINS <= _MOST_GAIN_OF_INK], _LIFTS[:1]) if is_ink else (_GAINS, _LIFTS)
    ways = np.concatenate([np.outer(gains, np.arange(256)), np.add.outer(lifts, np.arange(256))]).clip(0, 255)
    best = np.argmin(np.abs(ways[:, levels[0]] - levels[1]).sum(axis=1))
    return np.asarray(ways[best].round(), np.uint8)[darker]
