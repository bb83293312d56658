"""An empty line.

Caffe's `convert_imageset` skips it, the ImageData layer stops the training at it. The clean list has none.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.WARNING
NEEDS = ("empty",)


def find(dataset: Dataset) -> pl.DataFrame:
    """Find lines that hold nothing but blanks."""
    return dataset.lines.filter(pl.col("empty")).select("list", "line", message=pl.lit("the line is empty"))
