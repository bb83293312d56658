"""The file holds nothing.

A download that never started, a disk that ran full or a crashed export leaves a file of 0 bytes. Loaders raise on it,
hours into the training. Fetch the sample again, or take it off the list.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.ERROR
INTEGRITY = True


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find files of 0 bytes."""
    empty = dataset.facts.lazy().filter(pl.col("content") == "empty")
    return empty.select("file", message=pl.lit("the file is empty (0 bytes)"))
