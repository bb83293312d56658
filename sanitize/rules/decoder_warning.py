"""A decoder warns of something that costs no pixel.

Stray bytes between header segments, pixels that point beyond the palette, and the like. The picture is whole and stays
on the list, but a stricter reader may refuse the file, or colour it in another way, and something wrote it wrongly.
Saving it again by a common encoder mends it.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.WARNING
NEEDS = ("harmless",)


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find pictures with harmless warnings."""
    return (
        dataset.facts.lazy()
        .filter(pl.col("harmless").is_not_null())
        .select("file", message=pl.format("decodes fully, but with a warning: {}", "harmless"))
    )
