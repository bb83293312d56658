"""A side is shorter than a net can use.

Tracking pixels, spacers and icons get into datasets by crawling; scaled up, they are blurs. Ultralytics refuses pictures
with a side of less than 10 pixels. Leave them out, or lower `min-side` where all pictures are so small.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.WARNING


def find(dataset: Dataset, *, min_side: int = 10) -> pl.LazyFrame:
    """Find pictures that decode, with a side of less than `min_side` pixels."""
    return (
        dataset.facts.lazy()
        .filter(pl.col("decodes") & (pl.min_horizontal("width", "height") < min_side))
        .select("file", message=pl.format("{} × {} pixels", "width", "height"), width="width", height="height")
    )
