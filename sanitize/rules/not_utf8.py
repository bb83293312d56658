"""A line with bytes that are not UTF-8.

Caffe does not mind, Python does: lists are read as UTF-8, and the loader stops at the line. Rename the file, or write
the list in the encoding of the file names.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.WARNING
NEEDS = ("not_utf8",)


def find(dataset: Dataset) -> pl.DataFrame:
    """Find lines that are not UTF-8."""
    return dataset.lines.filter(pl.col("not_utf8")).select("list", "line", message=pl.lit("the line is not UTF-8"))
