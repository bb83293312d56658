"""The picture has transparent pixels, or could have.

Dropping the alpha channel shows whatever colour lies under it, often black. The copy in `images/` is composed over
`--background`.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.INFO
NEEDS = ("alpha",)


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find pictures with transparency."""
    return (
        dataset.facts.lazy()
        .filter("alpha")
        .select("file", message=pl.format("has transparency (mode {})", "mode"), mode="mode")
    )
