"""A picture of a kind that Pillow does not open.

The file is no damaged one: it is a picture of a format, or of a variant of a format, that Pillow does not open,
and so most loaders; some of them OpenCV alone reads (PAM, Radiance HDR). Convert it (HEIC, JPEG XL, camera raw and
the like by their own tools) and list the result. A file that no list names gives a warning only.
"""

from __future__ import annotations

import polars as pl

from sanitize import formats
from sanitize.dataset import Dataset, Severity, content_name, is_listed, pixel_count

SEVERITY = Severity.ERROR
INTEGRITY = True


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find pictures of formats that are never opened."""
    closed = pl.col("content").is_in(sorted(formats.CLOSED))
    small_enough = (pixel_count() <= dataset.max_pixels).fill_null(value=True)
    severity = pl.when(is_listed(dataset)).then(pl.lit(Severity.ERROR)).otherwise(pl.lit(Severity.WARNING))
    return (
        dataset.facts.lazy()
        .filter((closed | pl.col("unsupported").is_not_null()) & small_enough)
        .select(
            "file",
            severity=severity,
            message=pl.concat_str(
                content_name(),
                pl.lit(" that cannot be opened here"),
                pl.when(~closed).then(pl.format(": {}", "unsupported")),
                ignore_nulls=True,
            ),
            content="content",
        )
    )
