"""A label that is not below the number of classes.

Caffe uses it as an index without a check and reads and writes out of bounds; PyTorch stops with an assertion on the
GPU that does not name the sample. The number of classes is `--num-classes`, or the length of `--classes`. A value
that training ignores is named with `--ignore-label 255`.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity, is_ignored

SEVERITY = Severity.ERROR
NEEDS = ("label",)


def find(dataset: Dataset) -> pl.DataFrame:
    """Find labels beyond the classes that were given."""
    count = dataset.classes.number
    beyond = pl.lit(value=False) if count is None else pl.col("label") >= count
    lines = dataset.lines.filter(beyond & ~is_ignored(dataset))
    message = pl.format(
        "the label {} is out of range: {} classes are 0 to {}", "label", pl.lit(count), pl.lit((count or 0) - 1)
    )
    return lines.select("list", "line", message=message)
