"""More than one blank between path and label.

Caffe splits a line at its last blank: the others belong to the name, and the file is not found. Where the name
without them is a file, the sample is kept and the clean list is written right; where it is none, the line is an
error.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.labels.words import quoted

SEVERITY = Severity.WARNING


def find(dataset: Dataset) -> pl.DataFrame:
    """Find lines with several blanks between path and label; an error where the name is no file even without them."""
    lost = pl.col("file").is_null() & ~pl.col("outside")
    message = pl.lit("more than one blank before the label: Caffe takes all but the last for a part of the name")
    return dataset.lines.filter(pl.col("double_blank") & pl.col("malformed").is_null()).select(
        "list",
        "line",
        severity=pl.when(lost).then(pl.lit(Severity.ERROR.value)).otherwise(pl.lit(Severity.WARNING.value)),
        message=pl.when(lost)
        .then(message + pl.format(", and there is no file {} either", quoted(pl.col("path"))))
        .otherwise(message),
    )
