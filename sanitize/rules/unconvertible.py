"""The picture is sound but no RGB copy could be made of it.

Everything on a clean list is 8-bit RGB, and the copy of this picture failed. The message says why. Convert it by
other means, or scan with `--no-images`, which needs no copies. A file that has changed, or is gone, since it was
decoded is looked at anew by the next scan.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.ERROR
INTEGRITY = True


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find pictures whose copy failed."""
    return (
        dataset.facts.lazy()
        .filter(pl.col("copy_failure").is_not_null())
        .select("file", message=pl.format("no RGB copy could be made: {}", "copy_failure"))
    )
