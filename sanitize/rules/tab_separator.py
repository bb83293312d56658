"""A tab instead of a blank between path and label.

Caffe splits a line at its last blank and knows no tabs: the whole line is the name and the label is 0. Where the name
without them is a file, the sample is kept and the clean list is written right; otherwise the line is an error.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.labels.blanks import find_mended

SEVERITY = Severity.WARNING
NEEDS = ("tab",)


def find(dataset: Dataset) -> pl.DataFrame:
    """Find lines whose path and label a tab separates; an error where the name is no file even without them."""
    text = "a tab before the label: Caffe takes the label for a part of the name"
    return find_mended(dataset, "tab", text)
