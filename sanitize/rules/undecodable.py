"""No decoder can read it as a picture.

The file claims to be an image, or is named as one, and Pillow gives no picture of it, neither as it is nor with
`LOAD_TRUNCATED_IMAGES`. A loader raises, or skips the sample in silence so that the data set is not what its list
says. Fetch the sample again; nothing can be rescued from this file.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity, gives_a_picture, is_image_content

SEVERITY = Severity.ERROR
INTEGRITY = True


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find files that no decoder opens."""
    nameless = pl.col("content") == "unknown"
    broken = is_image_content() & pl.col("unsupported").is_null() & ~gives_a_picture()
    return (
        dataset.facts.lazy()
        .filter(nameless | broken)
        .select(
            "file",
            message=pl.when(nameless)
            .then(
                pl.concat_str(
                    pl.lit("no format is recognised"), pl.format(" ({})", "content_detail"), ignore_nulls=True
                )
            )
            .otherwise(
                pl.concat_str(
                    pl.format(
                        "cannot be decoded: {}",
                        pl.coalesce("complaint", "decode_message", pl.lit("no reason given")),
                    ),
                    pl.format("; it {}", "content_detail"),
                    ignore_nulls=True,
                )
            ),
            content="content",
            strict="decode_message",
            truncated_allowed="decode_truncated_message",
            complaint="complaint",
        )
    )
