"""Perceptual hashes of a batch of pictures, in the form that imagehash reads and writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sanitize.facts import Column

if TYPE_CHECKING:
    from sanitize.probe.batch import Batch

COLUMNS = {
    "phash": Column("String", "perceptual hash as seen, as `imagehash.phash` makes it: 64 bits, hexadecimal"),
    "dct_signs": Column(
        "String",
        "which of the 16 × 16 lowest DCT coefficients of the picture averaged to 32 × 32, as seen, are clearly above zero: 256"
        " bits, row by row, hexadecimal",
    ),
    "contrast": Column("Float32", "standard deviation of the picture averaged to 32 × 32, 0 to 128"),
}
VERSION = 5


def measure(batch: Batch) -> dict[str, Sequence[object]]:
    """Return COLUMNS of every file."""
    from sanitize.probe import dct_hashes  # with NumPy, which who only asks for COLUMNS does not need

    return {
        "phash": dct_hashes.phashes(batch.coefficients),
        "dct_signs": dct_hashes.signs(dct_hashes.transform(batch.squares)),
        "contrast": batch.squares.std(axis=(1, 2)).tolist(),
    }
