"""A folder cannot be listed.

What lies in it is missing from the scan and from every clean list. Mend its permissions, or leave it out on purpose
with `--exclude`.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.ERROR


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find folders that the walk could not enter."""
    folders = dataset.unreadable_folders.lazy()
    return folders.select("path", message=pl.format("the folder cannot be listed: {}", "message"))
