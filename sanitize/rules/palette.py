"""The pixels are indices into a palette.

Read without conversion they are numbers of colours, not colours. The copy in `images/` is RGB.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.INFO
NEEDS = ("palette",)


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find pictures with a palette."""
    return dataset.facts.lazy().filter("palette").select("file", message=pl.lit("has a palette"), mode="mode")
