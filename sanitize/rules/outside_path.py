"""A path that leads outside IMAGES.

`..` and absolute paths work on one machine only, and a list that was tampered with could pull in any file. Write
paths relative to IMAGES, or scan the folder that holds all samples.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.labels.words import quoted

SEVERITY = Severity.ERROR
NEEDS = ("outside",)


def find(dataset: Dataset) -> pl.DataFrame:
    """Find lines whose path leaves IMAGES."""
    lines = dataset.lines.filter(pl.col("outside") & pl.col("malformed").is_null())
    return lines.select("list", "line", message=pl.format("the path {} leads outside IMAGES", quoted(pl.col("path"))))
