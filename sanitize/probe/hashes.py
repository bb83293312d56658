"""Perceptual hashes of a batch of pictures, in the form that imagehash reads and writes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from sanitize.facts import Column

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PIL import Image

    from sanitize.probe.batch import Batch

COLUMNS = {
    "phash": Column("String", "perceptual hash as seen, as `imagehash.phash` makes it: 64 bits, hexadecimal"),
    "dct_signs": Column(
        "String",
        "which of the 16 × 16 lowest DCT coefficients, as seen, are clearly above zero: 256 bits, row by row, hexadecimal",
    ),
    "contrast": Column("Float32", "standard deviation of the picture averaged to 32 × 32, 0 to 128"),
}
VERSION = 4

#: Sides of the two hashes, in coefficients.
_SIDE, _SIGNS_SIDE = 8, 16
# Half of the coefficients of a symmetric picture are zero, and noise of its copies; that has up to half a grey level in the
# orthonormal transform, of which these coefficients are 64 times as large, and the first of rows and columns half as much more.
_CLEAR = 32.0
# Standard deviation of levels below which there is nothing to be seen.
_FLAT = 2.0


def measure(batch: Batch) -> dict[str, Sequence[object]]:
    """Return COLUMNS of every file, from the 32 × 32 picture that `imagehash.phash` would reduce it to."""
    squares = batch.squares
    coefficients = _transformed(squares)
    signs = coefficients > _CLEAR
    signs[:, 0, 0] = False
    return {
        "phash": _phashes(coefficients),
        "dct_signs": _hexadecimal(signs.reshape(len(batch), -1)),
        "contrast": squares.std(axis=(1, 2)).tolist(),
    }


def as_stored(item: bytes, *, root: bytes) -> dict[str, str] | None:
    """Return `phash_stored` of the file `item`, a path relative to `root`: as `imagehash.phash` makes it of what Pillow opens.

    That is neither turned by its orientation nor over white. None where that is flat, as all flat pictures have nearly the same
    hash, where what is transparent hides a picture that nobody sees, and where it cannot be read or decoded any more. Raises
    MemoryError, and OSError where this process has used up what it may have.
    """
    import numpy as np
    from PIL import Image

    import sanitize.probe.pillow  # noqa: F401 - lets Pillow open what was decoded before, however large
    from sanitize.contents import read_again

    data = read_again(item, root=root)
    if data is None:
        return None
    try:
        with Image.open(io.BytesIO(data)) as picture:
            square = np.asarray(picture.convert("L").resize((32, 32), Image.Resampling.LANCZOS), np.float32)
            if square.std() < _FLAT or _hides_something(picture):
                return None
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - around a decoder
        return None
    return {"phash_stored": _phashes(_transformed(square[None]))[0]}


def _hides_something(picture: Image.Image) -> bool:
    """Tell whether what is transparent of a picture is not of one colour."""
    import numpy as np

    shown = picture.convert("RGBA") if picture.has_transparency_data else None
    if shown is None:
        return False
    levels = np.asarray(shown.convert("L"))[np.asarray(shown.getchannel("A")) == 0]
    return bool(levels.size) and float(levels.std()) >= _FLAT


def _transformed(squares: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the lowest coefficients of squares, files × 16 × 16."""
    import numpy as np

    rows = _cosines(squares.shape[1])
    return np.asarray(rows @ squares @ rows.T, np.float32)


def _phashes(coefficients: npt.NDArray[np.float32]) -> list[str]:
    """Tell which of the 8 × 8 lowest coefficients of each file are above their median."""
    import numpy as np

    low = coefficients[:, :_SIDE, :_SIDE].reshape(len(coefficients), -1)
    # Their median, as `numpy.median` has it, in a quarter of its time.
    ordered, middle = np.sort(low, axis=1), low.shape[1] // 2
    return _hexadecimal(low > ordered[:, middle - 1 : middle + 1].mean(axis=1, keepdims=True))


@cache
def _cosines(length: int) -> npt.NDArray[np.float32]:
    """Return the lowest rows of the DCT of type 2, not normalised, as `scipy.fftpack.dct` computes it."""
    import numpy as np

    angles = np.pi / length * np.outer(np.arange(_SIGNS_SIDE), np.arange(length) + 0.5)
    return (2 * np.cos(angles)).astype(np.float32)


def _hexadecimal(bits: npt.NDArray[np.bool_]) -> list[str]:
    import numpy as np

    packed = np.packbits(bits, axis=1)
    digits = packed.shape[1] * 2
    text = packed.tobytes().hex()
    return [text[start : start + digits] for start in range(0, len(text), digits)]
