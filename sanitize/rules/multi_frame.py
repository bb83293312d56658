"""The file holds several frames or pages.

Loaders take the first one. Where the others matter, take the file apart first.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.INFO


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find animations and files of several pages."""
    return (
        dataset.facts.lazy()
        .filter(pl.col("frames") > 1)
        .select("file", message=pl.format("{} frames, of which the first is used", "frames"), frames="frames")
    )
