"""Looks at a picture again, in full and in colour: runs in a child, one file a call."""

from __future__ import annotations

import hashlib
import os

import numpy as np
import numpy.typing as npt

from sanitize.errors import EXHAUSTED
from sanitize.probe import seen

#: Side of the small picture that a look keeps, in pixels.
SIDE = 16


def look(
    item: tuple[bytes, str | None, str | None, int | None], *, root: bytes
) -> dict[str, str | bytes | None] | None:
    """Return `pixels` and `look` of one file; None where it cannot be read or decoded.

    `item` is its path relative to `root`, its content, mode and orientation as in the facts. `pixels` is a digest of
    the size and of all pixels as seen, in 8-bit RGB, so that it is the same whatever format holds them. `look` is the
    picture averaged to 16 × 16 × 3 values, little-endian float16. Raises MemoryError, and OSError where this process
    has used up what it may have.
    """
    path, content, mode, orientation = item
    try:
        with open(os.path.join(root, path), "rb") as file:
            data = file.read()
    except OSError as error:
        if error.errno in EXHAUSTED:
            raise
        return None
    picture = seen.rgb(data, {"content": content, "mode": mode, "orientation": orientation})
    if picture is None or not picture.size:
        return None
    picture = np.ascontiguousarray(picture)
    digest = hashlib.sha256(repr(picture.shape).encode() + picture.tobytes(), usedforsecurity=False)
    return {"pixels": digest.hexdigest()[:32], "look": _averaged(picture).astype("<f2").tobytes()}


def _averaged(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return a picture, rows × columns × 3, averaged over areas to SIDE × SIDE × 3."""
    from sanitize.probe.batch import areas

    rows, columns, channels = picture.shape
    # A band of rows at a time: the whole picture as floats is four times as large.
    narrow = np.empty((rows, SIDE, channels), np.float32)
    matrix = areas(columns, SIDE)
    for start in range(0, rows, 256):
        band = picture[start : start + 256].astype(np.float32)
        narrow[start : start + 256] = np.einsum("sc,rck->rsk", matrix, band, optimize=True)
    averaged: npt.NDArray[np.float32] = np.einsum("tr,rsk->tsk", areas(rows, SIDE), narrow, optimize=True)
    return averaged
