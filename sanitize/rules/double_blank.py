"""More than one blank between path and label.

Caffe splits a line at its last blank: the others belong to the name, and the file is not found. Where the name
without them is a file, the sample is kept and the clean list is written right; otherwise the line is an error.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.labels.blanks import find_mended

SEVERITY = Severity.WARNING
NEEDS = ("double_blank",)


def find(dataset: Dataset) -> pl.DataFrame:
    """Find lines with several blanks between path and label; an error where the name is no file even without them."""
    text = "more than one blank before the label: Caffe takes all but the last for a part of the name"
    return find_mended(dataset, "double_blank", text)
