"""A decoder did not finish in time.

No answer within `--timeout` seconds, twice. A data loader would hang on it. Take the sample out; raise `--timeout`
where files are large and the storage is slow. Where looking at it closely takes too long, the decoder had come to an end,
and what is measured of the picture had not.
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
        .filter(pl.col("status") == "timeout")
        .select(
            "file",
            message=pl.when(words.str.starts_with(CLOSELY))
            .then(words.str.replace(CLOSELY, f"{CLOSELY} takes too long", literal=True))
            .otherwise(pl.format("the decoder hangs: {}", words)),
        )
    )
