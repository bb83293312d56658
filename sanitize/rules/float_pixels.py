"""The pixels are floating-point numbers.

Their range is whatever the writer chose. The copy in `images/` is scaled to 0 to 255.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.INFO


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find pictures of floating-point pixels."""
    return (
        dataset.facts.lazy()
        .filter(pl.col("mode") == "F")
        .select("file", message=pl.format("floating-point pixels (mode {})", "mode"), mode="mode")
    )
