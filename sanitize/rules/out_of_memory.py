"""Decoding needs more memory than one process may use.

The process that decoded it went over `--memory-limit`, twice, the second time on this file alone. Take the sample out
or resize it; raise `--memory-limit` where such files are meant.
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
        .filter(pl.col("status") == "memory")
        .select(
            "file",
            message=pl.format(
                "decoding takes too much memory: {}", pl.col("status_message").fill_null("no reason given")
            ),
        )
    )
