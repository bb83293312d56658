"""A damaged picture is kept as far as it decodes.

`--salvage` was given, or the damage was accepted and `--keep-accepted` given: what a tolerant decoder makes of the file is
on the clean list, as a copy, or with `--no-images` the file itself. Parts of the picture may be grey, black or smeared; one
of which nothing but one colour is left gets no copy (`unconvertible`). It is compared with others by its bytes only: that a
sound copy of it is on another list, or under another label, is not found.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.WARNING
AFTER_VERDICTS = True


def find(dataset: Dataset) -> pl.LazyFrame:
    """Find kept pictures that are damaged."""
    damaged = ~pl.col("decodes") | pl.col("complaint").is_not_null()
    return (
        dataset.facts.lazy()
        .filter(pl.col("kept") & damaged)
        .select(
            "file",
            message=pl.concat_str(
                pl.lit("kept although damaged"),
                pl.format(": {}", pl.coalesce("complaint", "decode_message")),
                ignore_nulls=True,
            ),
            survives="survives",
        )
    )
