"""Takes the colours from one of two pictures as they may have been taken from the other, which is grey."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from sanitize.compare.look import YCC_OF_RGB

Picture = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.floating[Any]]

#: What grey is made of: Rec. ITU-R BT.601, as Pillow and OpenCV have it, BT.709, as scikit-image has, and the channels' mean.
WEIGHTS = np.array([(0.299, 0.587, 0.114), (0.2126, 0.7152, 0.0722), (1 / 3, 1 / 3, 1 / 3)])

# Standard deviation of either chroma channel of a grey copy, levels: of 216 such copies, in nine formats, it is 0.07 at most, and
# in grey things before a camera, of noise of two levels, 1.3.
_MOST_TINT = 0.25


def take_colours(picture: Picture, weights: Floats) -> Picture:
    """Return a picture, rows × columns × 3, in grey, its channels weighed so."""
    grey = np.rint(picture @ weights).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def has_lost_colours(picture: Picture) -> bool:
    """Tell whether no pixel of a picture, rows × columns × 3, has a tint of its own, as a camera in colour gives to it."""
    deviations = cv2.meanStdDev(cv2.transform(picture.astype(np.float32), YCC_OF_RGB[1:]))[1]
    return bool(np.max(deviations) <= _MOST_TINT)
