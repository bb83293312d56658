"""Tells by how much colours differ beyond what those of copies do: what compression, palettes and brightness do to them.

A copy may be less saturated, as thin lines are where a JPEG has one colour for four pixels, but hardly of another hue.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

# Levels by which colours of windows differ at most, and that share of how strong they are; and by which they lie off each other's
# line of hue. Of 1,817 copies, in 37 ways, one does by more, an icon of thin lines that is cropped and of quality 40; a palette
# of 256 colours takes one photo in eleven to 4.3.
_MOST, _SHARE = 5.0, 0.2
_MOST_IN_HUE, _SHARE_IN_HUE = 4.0, 0.1
# The latter of windows that are flat in both, which have nothing but their colours: of 1,300 copies, in 22 ways, by 4.6 at most.
_MOST_IN_HUE_IF_FLAT, _SHARE_IN_HUE_IF_FLAT = 5.0, 0.05
# What a palette does it does everywhere, to and fro: all may differ by so many times more than half of them do from the usual,
# up to so many levels. Of 355 photos with 64 colours 41 differ by more than without; of 35 pairs of other things all do.
_TIMES_USUAL, _MOST_USUAL = 2.0, 4.0
# A window may lie a pixel beside.
_BESIDE = np.ones((3, 3), np.uint8)


def nearest(colours: Floats, others: Floats, places: tuple[Places, ...]) -> tuple[Floats, Floats]:
    """Return colours, × 2, and each time what comes nearest to them of `others`, rows × columns × 2, around their `places`."""
    return colours, np.clip(colours, cv2.erode(others, _BESIDE)[places], cv2.dilate(others, _BESIDE)[places])


def beyond(one: Floats, other: Floats, flat: Bools) -> Floats:
    """Return by how many levels pairs of colours, × 2, differ beyond what those of copies do: 0 and less where they may be such.

    `flat` are those of windows that show nothing else.
    """
    strong = np.maximum(np.hypot(*one.T), np.hypot(*other.T))
    across = np.abs(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]) / np.maximum(strong, 1)
    differ = one - other
    apart = np.abs(differ).max(axis=1)
    most_across = np.where(
        flat,
        _MOST_IN_HUE_IF_FLAT + _SHARE_IN_HUE_IF_FLAT * strong,
        _MOST_IN_HUE + _SHARE_IN_HUE * strong,
    )
    to_and_fro = np.abs(differ - np.median(differ, axis=0)).max(axis=1)
    usual = min(_TIMES_USUAL * float(np.median(to_and_fro)), _MOST_USUAL)
    return np.asarray(np.maximum(apart - _MOST - _SHARE * strong, across - most_across) - usual)
