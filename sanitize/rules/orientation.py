"""The picture is stored turned or mirrored.

EXIF says how to turn it. OpenCV does so, Pillow does not, so that two loaders give two pictures. The copy in
`images/` is upright and says nothing more.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.INFO


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find pictures with an EXIF orientation."""
    return (
        dataset.facts.lazy()
        .filter(pl.col("orientation") > 1)
        .select("file", message=pl.format("EXIF orientation {}", "orientation"), orientation="orientation")
    )
