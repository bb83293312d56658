"""Takes from two pictures what both show, where the one is cropped, to fractions of a pixel.

Lines of small text are a few pixels apart: half a pixel beside they hardly correlate. Evangelidis and Psarakis, IEEE Transactions
on Pattern Analysis and Machine Intelligence 2008.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.floating[Any]]

# Shorter side, in pixels, that is aligned; steps at most, and by how much the correlation rises in the last; pixels of its blur.
_SIDE, _STEPS, _LEAST_STEP, _BLUR = 384, 20, 1e-4, 5
# A copy is not skewed: by so much rows and columns of the whole may be, as a share of it.
_SKEWED = 0.004


def in_common(first: Picture, second: Picture, way: Floats) -> tuple[Picture, Picture] | None:
    """Return what two pictures, rows × columns × 3, have in common; None where it is not clear.

    The second one is moved by about this `way`, as `ways` has it.
    """
    rows, columns = first.shape[:2]
    scale = min(1.0, _SIDE / min(rows, columns))
    size = max(1, round(columns * scale)), max(1, round(rows * scale))
    grey = [
        cv2.cvtColor(cv2.resize(each, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
        for each in (first, second)
    ]
    # From columns and rows of the first picture to those of the second, pixels.
    stretch, lengths = 1 + way[::-1, 1], np.array(size)
    begin = (way[::-1, 0] + (1 - stretch) / 2) * lengths + (stretch - 1) / 2
    matrix = np.asarray(np.column_stack([np.diag(stretch), begin]), np.float32)
    everywhere = np.full(grey[0].shape, 255, np.uint8)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, _STEPS, _LEAST_STEP)
    try:
        _alike, found = cv2.findTransformECC(grey[0], grey[1], matrix, cv2.MOTION_AFFINE, criteria, everywhere, _BLUR)
    except cv2.error:  # it does not converge
        return None
    matrix = np.asarray(found, np.float64)
    if max(abs(matrix[0, 1]), abs(matrix[1, 0])) > _SKEWED:
        return None
    stretch = matrix[[0, 1], [0, 1]]
    begin = (matrix[:, 2] + (1 - stretch) / 2 + matrix[[0, 1], [1, 0]] * lengths[::-1] / 2) / lengths
    # In lengths of either picture.
    starts = np.maximum(0, -begin / stretch)
    ends = np.minimum(1, (1 - begin) / stretch)
    return _part(first, starts, ends), _part(second, begin + stretch * starts, begin + stretch * ends)


def _part(picture: Picture, starts: Floats, ends: Floats) -> Picture:
    """Return a part of a picture, columns and rows in lengths of it; what is a part of a pixel is interpolated."""
    lengths = np.array(picture.shape[1::-1])
    first, size = starts * lengths, np.maximum(1, np.rint((ends - starts) * lengths)).astype(int)
    scale = (ends - starts) * lengths / size
    matrix = np.column_stack([np.diag(scale), first + (scale - 1) / 2])
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpAffine(picture, matrix, tuple(size.tolist()), flags=how, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )
