"""A link that leads outside the folder of images.

It is followed. A copy of the folder to another machine would not hold what it leads to.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.INFO
NEEDS = ("outside",)


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find links that leave IMAGES."""
    return (
        dataset.facts.lazy()
        .filter("outside")
        .select("file", message=pl.lit("a link that leads outside the folder of images"))
    )
