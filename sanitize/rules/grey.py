"""The picture is grey.

A list of RGB samples takes its copy, in which all three channels are the same. Where the whole set should be grey,
that is fine; a few grey ones among colour pictures are worth a look.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.INFO


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find pictures of one channel."""
    modes = ["1", "L", "LA", "La", "I", "I;16", "I;16B", "I;16L", "F"]
    return (
        dataset.facts.lazy()
        .filter(pl.col("mode").is_in(modes))
        .select("file", message=pl.format("grey (mode {})", "mode"), mode="mode")
    )
