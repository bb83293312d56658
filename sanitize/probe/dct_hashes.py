"""Hashes of the lowest DCT coefficients of pictures."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

#: Side of a `phash`, in coefficients.
SIDE = 8
# Side of the signs, likewise, and of the square that `imagehash.phash` makes of a picture first, in pixels.
_SIGNS_SIDE, _SQUARE = 16, 32
# Half of the coefficients of a symmetric picture are zero, and noise of its copies; that has up to half a grey level in the
# orthonormal transform, of which these coefficients are 64 times as large, and the first of rows and columns half as much more.
_CLEAR = 32.0
# Of flags and other stripes all but a few of the lowest are zero, and so is their median. Their size in copies that were scaled
# or saved as JPEG is less than this: of 120 flags at half the size 57 had nearly the same phash, and now all have.
_ZERO = 12.0


def transform(squares: Floats) -> Floats:
    """Return the lowest coefficients of squares, files × 32 × 32: files × 16 × 16, not normalised."""
    rows = _of_squares()
    return np.asarray(rows @ squares @ rows.T, np.float32)


def phashes(coefficients: Floats) -> list[str]:
    """Return which of the 8 × 8 lowest coefficients of each file are above their median, as `imagehash.phash` writes it.

    That has grey levels in whole numbers, by which what is as good as zero is zero.
    """
    low = coefficients[:, :SIDE, :SIDE].reshape(len(coefficients), -1)
    low = np.where(np.abs(low) < _ZERO, 0, low)
    # Their median, as `numpy.median` has it, in a quarter of its time.
    ordered, middle = np.sort(low, axis=1), low.shape[1] // 2
    return _hexadecimal(low > ordered[:, middle - 1 : middle + 1].mean(axis=1, keepdims=True))


def signs(coefficients: Floats) -> list[str]:
    """Return which coefficients of each file, but for the first, are clearly above zero, row by row."""
    found = coefficients > _CLEAR
    found[:, 0, 0] = False
    return _hexadecimal(found.reshape(len(found), -1))


def turned(coefficients: Floats, orientation: object) -> Floats:
    """Return the coefficients, side × side, of a picture that is turned as `seen.turned` does."""
    odd = np.where(np.arange(len(coefficients)) % 2, -1, 1).astype(np.float32)
    if orientation in (5, 6, 7, 8):
        coefficients = coefficients.T
    if orientation in (3, 4, 7, 8):
        coefficients = coefficients * odd[:, None]
    if orientation in (2, 3, 6, 7):
        coefficients = coefficients * odd
    return coefficients


@cache
def _of_squares() -> Floats:
    return cosines(_SQUARE, _SQUARE, _SIGNS_SIDE)


def cosines(length: int, extent: float, count: int) -> Floats:
    """Return the lowest rows, `count` × `length`, of the DCT of type 2 of a line of pixels, or its first `extent`.

    It is scaled as that of a line of 32, which `scipy.fftpack.dct` does not normalise.
    """
    edges = np.minimum(np.arange(length + 1), extent)
    angles = np.pi / extent * np.outer(np.arange(count), (edges[1:] + edges[:-1]) / 2)
    return (2 * _SQUARE / extent * np.diff(edges) * np.cos(angles)).astype(np.float32)


def _hexadecimal(bits: npt.NDArray[np.bool_]) -> list[str]:
    packed = np.packbits(bits, axis=1)
    digits = packed.shape[1] * 2
    text = packed.tobytes().hex()
    return [text[start : start + digits] for start in range(0, len(text), digits)]
