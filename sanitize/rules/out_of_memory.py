"""Decoding needs more memory than one process may use.

The process that decoded it went over `--memory-limit`, twice, the second time on this file alone. Take the sample out
or resize it; raise `--memory-limit` where such files are meant. Where looking at it closely takes too much memory, the
decoder had come to an end, and what is measured of the picture had not.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity, why_stopped

SEVERITY = Severity.ERROR
INTEGRITY = True


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find files with that status."""
    stopped = dataset.facts.lazy().filter(pl.col("status") == "memory")
    return stopped.select("file", message=why_stopped("decoding takes too much memory", "takes too much memory"))
