"""A channel has more than 8 bits.

`convert("RGB")` clips 16-bit grey to white. The copy in `images/` is scaled.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.INFO


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find pictures of 10, 12 or 16 bits."""
    integer = pl.col("finite").is_null() & (pl.col("mode") != "F")
    return (
        dataset.facts.lazy()
        .filter((pl.col("bits") > 8) & integer)
        .select("file", message=pl.format("{} bits a channel", "bits"), bits="bits", mode="mode")
    )
