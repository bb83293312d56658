"""A decoder did not finish in time.

No answer within `--timeout` seconds, twice. A data loader would hang on it. Take the sample out; raise `--timeout`
where files are large and the storage is slow. Where looking at it closely takes too long, the decoder had come to an end,
and what is measured of the picture had not.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity, why_stopped

SEVERITY = Severity.ERROR
INTEGRITY = True


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find files with that status."""
    stopped = dataset.facts.lazy().filter(pl.col("status") == "timeout")
    return stopped.select("file", message=why_stopped("the decoder hangs", "takes too long"))
