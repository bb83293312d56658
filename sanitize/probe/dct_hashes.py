"""Hashes of the lowest DCT coefficients of small pictures."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

#: Sides of the two hashes, in coefficients.
_SIDE, _SIGNS_SIDE = 8, 16
# Half of the coefficients of a symmetric picture are zero, and noise of its copies; that has up to half a grey level in the
# orthonormal transform, of which these coefficients are 64 times as large, and the first of rows and columns half as much more.
_CLEAR = 32.0


def transform(squares: Floats) -> Floats:
    """Return the lowest coefficients of squares, files × side × side: files × 16 × 16, not normalised."""
    rows = _cosines(squares.shape[1])
    return np.asarray(rows @ squares @ rows.T, np.float32)


def phashes(coefficients: Floats) -> list[str]:
    """Return which of the 8 × 8 lowest coefficients of each file are above their median, as `imagehash.phash` writes it."""
    low = coefficients[:, :_SIDE, :_SIDE].reshape(len(coefficients), -1)
    # Their median, as `numpy.median` has it, in a quarter of its time.
    ordered, middle = np.sort(low, axis=1), low.shape[1] // 2
    return _hexadecimal(low > ordered[:, middle - 1 : middle + 1].mean(axis=1, keepdims=True))


def signs(coefficients: Floats) -> list[str]:
    """Return which coefficients of each file, but for the first, are clearly above zero, row by row."""
    found = coefficients > _CLEAR
    found[:, 0, 0] = False
    return _hexadecimal(found.reshape(len(found), -1))


@cache
def _cosines(length: int) -> Floats:
    """Return the lowest rows of the DCT of type 2, not normalised, as `scipy.fftpack.dct` computes it."""
    angles = np.pi / length * np.outer(np.arange(_SIGNS_SIDE), np.arange(length) + 0.5)
    return (2 * np.cos(angles)).astype(np.float32)


def _hexadecimal(bits: npt.NDArray[np.bool_]) -> list[str]:
    packed = np.packbits(bits, axis=1)
    digits = packed.shape[1] * 2
    text = packed.tobytes().hex()
    return [text[start : start + digits] for start in range(0, len(text), digits)]
