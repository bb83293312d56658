"""Labels that do not start at 0.

With labels 1 to C and C outputs the last class is out of range, and output 0 is never trained: Caffe writes out of
bounds, PyTorch stops. `--rebase-labels` writes labels that start at 1 shifted by one. Where class 0 simply has no
sample in these lists, say how many classes there are with `--num-classes` or `--classes`.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity, is_ignored

SEVERITY = Severity.ERROR
NEEDS = ("label",)


def find(dataset: Dataset) -> pl.DataFrame:
    """Judge the labels of all lists together: the smallest is above 0 and the number of classes leaves room for it."""
    counted = dataset.lines.filter((pl.col("label") >= 0) & ~is_ignored(dataset))["label"]
    smallest, largest = counted.min(), counted.max()
    names = dataset.classes.names
    count = dataset.classes.number if dataset.classes.number is not None else len(names) if names else None
    nothing = pl.DataFrame(schema={"message": pl.String})
    if not isinstance(smallest, int) or not isinstance(largest, int) or smallest < 1 or count not in (None, largest):
        return nothing
    remedy = "`--rebase-labels` shifts them" if smallest == 1 else "`--num-classes` says how many classes there are"
    message = f"labels go from {smallest} to {largest}, but the first class is 0: {remedy}"
    return pl.DataFrame({"message": [message], "smallest": [smallest], "largest": [largest]})
