"""The name holds a line break, so that no list can name it.

Lists of samples have one line per sample: a name with a carriage return or a line feed would be two. Rename the file.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.ERROR
INTEGRITY = True


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find names that do not fit on a line."""
    return (
        dataset.facts.lazy()
        .filter(pl.col("path").str.contains(r"[\r\n]"))
        .select("file", message=pl.lit("the name holds a line break"))
    )
