"""The same pixels as another file, in other bytes.

It was saved in another format without loss, or with other metadata. Copies weigh more than other pictures in training,
and on two lists they are a leak (`split-leak`). Keep one; `--drop-duplicates` keeps the first on each list under
each label.
"""

from __future__ import annotations

import polars as pl

from sanitize.copies.same import copies
from sanitize.dataset import Dataset, Severity
from sanitize.probe.hashes import COLUMNS, VERSION, measure  # noqa: F401 - what the search is made on

SEVERITY = Severity.WARNING
CHOOSES = True
NEEDS = ("same_pixels",)


def find(dataset: Dataset) -> pl.DataFrame:
    """Find the files of groups that have the same pixels, but not the same bytes."""
    return copies(dataset, "same_pixels", beyond="same_bytes", says="with the same pixels")
