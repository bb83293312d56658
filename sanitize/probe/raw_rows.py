"""How many rows of an uncompressed picture lie inside its file."""

from __future__ import annotations

from typing import NamedTuple

from sanitize.probe.complaint import ENDED_EARLY, NO_END, Complaint


class Raster(NamedTuple):
    """Where the rows of an uncompressed picture lie."""

    start: int  #: first byte
    stride: int  #: bytes from row to row
    used: int  #: bytes of a row without padding
    rows: int
    bottom_up: bool = False

    @property
    def end(self) -> int:
        """Return the place behind the last row."""
        return self.start + self.stride * self.rows


def missing(raster: Raster, size: int, *, of: str) -> tuple[Complaint | None, dict[str, object]]:
    """Return what is lost of a picture whose file ends after `size` bytes, as complaint and columns."""
    if size >= raster.end or raster.stride <= 0:
        return None, {}
    text = f"{of} ends after {size} of {raster.end} bytes"
    if size >= raster.end - (raster.stride - raster.used):
        return Complaint(text, NO_END), {"survives": 1.0}
    done = max(0, size - raster.start) // raster.stride
    survives = max(0, size - raster.start) / (raster.end - raster.start)
    return Complaint(text, ENDED_EARLY), {"survives": survives, "lost_from_row": 0 if raster.bottom_up else done}
