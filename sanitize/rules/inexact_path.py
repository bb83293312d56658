"""A path that does not name a file as it stands, but can only mean one.

Case (`A.JPG` for `a.jpg`), another Unicode form, backslashes, an absolute path below IMAGES, a missing extension in a
table: it may work where the list was made and fails elsewhere. The sample is kept, the clean list has the true name.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.labels.words import quoted

SEVERITY = Severity.WARNING


def find(dataset: Dataset) -> pl.DataFrame:
    """Find lines whose path had to be bent to find its file."""
    message = pl.format(
        "the path {} fits only {}: the file is {}", quoted(pl.col("path")), "how", quoted(pl.col("target"))
    )
    how = pl.col("inexact").replace(dataset_words())
    return (
        dataset.lines.filter(pl.col("inexact").is_not_null())
        .with_columns(how=how)
        .select("list", "line", message=message, how="inexact")
    )
