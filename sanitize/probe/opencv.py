"""OpenCV's answers: whether it decodes a file, and as what."""

from __future__ import annotations

import cv2
import numpy as np

cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def decodes(data: bytes) -> bool:
    """Tell whether OpenCV gives a picture."""
    return unchanged(data) is not None


def unchanged(data: bytes) -> tuple[tuple[int, ...], str] | None:
    """Return shape and dtype of the picture as `IMREAD_UNCHANGED` gives it; None where OpenCV gives none. Raises MemoryError."""
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        if error.code == cv2.Error.StsNoMem:
            raise MemoryError from error
        return None
    return None if picture is None else (picture.shape, str(picture.dtype))
