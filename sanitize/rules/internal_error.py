"""The program itself failed on the file.

The sample is unchecked: neither clean nor called corrupt, and on no clean list. The traceback is in the evidence;
please report it, with the file where you can. The scan ends with status 3.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.ERROR
INTEGRITY = True


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find files on which a probe failed."""
    return (
        dataset.facts.lazy()
        .filter(pl.col("status") == "internal")
        .select(
            "file",
            message=pl.format(
                "not checked: {}", pl.col("status_message").str.strip_chars().str.split("\n").list.last()
            ),
            traceback="status_message",
        )
    )
