"""Tells whether two looks that agree in luma have the same colours: things on plain ground are compared closely."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from sanitize.compare import places
from sanitize.compare.look import Looks

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]

# Distance of colours, in levels, that copies have at most, and chroma below which a picture is grey: on average, and in any
# place. Of what is cropped by 2 % an edge of strong colours is off by a sixth of a place.
_OVER: tuple[Callable[..., Any], ...] = (np.mean, np.max)
_MOST_COLOUR, _LEAST_CHROMA = (10.0, 40.0), (4.0, 12.0)
# The latter of things on plain ground, but along edges, once the one are as much stronger or weaker as copies are; and where they
# are so light that brightness cuts colours off. Of 11,156 copies of photos and drawings, in 24 ways, none differs by more but
# those that are grey.
_MOST_OF_THINGS, _SHARE_OF_EDGE, _MOST_STRONGER = 7.0, 0.2, 1.5
_LIGHT, _MOST_IF_LIGHT = 208.0, 12.0
# What is smooth has nothing but its levels and its colours: copies have the same colours but for so much, on average and in any
# place. Of 54 such pictures, saved anew, scaled, cropped or with 64 colours, none differs by more than 1.2 and 3.5.
_MOST_IF_SMOOTH = (1.5, 4.0)
# Sides of the places in which colours are compared, as parts of the picture's.
_PLACES = 8


def agree(colour: Floats, one: Rows, other: Rows) -> Bools:
    """Return whether pairs of looks, by their rows, have the same colours, on average and in any place, or one has none."""
    colour = _in_places(colour)
    strong = _strong(colour)
    apart = np.abs(colour[one] - colour[other]).mean(axis=3)
    same: Bools = np.ones(len(one), np.bool_)
    for over, most, grey, chroma in zip(_OVER, _MOST_COLOUR, _LEAST_CHROMA, strong, strict=True):
        same &= (over(apart, axis=(1, 2)) <= most) | (np.minimum(chroma[one], chroma[other]) < grey)
    return same


def compare_things(looks: Looks, smooth: Bools, one: Rows, other: Rows) -> tuple[Bools, Bools]:
    """Return whether pairs of looks, by their rows, have the same colours in every place, and whether one of them has none.

    `smooth` tells which looks have no more detail than a gradient.
    """
    colour = _in_places(looks.colour)
    light = _in_places(looks.luma[..., None])[..., 0] >= _LIGHT
    is_grey = _are_grey(colour)
    edges = np.stack([places.ranges(channel) for channel in np.moveaxis(colour, 3, 0)]).mean(axis=0)
    # Half of what the other is stronger by each, so that it does not matter which comes first.
    strong = (np.vecdot(colour, colour) + 1e-3)[..., None]
    half = np.clip(strong[other] / strong[one], _MOST_STRONGER**-2, _MOST_STRONGER**2) ** np.float32(0.25)
    apart = np.abs(colour[other] / half - half * colour[one]).mean(axis=3)
    apart -= _SHARE_OF_EDGE * np.maximum(edges[one], edges[other])
    most = np.where(light[one] | light[other], _MOST_IF_LIGHT, _MOST_OF_THINGS)
    same = (apart <= most).all(axis=(1, 2))
    are_smooth = np.flatnonzero(smooth[one] | smooth[other])
    apart = np.abs(colour[one[are_smooth]] - colour[other[are_smooth]]).mean(axis=3)
    same[are_smooth] &= _all_at_most(apart, _MOST_IF_SMOOTH)
    return same, is_grey[one] | is_grey[other]


def _all_at_most(apart: Floats, most: tuple[float, float]) -> Bools:
    """Tell of which pairs the places are no more apart, on average and in any place."""
    limits = zip(_OVER, most, strict=True)
    return np.asarray(np.all([over(apart, axis=(1, 2)) <= limit for over, limit in limits], axis=0))


def _in_places(pictures: Floats) -> Floats:
    """Return the means of pictures, pictures × side × side × channels, in places of a grid."""
    count, side, _side, channels = pictures.shape
    cell = side // _PLACES
    means: Floats = pictures.reshape(count, _PLACES, cell, _PLACES, cell, channels).mean(axis=(2, 4))
    return means


def _are_grey(colour: Floats) -> Bools:
    strong = zip(_strong(colour), _LEAST_CHROMA, strict=True)
    return np.asarray(np.all([chroma < least for chroma, least in strong], axis=0))


def _strong(colour: Floats) -> list[Floats]:
    """Return how strong the colours of each look are, on average and in any place."""
    chroma = np.abs(colour).mean(axis=3)
    return [over(chroma, axis=(1, 2)) for over in _OVER]
