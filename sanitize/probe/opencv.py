"""OpenCV's answers: whether it decodes a file, and as what."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def decodes(data: bytes) -> bool:
    """Tell whether OpenCV gives a picture."""
    return read(data) is not None


def unchanged(data: bytes) -> tuple[tuple[int, ...], str] | None:
    """Return shape and dtype of what `read` gives."""
    picture = read(data)
    return None if picture is None else (picture.shape, str(picture.dtype))


def read(data: bytes) -> npt.NDArray[Any] | None:
    """Return the picture as `IMREAD_UNCHANGED` gives it: rows × columns, or with B, G, R and alpha; None where there is none.

    Raises MemoryError.
    """
    try:
        return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        if error.code == cv2.Error.StsNoMem:
            raise MemoryError from error
        return None
