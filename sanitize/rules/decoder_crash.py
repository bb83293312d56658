"""A decoder crashed on the file.

The process that decoded it died, twice, the second time on this file alone. The same would happen to a data loader's
worker. Take the sample out, and report the file to the decoder's authors: a crash is often a security hole.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.ERROR
INTEGRITY = True


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find files with that status."""
    return (
        dataset.facts.lazy()
        .filter(pl.col("status") == "crash")
        .select(
            "file", message=pl.format("the decoder crashed: {}", pl.col("status_message").fill_null("no reason given"))
        )
    )
