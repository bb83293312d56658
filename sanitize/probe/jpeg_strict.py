"""Strict decoding of a JPEG: libjpeg's warnings count as errors."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import simplejpeg

from sanitize.probe.seen import LEAST_DETAILED, SHORTER_SIDE, detail_side

T = TypeVar("T")

# libjpeg's warnings (its `jerror.h`, JWRN_*): it goes on decoding, and what it decodes may be anything.
_WARNING = re.compile(
    r"Corrupt JPEG data|Premature end of JPEG|Inconsistent progression|Invalid SOS parameters"
    r"|Unknown Adobe color|unknown JFIF revision"
)
# What the reader does not do, of files that may be sound.
_LIMIT = re.compile(
    r"Could not determine subsampling|Unsupported (?:color conversion|JPEG process|JPEG data precision|marker type)"
    r"|DNL not supported|Too many color components|Insufficient memory|Suspension not allowed|precision"
    r"|Maximum supported image dimension"
)
_FUNCTION = re.compile(r"^\w+\(\): ")
#: Those of them that cost pixels.
LOST_DATA = re.compile(r"Corrupt JPEG data|Premature end of JPEG")


class Reading(NamedTuple):
    """What came of a strict decode: a reduced picture, or libjpeg's complaint, or why it cannot tell.

    The picture is grey, rows × columns × 1; of a CMYK picture not stored as luma and colour it is CMYK, × 4.
    """

    picture: npt.NDArray[np.uint8] | None
    complaint: str | None
    limit: str | None

    @property
    def fatal(self) -> bool:
        """Whether the complaint is an error, over which decoding stops anyway, and no warning."""
        return self.complaint is not None and _WARNING.search(self.complaint) is None


def read(data: bytes, *, shorter: int = 0) -> Reading:
    """Decode `data` strictly, reduced as far as leaves its detail; `shorter` is its shorter side, 0 where that is unknown.

    libjpeg is fastest at an eighth, a quarter, a half and in full.
    """
    least = SHORTER_SIDE
    if shorter >= LEAST_DETAILED:
        sides, wanted = (-(-shorter // scale) for scale in (8, 4, 2)), detail_side(shorter)
        least = next(side for side in sides if side >= wanted)
    reading = _decode(data, "GRAY", least)
    if reading.limit == "Unsupported color conversion request":
        return _decode(data, "CMYK", least)
    return reading


def listen(decode: Callable[[], T], warning: re.Pattern[str] = _WARNING) -> tuple[T, str | None]:
    """Return what `decode` does, and the first `warning`, if any, that goes to the process' standard error meanwhile.

    OpenCV takes sampling factors that the strict reader refuses, and lets libjpeg print its first warning; libtiff
    prints what it makes good.
    """
    try:
        kept = os.dup(2)
    except OSError:  # there is no standard error to listen to
        return decode(), None
    heard, written = os.pipe()
    try:
        # Nobody reads meanwhile, so a full pipe must not stop the writer.
        if hasattr(os, "set_blocking"):  # on Windows from Python 3.12 on
            os.set_blocking(written, False)
        os.dup2(written, 2)
        try:
            result = decode()
        finally:
            os.dup2(kept, 2)
            os.close(written)
        lines = os.read(heard, 65_536).decode("ascii", "replace").splitlines()
    finally:
        os.close(heard)
        os.close(kept)
    return result, next((line for line in lines if warning.search(line)), None)


def _decode(data: bytes, colors: str, least: int) -> Reading:
    try:
        picture = simplejpeg.decode_jpeg(
            data, colors, strict=True, min_height=least, min_width=least, fastupsample=True
        )
    except ValueError as error:
        words = _FUNCTION.sub("", str(error))
        if _LIMIT.search(words) and not _WARNING.search(words):
            return Reading(None, None, words)
        return Reading(None, words, None)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a decoder may raise anything over a damaged file
        # It is not libjpeg that speaks: the reader itself cannot, which says nothing about the file.
        return Reading(None, None, f"{type(error).__name__}: {error}")
    return Reading(picture, None, None)
