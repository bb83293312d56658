"""Moves small pictures onto others as far as cropping moves them: shifted, and stretched along rows and columns.

Lucas and Kanade, IJCAI 1981, with four parameters beside brightness and contrast; it is the other picture that is linearised,
once for all that are moved onto it: Baker and Matthews, CVPR 2001.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from sanitize.compare.look import SIDE

Floats = npt.NDArray[np.float32]

_STEPS, _BORDER = 3, 2
# Parts of a pixel to which places are told when a picture is moved.
_FRACTIONS = 64
# Most shift and stretch, as shares of the side: cropping by 2 % on each side stretches by 4 %, and estimates of it are
# off by up to 1.5 %.
_MOST_SHIFT, _MOST_STRETCH = 0.025, 0.06


def inner(pictures: Floats) -> Floats:
    """Return pictures, pictures × side × side, without the border that is not there once others are moved onto them."""
    return pictures[:, _BORDER:-_BORDER, _BORDER:-_BORDER]


def solvers(pictures: Floats) -> Floats:
    """Return what it takes to move others onto pictures: pictures × 6 × inner pixels, for each what finds a move by another."""
    parts = inner(pictures)
    place = _places()
    # What a pixel is made of: the picture there, a level, and how it changes downwards and across.
    causes = np.ones((len(pictures), 6, *parts.shape[1:]), np.float32)
    causes[:, 0] = parts
    causes[:, 2] = (pictures[:, 3:-1, 2:-2] - pictures[:, 1:-3, 2:-2]) / 2
    causes[:, 3] = (pictures[:, 2:-2, 3:-1] - pictures[:, 2:-2, 1:-3]) / 2
    causes[:, 4] = place[:, None] * causes[:, 2]
    causes[:, 5] = place * causes[:, 3]
    system = causes.reshape(len(pictures), 6, -1)
    normal = (system @ system.swapaxes(1, 2)).astype(np.float64)
    normal += np.eye(6) * 1e-6 * np.trace(normal, axis1=1, axis2=2)[:, None, None]
    found: Floats = np.linalg.inv(normal).astype(np.float32) @ system
    return found


def align(moving: Floats, onto: Floats) -> tuple[Floats, Floats]:
    """Return the inner parts of pictures moved onto others, whose `solvers` these are, and what share it took of what it may."""
    # Rows, columns: by how much places are stretched, and by how many pixels they are shifted.
    stretch: Floats = np.zeros((2, len(moving)), np.float32)
    shift: Floats = np.zeros((2, len(moving)), np.float32)
    moved = inner(moving)
    for _ in range(_STEPS):
        solved = (onto @ moved.reshape(len(moving), -1, 1))[..., 0].T
        gain = np.maximum(solved[0], 0.2)
        # The other picture would have to be moved so; this one is moved the other way.
        scale = (1 + stretch) / (1 + solved[4:6] / gain)
        shift = np.clip(shift - scale * (solved[2:4] / gain), -2 * _MOST_SHIFT * SIDE, 2 * _MOST_SHIFT * SIDE)
        stretch = np.clip(scale - 1, -2 * _MOST_STRETCH, 2 * _MOST_STRETCH)
        moved = _moved(moving, stretch, shift)
    much = np.maximum(np.abs(shift).max(axis=0) / (_MOST_SHIFT * SIDE), np.abs(stretch).max(axis=0) / _MOST_STRETCH)
    return moved, much


def _moved(pictures: Floats, stretch: Floats, shift: Floats) -> Floats:
    """Return the inner parts of pictures that are stretched and shifted along rows and columns."""
    places = (1 + stretch[..., None]) * _places() + shift[..., None] + np.float32((SIDE - 1) / 2)
    rows, columns = _resampling()[np.rint(np.clip(places, 0, SIDE - 1) * _FRACTIONS).astype(np.int32)]
    moved: Floats = rows @ pictures @ columns.swapaxes(1, 2)
    return moved


def _places() -> Floats:
    """Return where the pixels of an inner part are, from the middle."""
    return np.arange(_BORDER, SIDE - _BORDER, dtype=np.float32) - np.float32((SIDE - 1) / 2)


@cache
def _resampling() -> Floats:
    """Return the weights of a line of pixels at all fractions of them, by cubic convolution (Keys 1981, a = -1/2)."""
    places = np.arange((SIDE - 1) * _FRACTIONS + 1)[:, None] / _FRACTIONS
    apart = np.abs(places - np.arange(SIDE))
    near = (1.5 * apart - 2.5) * apart**2 + 1
    far = ((-0.5 * apart + 2.5) * apart - 4) * apart + 2
    weights = np.where(apart <= 1, near, np.where(apart < 2, far, 0))
    weights /= weights.sum(axis=1, keepdims=True)
    return np.asarray(weights, np.float32)
