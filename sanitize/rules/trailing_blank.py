"""Blanks after the label.

Caffe splits a line at its last blank: it looks for a file `a.jpg 3` and reads no label. Where the name without them
is a file, the sample is kept and the clean list is written right; otherwise the line is an error.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.labels.blanks import find_mended

SEVERITY = Severity.WARNING
NEEDS = ("trailing_blank",)


def find(dataset: Dataset) -> pl.DataFrame:
    """Find blanks or tabs after the label; an error where the name is no file even without them."""
    text = "blanks after the label: Caffe takes the label for a part of the name"
    return find_mended(dataset, "trailing_blank", text, unless=("tab", "double_blank"))
