"""Reads the QR codes of a picture, in the first of its versions that shows any."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import zxingcpp

from sanitize.probe.batch import Batch, Grey
from sanitize.probe.code_places import Code, place, share
from sanitize.probe.code_texture import CLOSELY, MIDDLING, SMALL, Suspect, halved
from sanitize.probe.seen import LARGE_DETAIL_SIDE, LEAST_DETAILED, shorter_of
from sanitize.texts import cut

# A picture that changes so much on the whole is looked at smoothed, too.
_SMOOTHED = 72.0
# Detail from which on a small code is looked for as closely as where the whole changes much.
_DETAIL_CLOSELY = 45.0
# Dots in place of modules are joined by means of so many pixels: of 216 codes of dots, most with round eyes, photographed at an
# angle of 10 to 45 degrees, and read in no other version, that reads 87.
_DOTS, _LARGE_DOTS = 5, 9
# Shorter sides at which codes are looked for first; a larger picture is a photograph of one.
_FIRST_SIDE, _LARGEST_SIDE = 300, 1400
_SMALL_SIDE = 220
# From such a share of the picture's area on it does not matter whether there are more.
_LARGE_SHARE = 0.25
# Side of a pixel's surroundings, pixels, and how much more clearly it is told what differs from them.
_AROUND, _SHARPER = 15, 4.0
# The square root of each level, so that a shade of a third, say, is one of nearly six tenths.
_LIGHTER = np.rint(np.sqrt(np.arange(256) * 255.0)).astype(np.uint8)
# Noise of independent pixels keeps half of its contrast when squares of 2 pixels are averaged, and up to 0.505 once it is a JPEG;
# photographs keep 0.8 and more, and noise with a code in it, of 21 modules of 2 pixels on 640 x 480, still 0.56. In a small
# picture modules may be as small as pixels.
_NOISE = 0.52
_LONGEST_TEXT = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def look(batch: Batch, suspect: Suspect) -> list[Code]:
    """Return the codes of a picture, as they are found in the first of its versions that shows any.

    Where that shows a small part of the picture to be codes, others may be too small in it, and a larger one tells.
    """
    closely = suspect.texture >= CLOSELY or suspect.detail >= _DETAIL_CLOSELY
    for picture in _versions(batch, suspect):
        found = _read(picture, closely=closely)
        if found:
            side = min(shorter_of(batch.facts[suspect.number]), 2 * _FIRST_SIDE)
            is_all = share(found) >= _LARGE_SHARE or min(picture.shape) >= side
            larger = None if is_all else batch.grey(suspect.number, shorter_side=side)
            return found if larger is None else max(found, _read(larger, closely=False), key=share)
    return []


def _versions(batch: Batch, suspect: Suspect) -> Iterator[Grey]:
    """Give versions of a picture in which a code may be read, the cheapest first."""
    number, texture, detail = suspect
    full = shorter_of(batch.facts[number])
    small = _small(batch.details[number]) if full >= LEAST_DETAILED else []
    if small and not detail:
        yield from small
        # A blurred code changes little in detail.
        yield _sharpened(_smoothly_enlarged(small[-1]))
        if texture < _SMOOTHED:
            return
    first = batch.grey(number, shorter_side=_first_side(full))
    if first is None or (full >= SMALL and _is_noise(first)):
        return
    side = min(first.shape)
    if detail:
        yield from small
    yield first
    if not detail:  # of 1,432 small codes on photos, blurred, noisy, pale or saved at quality 15 to 40, 3 needed it
        yield _sharpened(first)
    if texture >= _SMOOTHED:
        yield _smoothed(first)
        yield _lightened(first)
        if full > side:
            yield _joined(first, _DOTS)
    # In a middling picture the code is as large in full size as detail tells it.
    if texture < CLOSELY and (not detail or full < MIDDLING):
        return
    if side < _SMALL_SIDE:
        yield _enlarged(first, 3)
    if full > side:
        larger = batch.grey(number, shorter_side=min(full, _LARGEST_SIDE))
        if larger is not None:
            yield larger
            yield _smoothed(_smoothed(larger))
            yield _joined(larger, _LARGE_DOTS)
    if texture >= CLOSELY and batch.facts[number].get("mode") != "L" and full <= _LARGEST_SIDE:
        colours = batch.rgb(number)
        if colours is not None:
            for channel in range(3):
                yield np.ascontiguousarray(colours[:, :, channel])


def _small(detailed: Grey) -> list[Grey]:
    """Return what there is in detail, and before it half the size where that is enough."""
    if min(detailed.shape) < LARGE_DETAIL_SIDE:
        return [detailed]
    return [halved(detailed), detailed]


def _is_noise(picture: Grey) -> bool:
    """Tell whether no pixel of a picture is like its neighbours: no code can be read in that, and to try takes longest."""
    rows, columns = picture.shape[0] // 2, picture.shape[1] // 2
    if not rows or not columns:
        return False
    even = picture[: 2 * rows, : 2 * columns]
    contrast, left = (float(cv2.meanStdDev(part)[1][0, 0]) for part in (even, halved(even)))
    return left <= _NOISE * contrast


def _first_side(side: int) -> int:
    """Return the shorter side to look at first, of a picture of this one: libjpeg halves fast, and is slow in between."""
    while side >= 2 * _FIRST_SIDE:
        side //= 2
    return side


def _enlarged(picture: Grey, times: int) -> Grey:
    return picture.repeat(times, axis=0).repeat(times, axis=1)


def _smoothly_enlarged(picture: Grey) -> Grey:
    """Return a picture twice as large: a reader needs so many pixels of a module to find a blurred one."""
    return np.asarray(cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC))


def _sharpened(picture: Grey) -> Grey:
    """Return a picture with what differs from its surroundings told from them: a reader finds no edge in a blurred code."""
    around = cv2.blur(picture, (_AROUND, _AROUND))
    return np.asarray(cv2.addWeighted(picture, 1 + _SHARPER, around, -_SHARPER, 0))


def _smoothed(picture: Grey) -> Grey:
    """Return a picture in which each pixel is the mean of its 3 × 3 neighbours."""
    return np.asarray(cv2.blur(picture, (3, 3), borderType=cv2.BORDER_REPLICATE))


def _joined(picture: Grey, side: int) -> Grey:
    """Return a picture in which dots are joined that lie nearer to each other than `side` pixels: modules are whole then."""
    return np.asarray(cv2.blur(cv2.blur(picture, (side, side)), (side, side)))


def _lightened(picture: Grey) -> Grey:
    """Return a picture whose shadows are lighter: what is white in the shade is read as dark beside what is in the light."""
    return np.asarray(cv2.LUT(picture, _LIGHTER))


def _read(picture: Grey, *, closely: bool) -> list[Code]:
    try:
        found = zxingcpp.read_barcodes(
            np.ascontiguousarray(picture),
            formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
            try_rotate=False,
            try_downscale=closely,
        )
        return [_code(one, picture.shape) for one in found if one.valid]
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - around a decoder: what it stumbles over is no code
        return []


def _code(found: Any, shape: tuple[int, ...]) -> Code:
    position = found.position
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    text = _CONTROL.sub(" ", str(found.text)).strip()
    return place(
        cut(text, _LONGEST_TEXT),
        [(corner.x, corner.y) for corner in corners],
        shape,
    )
