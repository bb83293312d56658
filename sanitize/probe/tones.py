"""The arithmetic of `statistics`."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from sanitize.probe import opencv
from sanitize.probe.batch import SIDE, Batch, Grey
from sanitize.probe.seen import DETAIL_SIDE, SHORTER_SIDE, shorter_of
from sanitize.probe.statistics import BRIGHT, CLEAR, DARK, EDGES, ENTROPY, FLAT, LIT, SHARP

#: A picture is looked at for the edges of something small with so many pixels on its shorter side.
_DETAIL = 256
#: So large a share of the pixels may be darker than the darkest, or brighter than the brightest: a text of 16 pixels on a
#: screen of 1920 × 1080, stars in a sky and a word on a page of 2480 × 3508 take up more, hot pixels of a sensor less.
_REST = 0.0001
#: Light of one colour takes up a larger share than a lamp of a device does, and is brighter than noise of a channel.
_LIT = 0.001
#: A pixel of 32 × 32 that differs more than this from one beside lies at an edge: noise, averaged so far, does not.
_EDGE = 8
#: Shorter side under which there is no room for a blur and a sharp edge to differ.
_LEAST_SIDE = 16
#: A picture is looked at for blur with so many pixels on its shorter side: with 32, one in six photos that were enlarged from
#: 16 is told, and with 64 fewer of those that were blurred by 15 %, 68 of 125 instead of 84.
_COMPARED = 48
#: One that has less than so many times as many is not reduced to that: pixels of unequal weight make steps of even slopes.
_TIMES = 1.5
#: With 32 pixels a step of a blurred picture is a larger share of a climb: of 63 photos that were enlarged from 16 pixels it
#: is less than this in all 63, and of 1,230 sharp ones in 43.
_NEARLY_SHARP = 0.65
#: A picture is looked at for the shapes in it with so many pixels a side: a blur of 15 % leaves shapes of two and more.
_SHAPES = 8
#: Pixels that are counted at a time: OpenCV's counts are exact up to 2^24, and some pictures are to be copied for it.
_COUNTED_AT_A_TIME = 1 << 20
#: Formats of which OpenCV gives all 16 bits.
_READ_IN_16_BITS = ("png", "tiff", "ppm")


class Detail(NamedTuple):
    """What is measured of a picture that is looked at more closely; None where there is no reason to, or it cannot be told."""

    darkest: int | None = None
    brightest: int | None = None
    fine_edges: float | None = None
    tone_spread: int | None = None
    constant: bool | None = False


def measure(batch: Batch) -> dict[str, Sequence[object]]:
    """Return `statistics.COLUMNS` of every file, from the reduced pictures; few are looked at more closely, and decoded again."""
    levels = np.rint(batch.squares).astype(np.uint8)
    counts = _count(levels.reshape(len(batch), -1))
    summed = np.cumsum(counts, axis=1, dtype=np.int32)
    low, high = _reached(summed, 0.05), _reached(summed, 0.99)
    entropy, edges = _entropy(counts), _at_edges(levels, _EDGE)
    lowest, highest, steepest = _extremes(batch.pictures)
    ranges = highest - lowest
    reasons = np.stack([low >= BRIGHT, high <= DARK, (entropy < ENTROPY) & (edges < EDGES), ranges <= FLAT])
    details = [Detail()] * len(batch)
    for number in np.flatnonzero(reasons.any(axis=0)).tolist():
        details[number] = _look(batch, number, *reasons[:, number].tolist())
    found: dict[str, Sequence[object]] = {
        "brightness_5": low.tolist(),
        "brightness_99": high.tolist(),
        "entropy": entropy.tolist(),
        "edges": edges.tolist(),
        "tone_range": ranges.tolist(),
    }
    found |= _climbs(batch, steepest, ranges)
    return found | dict(zip(Detail._fields, map(list, zip(*details, strict=True)), strict=True))


def _look(batch: Batch, number: int, bright: bool, dark: bool, empty: bool, flat: bool) -> Detail:
    """Look at a picture more closely, for the reasons that are given."""
    full = _counted(batch.grey(number)) if bright or dark else None
    brightest = int(_quantile(full, 1 - _REST)[0]) if dark and full is not None else None
    # Blue and red light are dark in grey; most nights have other light.
    is_dim = brightest is not None and brightest < LIT
    channels = _counted(batch.rgb(number)) if flat or is_dim else None
    if is_dim and channels is not None:
        coloured = int(_quantile(channels, 1 - _LIT).max())
        brightest = coloured if coloured >= LIT else brightest
    grey = batch.grey(number, shorter_side=_DETAIL) if empty else None
    spread, constant = None, None if flat else False
    if flat and channels is not None:
        spread = _spread(channels)
        is_one = bool((np.count_nonzero(channels, axis=1) == 1).all())
        constant = is_one and _is_constant(batch.data[number], batch.facts[number])
    return Detail(
        darkest=int(_quantile(full, _REST)[0]) if bright and full is not None else None,
        brightest=brightest,
        fine_edges=float(_at_edges(grey[None], CLEAR)[0]) if grey is not None else None,
        tone_spread=spread,
        constant=constant,
    )


def _spread(counts: npt.NDArray[np.intp]) -> int:
    """Return the levels that nearly all pixels lie within, of the channel where they are most."""
    nearly_all, rest = (_quantile(counts, 1 - share) - _quantile(counts, share) for share in (0.001, _REST))
    return int(max(nearly_all.max(), rest.max() - CLEAR))


def _count(levels: npt.NDArray[np.uint8]) -> npt.NDArray[np.intp]:
    """Return how often each level occurs: files × 256."""
    files = len(levels)
    first = np.arange(0, files * 256, 256)[:, None]
    return np.bincount((levels + first).ravel(), minlength=files * 256).reshape(files, 256)


def _counted(picture: npt.NDArray[np.uint8] | None) -> npt.NDArray[np.intp] | None:
    """Return how often each level occurs in a picture, rows × columns (× channels): channels × 256; None of none."""
    if picture is None:
        return None
    channels = picture.shape[2] if picture.ndim == 3 else 1
    counts = np.zeros((channels, 256), np.intp)
    step = max(1, _COUNTED_AT_A_TIME // picture.shape[1])
    for start in range(0, len(picture), step):
        some = np.ascontiguousarray(picture[start : start + step])
        for channel, counted in enumerate(counts):
            counted += cv2.calcHist([some], [channel], None, [256], [0, 256]).ravel().astype(np.intp)
    return counts


def _quantile(counts: npt.NDArray[np.intp], share: float) -> npt.NDArray[np.intp]:
    """Return the lowest level that so large a share does not exceed."""
    return _reached(np.cumsum(counts, axis=1, dtype=np.int32), share)


def _reached(summed: npt.NDArray[np.int32], share: float) -> npt.NDArray[np.intp]:
    needed = np.ceil(share * summed[:, -1:]).astype(np.int32)
    return np.asarray((summed < needed).sum(axis=1))


def _entropy(counts: npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
    shares = np.arange(1, SIDE * SIDE + 1) / (SIDE * SIDE)
    bits = np.concatenate([[0], -shares * np.log2(shares)]).astype(np.float32)
    return np.asarray(bits[counts].sum(axis=1))


def _at_edges(levels: npt.NDArray[np.uint8], least: int) -> npt.NDArray[np.float64]:
    """Return the share of pixels, of each of files × rows × columns, that differ by more than `least` from one beside."""
    edges = np.zeros(levels.shape, np.bool_)
    edges[:, :, 1:] = _difference(levels[:, :, 1:], levels[:, :, :-1]) > least
    edges[:, 1:] |= _difference(levels[:, 1:], levels[:, :-1]) > least
    return np.asarray(edges.mean(axis=(1, 2)))


def _difference(some: Grey, others: Grey) -> Grey:
    return np.maximum(some, others) - np.minimum(some, others)


def _extremes(pictures: Sequence[Grey]) -> tuple[Grey, Grey, Grey]:
    """Return the lowest and the highest level of each picture, and the largest difference of two neighbours once it is small."""
    found = np.array([(*cv2.minMaxLoc(picture)[:2], _steepest(_small(picture), 1)) for picture in pictures], np.uint8)
    return found[:, 0], found[:, 1], found[:, 2]


def _small(picture: Grey) -> Grey:
    """Return a reduced picture as small as its shorter side has at least 32 pixels: that of a large JPEG has more."""
    times = min(picture.shape) // SHORTER_SIDE
    if times < 2:
        return picture
    rows, columns = (length // times for length in picture.shape)
    whole = picture[: rows * times, : columns * times]
    return np.asarray(cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA))


def _steepest(picture: Grey, reach: int) -> float:
    """Return the largest difference of two pixels that are so far apart in a row or a column."""
    rows, columns = picture.shape
    across = cv2.norm(picture[:, reach:], picture[:, :-reach], cv2.NORM_INF) if columns > reach else 0
    return max(across, cv2.norm(picture[reach:], picture[:-reach], cv2.NORM_INF) if rows > reach else 0)


def _climbs(batch: Batch, steepest: Grey, ranges: Grey) -> dict[str, list[object]]:
    """Return what `blurry` asks for, from `step` to `relief`, of the pictures that may be blurred, and None of the others."""
    names = ("step", "climb_4", "climb_8", "corner", "relief")
    found: dict[str, list[object]] = {name: [None] * len(batch) for name in names}
    numbers, shapes = [], []
    # A climb is no higher than all levels, so that a step of half of these is half of any climb at least.
    for number in np.flatnonzero(steepest < SHARP * ranges).tolist():
        if steepest[number] >= _NEARLY_SHARP * _steepest(_small(batch.pictures[number]), 4):
            continue
        picture = _comparable(batch, number)
        if picture is None or min(picture.shape) < _LEAST_SIDE:
            continue
        step, climb = int(_steepest(picture, 1)), int(_steepest(picture, 4))
        if step < SHARP * climb:
            found["step"][number], found["climb_4"][number] = step, climb
            found["climb_8"][number] = int(_steepest(picture, 8))
            found["corner"][number] = min(255, _sharpest_corner(picture))
            numbers.append(number)
            shapes.append(cv2.resize(picture.astype(np.float32), (_SHAPES, _SHAPES), interpolation=cv2.INTER_AREA))
    if shapes:
        for number, relief in zip(numbers, _reliefs(np.stack(shapes)).tolist(), strict=True):
            found["relief"][number] = relief
    return found


def _comparable(batch: Batch, number: int) -> Grey | None:
    """Return a picture with 48 pixels on its shorter side, or as it is where it has hardly more; None where that is unknown.

    How sharp a picture is depends on how small it is looked at.
    """
    detail = batch.details[number]
    is_small = min(detail.shape) < min(DETAIL_SIDE, shorter_of(batch.facts[number]))
    picture = batch.grey(number) if is_small else detail
    if picture is None or min(picture.shape) < _TIMES * _COMPARED:
        return picture
    rows, columns = (max(_COMPARED, round(length * _COMPARED / min(picture.shape))) for length in picture.shape)
    return np.asarray(cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA))


def _sharpest_corner(picture: Grey) -> int:
    """Return the largest difference of a step and the next one, in a row or a column."""
    levels = picture.astype(np.int16)
    return int(max(abs(np.diff(levels, 2, axis=axis)).max(initial=0) for axis in (0, 1)))


def _reliefs(shapes: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return how far each of files × rows × columns is from a sum, and a product, of what only rows and only columns are.

    A sky, a vignette and the glow of a lamp are such. This is the model of Gollob, Psychometrika 33, 1968: analysis of
    variance, and singular values of what it leaves.
    """
    rows, columns = shapes.mean(axis=2, keepdims=True), shapes.mean(axis=1, keepdims=True)
    left = shapes - rows - columns + shapes.mean(axis=(1, 2), keepdims=True)
    return np.asarray(np.linalg.svd(left, compute_uv=False)[:, 1] / _SHAPES, np.float32)


