"""The files of a batch whose pictures came out, as the measurements of rules see them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from sanitize.probe import dct_hashes, jpeg_segments, seen
from sanitize.probe.seen import LEAST_DETAILED, SHORTER_SIDE

#: Side of a square, in pixels: enough for a hash of 16 × 16 coefficients.
SIDE = 32
#: Pixels of a side beyond which no matrix is made: its time and its memory would be many times those of the picture. Reduced, a
#: JPEG of 6000 × 4000 has 750 on its longer side.
LONGEST = 4096
# Up to here 1024 matrices are kept, of 80 kB at most.
_LONGEST_KEPT = 512

Grey = npt.NDArray[np.uint8]
Squares = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Batch:
    """Files that decode, each with its bytes, its core facts and its reduced picture."""

    data: Sequence[bytes]  #: the whole files
    facts: Sequence[Mapping[str, object]]  #: `facts.PROBE_COLUMNS` of each, as far as they apply
    pictures: Sequence[Grey]
    """Grey, rows × columns, as stored (not turned); the shorter side has at least 32 pixels where the picture itself has."""
    details: Sequence[Grey]
    """The same with at least 85 pixels, of pictures whose shorter side has at least 192, and 150 of those that have 600."""
    starts: Sequence[jpeg_segments.Start | None]
    """The segments of each JPEG up to its first scan; None where it is none."""

    def __len__(self) -> int:
        return len(self.data)

    @property
    def squares(self) -> Squares:
        """Files × 32 × 32, 0 to 255: each picture as seen (turned by its orientation), averaged over areas."""
        return self._reduced[0]

    @property
    def coefficients(self) -> Squares:
        """Files × 8 × 8: the lowest coefficients of the DCT of each picture as seen, scaled as those of its square.

        They are not those of its square: in that thin lines are waves as long as the picture, which change with each row of
        pixels that is cropped.
        """
        return self._reduced[1]

    @cached_property
    def _reduced(self) -> tuple[Squares, Squares]:
        squares = np.empty((len(self), SIDE, SIDE), np.float32)
        coefficients = np.empty((len(self), dct_hashes.SIDE, dct_hashes.SIDE), np.float32)
        for square, found, picture, facts in zip(squares, coefficients, self.details, self.facts, strict=True):
            levels: Grey | Squares = picture
            height, width = picture.shape
            is_jpeg = facts.get("content") == "jpeg"
            rows, columns = extent(height, width, facts.get("height"), facts.get("width"), is_jpeg)
            if max(height, width) > LONGEST:
                levels = averaged(picture, (_LONGEST_KEPT, _LONGEST_KEPT), (rows, columns))
                height, width = rows, columns = levels.shape
            down, across = _kernels(height, rows), _kernels_across(width, columns)
            half = np.dot(levels.astype(np.float32), across)
            np.dot(down[:SIDE], half[:, :SIDE], out=square)
            np.dot(down[SIDE:], half[:, SIDE:], out=found)
            orientation = seen.left_to_turn(facts.get("content"), facts.get("orientation"))
            if orientation not in (None, 1):
                square[:] = seen.turned(square.copy(), orientation)
                found[:] = dct_hashes.turned(found, orientation)
        return squares, coefficients

    @property
    def shades(self) -> Grey:
        """Files × 1024: each of `squares` in whole grey levels."""
        return np.rint(self.squares).astype(np.uint8).reshape(len(self), SIDE * SIDE)

    def grey(self, number: int, *, shorter_side: int | None = None) -> Grey | None:
        """Decode a picture again, in grey and as stored, with at least so many pixels on its shorter side.

        In full size without `shorter_side`. None where it cannot be told.
        """
        return seen.grey(self.data[number], self.facts[number], shorter_side=shorter_side)

    def rgb(self, number: int) -> npt.NDArray[np.uint8] | None:
        """Decode a picture again, in full size and as seen, rows × columns × 3; None where it cannot be told."""
        return seen.rgb(self.data[number], self.facts[number])


def halved(picture: Grey, height: object, width: object) -> Grey:
    """Return the picture of a JPEG of `height` × `width`, reduced to an eighth, or to a quarter; a small one as it is.

    `picture` is reduced by less, as `jpeg_strict.read` does, and averaged over squares of 2 or 4 pixels, its last ones
    standing for those beyond it as in a JPEG's blocks.
    """
    import cv2  # heavy, and rules are imported where nothing is measured

    if not isinstance(height, int) or not isinstance(width, int) or min(height, width) < LEAST_DETAILED:
        return picture
    scale = 8 if -(-min(height, width) // 8) >= SHORTER_SIDE else 4
    while len(picture) > -(-height // scale):
        rows, columns = picture.shape
        if rows & 1 or columns & 1:
            picture = np.asarray(cv2.copyMakeBorder(picture, 0, rows & 1, 0, columns & 1, cv2.BORDER_REPLICATE))
        halves = (columns + 1) // 2, (rows + 1) // 2
        picture = np.asarray(cv2.resize(picture, halves, interpolation=cv2.INTER_AREA))
    return picture


def averaged(picture: Grey, shape: tuple[int, int], extent: tuple[float, float]) -> Squares:
    """Return a picture of which the first `extent` rows and columns are averaged over areas to `shape`, however long it is.

    This is what `areas` is for, without its matrix, which of millions of pixels takes more memory than the picture.
    """
    if picture.shape[1] > picture.shape[0]:  # so that the longer side is the first to become short
        return averaged(picture.T, shape[::-1], extent[::-1]).T
    rows, columns = shape
    return _averaged(_averaged(picture, rows, extent[0]).T, columns, extent[1]).T


def _averaged(picture: Grey | Squares, pieces: int, extent: float) -> Squares:
    """Return the first `extent` rows of a picture averaged into equal pieces: pieces × columns."""
    found = np.empty((pieces, picture.shape[1]), np.float32)
    edges = (np.arange(pieces + 1) * (extent / pieces)).tolist()
    for piece, (start, stop) in enumerate(pairwise(edges)):
        first, last = int(start), min(len(picture), math.ceil(stop))
        summed = picture[first:last].sum(axis=0, dtype=np.float64)
        # Of the pixels at both edges only a part lies within.
        summed -= (start - first) * picture[first] + (last - stop) * picture[last - 1]
        found[piece] = summed / (stop - start)
    return found


def _kept(make: Callable[..., Squares]) -> Callable[..., Squares]:
    """Return a function that keeps the matrices it makes, but those of long lines; the length of a line, pixels, comes first."""
    kept = lru_cache(maxsize=1024)(make)

    def get(*arguments: Any) -> Squares:
        return (kept if arguments[0] <= _LONGEST_KEPT else make)(*arguments)

    return get


@_kept
def _kernels(length: int, extent: float, /) -> Squares:
    """Return the matrix that makes SIDE areas, and behind them the lowest coefficients, of a line of pixels: both × `length`."""
    pieces, count = areas(length, SIDE, extent), dct_hashes.SIDE
    # Fewer pixels than that have no such coefficients of their own.
    is_short = length < SIDE
    lowest = dct_hashes.cosines(SIDE, SIDE, count) @ pieces if is_short else dct_hashes.cosines(length, extent, count)
    return np.concatenate([pieces, lowest])


@_kept
def _kernels_across(length: int, extent: float, /) -> Squares:
    """Return the same for rows of pixels: `length` × both."""
    return np.ascontiguousarray(_kernels(length, extent).T)


@_kept
def areas(length: int, pieces: int, extent: float | None = None, /) -> Squares:
    """Return the matrix, pieces × length, that averages a line of pixels, or its first `extent`, into equal pieces."""
    extent = extent or length
    # What share of each pixel lies before each edge.
    before = np.arange(pieces + 1)[:, None] * (extent / pieces) - np.arange(length)
    np.maximum(before, 0, out=before)
    np.minimum(before, 1, out=before)
    matrix: Squares = ((before[1:] - before[:-1]) * (pieces / extent)).astype(np.float32)
    return matrix


def extent(rows: int, columns: int, height: object, width: object, is_jpeg: bool, /) -> tuple[float, float]:
    """Return how many rows and columns of a reduced picture the whole one, of `height` × `width`, takes up.

    Of the last ones it may take up a part: 500 columns at an eighth are 62.5 of 63. To average all 63 would squeeze the
    picture by up to 3 %, and its copies in other formats or sizes by something else.
    """
    if not isinstance(height, int) or not isinstance(width, int) or not height or not width:
        return rows, columns
    least = min(rows / height, columns / width)
    # Scales are eighths in libjpeg, and one over a whole number in Pillow.
    eighths, fraction = math.floor(8 * least) / 8, 1 / math.ceil(1 / least)
    for scale in (eighths, fraction) if is_jpeg else (fraction,):
        extent = height * scale, width * scale
        if (math.ceil(extent[0]), math.ceil(extent[1])) == (rows, columns):
            return extent
    return rows, columns
