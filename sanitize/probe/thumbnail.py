"""Compares the thumbnail that a file carries with its picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sanitize.facts import Column

if TYPE_CHECKING:
    from sanitize.probe.batch import Batch

VERSION = 7
COLUMNS = {
    "thumbnail_width": Column("Int64", "columns of the embedded thumbnail (EXIF, JFIF), pixels"),
    "thumbnail_height": Column("Int64", "rows of the embedded thumbnail, pixels"),
    "thumbnail_similarity": Column(
        "Float64",
        "greatest correlation of the thumbnail's detail with the picture's, -1 to 1, over turns, crops and bars;"
        " null where either is too small or too long, or flat, unless the picture is and the thumbnail clearly is not",
    ),
}


def measure(batch: Batch) -> dict[str, Sequence[object]]:
    """Return COLUMNS of a batch; null where there is no thumbnail that can be read."""
    from sanitize.probe import embedded_thumbnail, likeness  # with NumPy, which who only asks for COLUMNS does not need
    from sanitize.probe.batch import LONGEST

    rows: list[tuple[object, object, object]] = []
    for data, facts, start, picture in zip(batch.data, batch.facts, batch.starts, batch.pictures, strict=True):
        # What a camera saw has nothing transparent, and what a program shows through it is up to the program.
        thumbnail = None if facts.get("alpha") else embedded_thumbnail.read(data, str(facts.get("content")), start)
        if thumbnail is None:
            rows.append((None, None, None))
        else:
            width, height, pixels = thumbnail
            is_strip = max(*picture.shape, *pixels.shape[:2]) > LONGEST  # the thumbnail of such is no more than a line
            like = None if is_strip else likeness.similarity(picture.astype("float32"), pixels)
            rows.append((width, height, like))
    return dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
