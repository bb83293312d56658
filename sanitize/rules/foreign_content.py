"""The content is no picture.

A file that is named as an image, or that a list names, holds something else: an error page that a server sent instead
of the picture, a Git-LFS pointer that was never fetched, a macOS `._` file, an archive. The message names what it is.
Fetch the sample again, or exclude such files (`--exclude '._*'`).
"""

from __future__ import annotations

import polars as pl

from sanitize import formats
from sanitize.dataset import Dataset, Severity, content_name

SEVERITY = Severity.ERROR
INTEGRITY = True


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find files that hold no picture."""
    return (
        dataset.facts.lazy()
        .filter(pl.col("content").is_in(sorted(set(formats.FOREIGN) - {"empty", "unknown"})))
        .select(
            "file",
            message=pl.concat_str(
                pl.format("not a picture but {}", content_name()),
                pl.format(": {}", "content_detail"),
                ignore_nulls=True,
            ),
            content="content",
            detail="content_detail",
        )
    )
