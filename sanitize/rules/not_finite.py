"""A picture of floating-point pixels holds NaN or infinity.

One such pixel makes the whole batch's loss NaN. Find out what wrote it (a division by zero, a missing-value marker),
and write the picture again.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.ERROR
INTEGRITY = True


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find pictures with pixels that are no numbers."""
    return (
        dataset.facts.lazy().filter(~pl.col("finite")).select("file", message=pl.lit("pixels that are NaN or infinite"))
    )
