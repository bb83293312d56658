"""The picture is made of printing inks.

A plain conversion ignores the ink profile, and Adobe's files are stored inverted. The copy in `images/` is converted
through the profile.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.INFO


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find CMYK pictures."""
    return (
        dataset.facts.lazy().filter(pl.col("mode") == "CMYK").select("file", message=pl.lit("CMYK"), profile="profile")
    )
