"""Looks at a picture again, in colour: runs in a child, `look` for each file and `pack` for a batch of them."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from sanitize import jpeg_copy
from sanitize.contents import read_again
from sanitize.facts import BYTES_OF_LOOK
from sanitize.probe import examine, seen
from sanitize.probe.batch import extent
from sanitize.probe.measurements import Seen, batch_of

Floats = npt.NDArray[np.float32]

#: Sides of the small picture that a look keeps, in pixels: of its luma, and of its colours.
SIDE, COLOUR_SIDE = 32, 16
#: Luma and two chroma channels of RGB (ITU-R BT.601, 2.5.1 and 2.5.2).
YCC_OF_RGB = np.array([[0.299, 0.587, 0.114], [-0.169, -0.331, 0.5], [0.5, -0.419, -0.081]], np.float32)
_LUMA, _COLOUR = SIDE * SIDE, COLOUR_SIDE * COLOUR_SIDE * 2
_RANGE = np.dtype("<f2")
# Pixels across each of them are enough: a JPEG that is reduced as it is decoded has its means in all blocks.
_ENOUGH = 2
# Lobes of Lanczos' filter on either side (Duchon, Journal of Applied Meteorology 1979).
_LOBES = 3
# So many rows are reduced at once.
_FEW_ROWS = 8 * SIDE
# Contrast, in levels of any channel, below which a picture may hide what it shows where it is transparent. More than that below
# which only equal pixels count (`alike.FLAT`, of luma), so that of all of those `pixels` tells what is over black, too.
_FLAT = 3.0
#: Levels above which a copy that is brighter by a fifth is white, whether it was multiplied (212.5) or lifted by 40 (215); and
#: those below which a copy that is darker by 40 is black.
WHITE_FROM, BLACK_TO = 213, 40
# A picture of which so large a share is lighter than the one, or darker than the other, is also seen as such a copy shows it:
# of fine print on white, and on light grey, the means do not tell what is cut off.
_CUT = 0.25
#: Bytes of a look: the darkest and the brightest luma, float16; luma between them in 255 steps; the same of what is left where
#: it is cut off; chroma in levels.
SIZE = 2 * (2 * _RANGE.itemsize + _LUMA) + _COLOUR
assert SIZE == BYTES_OF_LOOK


#: A file to look at: its path relative to `root`, some of its facts, and whether its pixels are asked for.
Item = tuple[bytes, str | None, str | None, int | None, int | None, int | None, bool]


class Looked(NamedTuple):
    """What one file shows."""

    small: Floats  #: SIDE × SIDE × 4, RGB and luma where it is cut off, 0 to 255
    pixels: str | None = None


class Looks(NamedTuple):
    """Small pictures."""

    luma: Floats  #: pictures × SIDE × SIDE, 0 to 255
    cut: (
        Floats  #: likewise, where each pixel is no lighter than WHITE_FROM, or no darker than BLACK_TO in dark pictures
    )
    colour: Floats  #: pictures × COLOUR_SIDE × COLOUR_SIDE × 2, -128 to 127


def look(item: Item, *, root: bytes) -> Looked | None:
    """Return the small picture of one file, and `pixels` where they are asked for; None where it cannot be read or decoded.

    `pixels` is a digest of the size and of all pixels as seen, in 8-bit RGB, so that it is the same whatever format holds
    them; of a flat picture that shows something over black, such as white letters on nothing, also of how it looks there; and
    of one with wide numbers for levels, such as instances in 16 bits, of these, where 8 bits do not tell all of them apart.
    Raises MemoryError, and OSError where this process has used up what it may have.
    """
    path, content, mode, orientation, width, height, asks_pixels = item
    data = read_again(path, root=root)
    if data is None:
        return None
    facts = {"content": content, "mode": mode, "orientation": orientation}
    if not asks_pixels:
        stored = seen.rgb(data, facts | {"orientation": None}, shorter_side=_shorter_side(width, height))
        if stored is None or not stored.size:
            return None
        rows, columns, _channels = stored.shape
        small = _small(stored, extent(rows, columns, height, width, content == "jpeg"))
        return Looked(seen.turned(small, seen.left_to_turn(content, orientation)))
    if content == "jpeg":
        with contextlib.suppress(ValueError):  # libjpeg is content with more than can be walked through
            return _as_coded(jpeg_copy.without_metadata(data), mode, orientation)
    return _in_full(data, facts)


@lru_cache(maxsize=4)
def _as_coded(data: bytes, mode: str | None, orientation: int | None) -> Looked | None:
    """Return what a JPEG without its metadata shows: copies that differ in nothing else, and come together, are decoded once."""
    return _in_full(data, {"content": "jpeg", "mode": mode, "orientation": orientation})


def _in_full(data: bytes, facts: Mapping[str, object]) -> Looked | None:
    picture = seen.rgb(data, facts)
    if picture is None or not picture.size:
        return None
    picture = np.ascontiguousarray(picture)
    reduced = small(picture)
    digest = hashlib.sha256(repr(picture.shape).encode(), usedforsecurity=False)
    digest.update(picture.data)
    if facts["content"] != "jpeg" and reduced.std(axis=(0, 1)).max() < _FLAT:
        over_black = seen.rgb(data, facts, background=(0, 0, 0))
        if over_black is not None and (over_black != over_black[0, 0]).any() and (over_black != picture).any():
            digest.update(np.ascontiguousarray(over_black).data)
    numbers = seen.numbers(data, facts)
    if numbers is not None and np.unique(numbers).size > np.unique(picture).size:
        digest.update(np.ascontiguousarray(numbers).data)
    return Looked(reduced, digest.hexdigest()[:32])


def pack(found: Sequence[Looked | None], *, root: bytes) -> list[dict[str, str | bytes] | None]:
    """Return `look` and, where it was asked for, `pixels` of all files that were looked at together; None where `look` is.

    `look` is a small picture of SIZE bytes, which `unpack` reads.
    """
    there = [one for one in found if one is not None]
    looks = iter(_packed(np.stack([one.small for one in there])) if there else ())
    return [
        one and ({"look": next(looks)} | ({"pixels": one.pixels} if one.pixels is not None else {})) for one in found
    ]


def shades(path: bytes, *, root: bytes, max_pixels: int) -> dict[str, bytes] | None:
    """Return `shades` of one file, as it has them when it is probed; None where nothing sound is decoded of it any more.

    Raises as `look` does.
    """
    data = read_again(path, root=root)
    if data is None:
        return None
    found = examine(data, name=os.fsdecode(path.rpartition(b"/")[2]), max_pixels=max_pixels)
    batch, _numbers = batch_of([Seen(found.facts, data, *found[1:])])
    return {"shades": batch.shades[0].tobytes()} if batch else None


def unpack(looks: Sequence[bytes]) -> Looks:
    """Return the small pictures that looks of SIZE bytes hold."""
    data = np.frombuffer(b"".join(looks), np.uint8).reshape(-1, SIZE)
    luma, cut = (_levels(part) for part in np.split(data[:, :-_COLOUR], 2, axis=1))
    colour = data[:, -_COLOUR:].copy().view(np.int8).astype(np.float32)
    return Looks(luma, cut, colour.reshape(-1, COLOUR_SIDE, COLOUR_SIDE, 2))


def _levels(data: npt.NDArray[np.uint8]) -> Floats:
    """Return small pictures, pictures × SIDE × SIDE, of their ends and steps, pictures × bytes."""
    ends = data[:, :-_LUMA].copy().view(_RANGE).astype(np.float32)
    luma = ends[:, :1] + data[:, -_LUMA:].astype(np.float32) * ((ends[:, 1:] - ends[:, :1]) / np.float32(255))
    return np.asarray(luma.reshape(-1, SIDE, SIDE), np.float32)


def _in_steps(luma: Floats) -> list[npt.NDArray[np.uint8]]:
    """Return the ends and steps of small pictures, pictures × pixels, pictures × bytes."""
    ends = np.stack([luma.min(axis=1), luma.max(axis=1)], axis=1).astype(_RANGE)
    darkest, brightest = np.split(ends.astype(np.float32), 2, axis=1)
    steps = np.clip(np.rint((luma - darkest) * (255 / np.maximum(brightest - darkest, 1e-3))), 0, 255)
    return [ends.view(np.uint8), steps.astype(np.uint8)]


def small(picture: npt.NDArray[np.uint8]) -> Floats:
    """Return a picture, rows × columns × 3, as a look has it: SIDE × SIDE × 4, RGB and luma where it is cut off, 0 to 255."""
    return _small(picture, picture.shape[:2])


def of_small(pictures: Sequence[Floats]) -> Looks:
    """Return what looks hold of such small pictures, SIDE × SIDE × 4."""
    return unpack(_packed(np.stack(pictures)))


def _shorter_side(width: int | None, height: int | None) -> int | None:
    """Return the shorter side that a picture is decoded with, pixels; None for the whole.

    libjpeg is fastest at a half, a quarter and an eighth; at five, six or seven eighths it takes longer than for all of it.
    """
    shorter = min(width or 0, height or 0)
    times = _times(shorter)
    return shorter // times if times > 1 else None


def _times(shorter: int) -> int:
    """Return by how much a picture is reduced before anything else, by its shorter side."""
    return next((times for times in (8, 4, 2) if shorter // times >= _ENOUGH * SIDE), 1)


def _packed(small: Floats) -> list[bytes]:
    """Return pictures, pictures × SIDE × SIDE × 4, as looks."""
    count = len(small)
    small, cut = small[..., :3], small[..., 3]
    luma = (small @ YCC_OF_RGB[0]).reshape(count, _LUMA)
    # OpenCV's or NumPy's means over axes take longer than all else here.
    pairs = small[:, ::2] + small[:, 1::2]
    cells = (pairs[:, :, ::2] + pairs[:, :, 1::2]) / np.float32(4)
    levels = np.clip(np.rint(cells @ YCC_OF_RGB[1:].T), -128, 127).reshape(count, _COLOUR)
    parts = (*_in_steps(luma), *_in_steps(cut.reshape(count, _LUMA)), levels.astype(np.int8).view(np.uint8))
    return [row.tobytes() for row in np.concatenate(parts, axis=1)]


def _small(picture: npt.NDArray[np.uint8], extents: tuple[float, ...]) -> Floats:
    """Return the rows and columns of a picture (× 3) up to `extents` as a look has them: SIDE × SIDE × 4."""
    rgb = _reduced(picture, extents)
    luma = rgb @ YCC_OF_RGB[0]
    if (luma > WHITE_FROM).mean() >= _CUT:
        cut = _reduced(np.minimum(picture, WHITE_FROM), extents) @ YCC_OF_RGB[0]
    elif (luma < BLACK_TO).mean() >= _CUT:
        cut = _reduced(np.maximum(picture, BLACK_TO), extents) @ YCC_OF_RGB[0]
    else:
        cut = luma
    return np.concatenate([rgb, cut[..., None]], axis=2)


def _reduced(picture: npt.NDArray[np.uint8], extents: tuple[float, ...]) -> Floats:
    """Return the rows and columns of a picture (× 3) up to `extents`, reduced to SIDE × SIDE × 3, 0 to 255.

    Means of areas would do for photographs; but of lines of text, of which an area has no whole number, they show waves that
    are others wherever the picture is cropped. Of a large picture the means of squares are reduced, as of a JPEG.
    """
    times = _times(min(picture.shape[:2]))
    averaged = _averaged(picture, times)
    rows, columns, channels = averaged.shape
    bands, across = _bands(rows, extents[0] / times), _lanczos(columns, extents[1] / times)
    narrow = np.empty((SIDE, columns * channels), np.float32)
    for which, first, weights in bands:
        band = averaged[first : first + weights.shape[1]].reshape(weights.shape[1], -1)
        np.dot(weights, band.astype(np.float32, copy=False), out=narrow[which])
    by_channel = narrow.reshape(SIDE, columns, channels).swapaxes(1, 2).reshape(SIDE * channels, columns)
    small = (by_channel @ across.T).reshape(SIDE, channels, SIDE).swapaxes(1, 2)
    return np.clip(small, 0, 255)


def _averaged(picture: npt.NDArray[np.uint8], times: int) -> npt.NDArray[np.uint8] | Floats:
    """Return the means of squares of so many pixels, the last ones standing for those beyond them as in a JPEG's blocks."""
    if times == 1:
        return picture
    rows, columns, _channels = picture.shape
    down, across = -rows % times, -columns % times
    whole = cv2.copyMakeBorder(picture, 0, down, 0, across, cv2.BORDER_REPLICATE) if down or across else picture
    size = (columns + across) // times, (rows + down) // times
    # Whole levels would be noise in a picture of slow changes.
    return np.asarray(cv2.resize(whole.astype(np.float32), size, interpolation=cv2.INTER_AREA), np.float32)


