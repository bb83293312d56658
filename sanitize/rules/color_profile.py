"""The colours are in another space than sRGB.

Loaders ignore the embedded ICC profile, so that the same colour has other numbers than in the rest of the set. RGB
pictures are linked as they are; `--icc convert` makes sRGB copies.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity, has_other_colours

SEVERITY = Severity.INFO
NEEDS = ("profile",)


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find pictures with a profile that is not sRGB."""
    return (
        dataset.facts.lazy()
        .filter(has_other_colours())
        .select("file", message=pl.format("ICC profile: {}", "profile"), profile="profile")
    )
