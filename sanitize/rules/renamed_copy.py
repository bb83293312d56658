"""The RGB copy has another name than the original.

A picture that cannot be linked as it is gets a copy, and the copy its own true extension (`a.gif` becomes `a.png`).
The clean list has the new name; lists of your own that go with `images/` need it too. The mapping is in
`facts.parquet` (`path`, `rgb_path`).
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.WARNING
AFTER_VERDICTS = True


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find copies under another name."""
    return (
        dataset.facts.lazy()
        .filter(pl.col("kept") & (pl.col("rgb_policy") != "link") & (pl.col("rgb_path") != pl.col("path")))
        .select(
            "file", message=pl.format("the RGB copy is named {}", "rgb_path"), rgb_path="rgb_path", policy="rgb_policy"
        )
    )