@lru_cache(maxsize=1024)
def _bands(length: int, extent: float) -> list[tuple[slice, int, Floats]]:
    """Return the rows of `_lanczos` that are taken at once, with the first pixel that they weigh and their weights from there."""
    matrix = _lanczos(length, extent)
    # All weights but those of some pixels are zero, which does not matter where there are few.
    step = SIDE if length <= _FEW_ROWS else 1
    bands = []
    for start in range(0, SIDE, step):
        weights = matrix[start : start + step]
        first, last = np.flatnonzero(weights.any(axis=0))[[0, -1]].tolist()
        bands.append((slice(start, start + step), first, np.ascontiguousarray(weights[:, first : last + 1])))
    return bands


@lru_cache(maxsize=1024)
def _lanczos(length: int, extent: float) -> Floats:
    """Return the matrix, SIDE × length, that reduces a line of pixels, or its first `extent`, as Pillow's LANCZOS does."""
    scale = extent / SIDE
    centres = (np.arange(SIDE)[:, None] + 0.5) * scale
    apart = (np.arange(length) + 0.5 - centres) / max(scale, 1)
    weights = np.where(np.abs(apart) < _LOBES, np.sinc(apart) * np.sinc(apart / _LOBES), 0)
    # Of the last pixel it may take a part.
    weights *= np.clip(extent - np.arange(length), 0, 1)
    matrix: Floats = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return matrix
