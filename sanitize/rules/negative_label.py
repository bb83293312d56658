"""A label below 0.

As an index it reaches before the first class: PyTorch stops, Caffe reads and writes memory that is not its own. Where
it means that a sample is to be ignored, say so with `--ignore-label -1`.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity, is_ignored

SEVERITY = Severity.ERROR
NEEDS = ("label",)


def find(dataset: Dataset) -> pl.DataFrame:
    """Find negative labels that are not ignored."""
    lines = dataset.lines.filter((pl.col("label") < 0) & ~is_ignored(dataset))
    message = pl.format("the label {} is negative (`--ignore-label {}` if training ignores it)", "label", "label")
    return lines.select("list", "line", message=message)
