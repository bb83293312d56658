"""The file cannot be read.

No permission, an input/output error, a link that leads nowhere, a pipe or a device with a picture's name, or a file
that vanished during the scan. Mend permissions or the link; an input/output error is a reason to look at the disk. The
file is tried again at the next scan.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.ERROR
INTEGRITY = True


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find files with that status."""
    return (
        dataset.facts.lazy()
        .filter(pl.col("status") == "unreadable")
        .select("file", message=pl.format("cannot be read: {}", pl.col("status_message").fill_null("no reason given")))
    )
