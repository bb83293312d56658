"""A good picture that no list names.

It is not trained on. Where that is not meant, the list is older than the folder: add a line.
"""

from __future__ import annotations

import polars as pl

from sanitize import formats
from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.INFO
AFTER_VERDICTS = True


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find good pictures on no list; of one that no decoder here opens, nobody knows whether it is good."""
    opened = pl.col("content").is_in(sorted(formats.OPENED)) & pl.col("unsupported").is_null()
    return (
        dataset.facts.lazy()
        .filter((pl.col("verdict") == "unlisted") & opened)
        .select("file", message=pl.lit("good, but on no list"))
    )
