"""A decoder did not finish in time.

No answer within `--timeout` seconds, twice. A data loader would hang on it. Take the sample out; raise `--timeout`
where files are large and the storage is slow.
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
        .filter(pl.col("status") == "timeout")
        .select(
            "file", message=pl.format("the decoder hangs: {}", pl.col("status_message").fill_null("no reason given"))
        )
    )
