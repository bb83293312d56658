"""Takes the colours from one of two pictures as they may have been taken from the other, which is grey."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.floating[Any]]

#: What grey is made of: Rec. ITU-R BT.601, as Pillow and OpenCV have it, BT.709, as scikit-image has, and the channels' mean.
WEIGHTS = np.array([(0.299, 0.587, 0.114), (0.2126, 0.7152, 0.0722), (1 / 3, 1 / 3, 1 / 3)])


def take_colours(picture: Picture, weights: Floats) -> Picture:
    """Return a picture, rows × columns × 3, in grey, its channels weighed so."""
    grey = np.rint(picture @ weights).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)
