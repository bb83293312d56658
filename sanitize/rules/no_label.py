"""A line without a label, on a list that gives labels.

Caffe reads such a line as class 0, silently. In a table `NaN` and `null` are how programs write that there is none, and
neither numbers nor names, unless `--classes` has them. Give the line its label, or take it off the list.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.ERROR


def find(dataset: Dataset) -> pl.DataFrame:
    """Find lines with a path and no label."""
    labelled = [index for index, of in enumerate(dataset.lists) if of.labelled]
    bare = pl.col("label_text").is_null() & ~pl.col("empty") & pl.col("malformed").is_null()
    lines = dataset.lines.filter(pl.col("list").is_in(labelled) & bare)
    return lines.select("list", "line", message=pl.lit("the line has no label; Caffe would take it for class 0"))
