"""Decoding needs more memory than one process may use.

The process that decoded it went over `--memory-limit`, twice, the second time on this file alone. Take the sample out
or resize it; raise `--memory-limit` where such files are meant. Where looking at it closely takes too much memory, the
decoder had come to an end, and what is measured of the picture had not.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.errors import CLOSELY

SEVERITY = Severity.ERROR
INTEGRITY = True


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find files with that status."""
    words = pl.col("status_message").fill_null("no reason given")
    return (
        dataset.facts.lazy()
        .filter(pl.col("status") == "memory")
        .select(
            "file",
            message=pl.when(words.str.starts_with(CLOSELY))
            .then(words.str.replace(CLOSELY, f"{CLOSELY} takes too much memory", literal=True))
            .otherwise(pl.format("decoding takes too much memory: {}", words)),
        )
    )