def _is_constant(data: bytes, facts: Mapping[str, object]) -> bool | None:
    """Tell whether all pixels, which are seen in one colour, are equal as stored; None where only 8 of their bits can be seen.

    Of a palette these are the numbers of its colours: several may be alike, or all of them where a mask has none.
    """
    content, mode = facts.get("content"), facts.get("mode")
    if content == "jpeg" and mode in ("L", "RGB"):
        return True
    if mode in ("RGB", "RGBA", "LA") and facts.get("bits") not in (None, 8):
        return _is_constant_in_16_bits(data) if content in _READ_IN_16_BITS else None
    answer = importlib.import_module("sanitize.probe.pillow").ask(data, str(content), max_pixels=1 << 62)
    if not answer.loads:
        return None
    try:
        extremes = answer.image.getextrema()
    except (ValueError, OSError):  # Pillow's words for a mode of which it does not know them
        return None
    pairs = extremes if isinstance(extremes[0], tuple) else [extremes]
    return all(least == most for least, most in pairs)


def _is_constant_in_16_bits(data: bytes) -> bool | None:
    """Tell whether all pixels are equal in all 16 bits, of which Pillow gives 8; None where that is unknown."""
    pixels = opencv.read(data)  # which takes only so many pixels
    if pixels is None or pixels.dtype != np.uint16:
        return None
    return bool((pixels == pixels[0, 0]).all())
