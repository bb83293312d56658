"""A path that does not name a file as it stands, but can only mean one.

Case (`A.JPG` for `a.jpg`), another Unicode form, backslashes, an absolute path below IMAGES, a missing extension in a
table: it may work where the list was made and fails elsewhere. The sample is kept, the clean list has the true name.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.labels.inexact import WAYS
from sanitize.labels.words import quoted

SEVERITY = Severity.WARNING
NEEDS = ("inexact",)


def find(dataset: Dataset) -> pl.DataFrame:
    """Find lines whose path had to be bent to find its file."""
    way = pl.col("inexact").replace_strict(WAYS, return_dtype=pl.String)
    message = pl.format("the path {} means {} only {}", quoted(pl.col("path")), quoted(pl.col("target")), way)
    return dataset.lines.filter(pl.col("inexact").is_not_null()).select("list", "line", message=message, way="inexact")
