"""The header announces more pixels than `--max-pixels`.

A decompression bomb, or a scan of a whole slide, takes gigabytes to decode and ends a loader's process. The size is
read from the header, nothing is decoded. Tile or resize the picture, or raise `--max-pixels` where such sizes are
meant.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.ERROR
INTEGRITY = True


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find pictures with too many pixels."""
    pixels = pl.col("width") * pl.col("height")
    return (
        dataset.facts.lazy()
        .filter(pixels > dataset.max_pixels)
        .select(
            "file",
            message=pl.format("{} × {} pixels, more than {} in all", "width", "height", pl.lit(dataset.max_pixels)),
            width="width",
            height="height",
            max_pixels=pl.lit(dataset.max_pixels),
        )
    )
