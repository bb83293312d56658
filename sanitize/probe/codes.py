"""Looks for QR codes in a batch of pictures: cheaply in all of them, closely where one might be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sanitize.facts import Column

if TYPE_CHECKING:
    from sanitize.probe.batch import Batch

COLUMNS = {
    "code_text": Column("String", "text of the largest QR code in the picture, cut and without control characters"),
    "code_share": Column("Float64", "its share of the picture's area, without its white border, 0 to 1"),
    "codes_share": Column("Float64", "share of the picture's area that all its codes have together, 0 to 1"),
    "code_offset": Column(
        "Float64", "distance of its centre from the picture's, in half a width or height, whichever is more: 0 to 1"
    ),
    "codes": Column("Int64", "number of QR codes that were read; 0 where none was looked for"),
    "codes_ahead": Column(
        "String",
        "as JSON, codes than which none is both larger and nearer to the centre, and those side by side as one",
    ),
}
VERSION = 16


def measure(batch: Batch) -> dict[str, Sequence[object]]:
    """Return COLUMNS of every file."""
    # With NumPy, which who only asks for COLUMNS does not need.
    from sanitize.probe import code_places, code_reading, code_texture

    codes: list[list[code_places.Code]] = [[] for _ in range(len(batch))]
    for suspect in code_texture.find(batch):
        codes[suspect.number] = code_reading.look(batch, suspect)
    largest = [max(found, key=lambda code: code.share) if found else None for found in codes]
    return {
        "code_text": [code and code.text for code in largest],
        "code_share": [code and code.share for code in largest],
        "codes_share": [min(1.0, code_places.share(found)) if found else None for found in codes],
        "code_offset": [code and code.offset for code in largest],
        "codes": [len(found) for found in codes],
        "codes_ahead": [code_places.ahead(found) if found else None for found in codes],
    }
