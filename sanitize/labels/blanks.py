"""Findings about blanks that a reader mended: how much they weigh depends on whether the mended name is a file."""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.labels.words import quoted


def find_mended(dataset: Dataset, column: str, text: str, *, unless: tuple[str, ...] = ()) -> pl.DataFrame:
    """Return a finding for each line where `column` of `dataset.LINE_COLUMNS` holds, with `text` as its message.

    It is an error where the mended name is no file, unless one of the columns `unless` holds too and says so already.
    """
    lost = pl.col("file").is_null() & ~pl.any_horizontal("outside", *unless)
    message = pl.lit(text)
    return dataset.lines.filter(pl.col(column) & pl.col("malformed").is_null()).select(
        "list",
        "line",
        severity=pl.when(lost).then(pl.lit(Severity.ERROR)).otherwise(pl.lit(Severity.WARNING)),
        message=pl.when(lost)
        .then(message + pl.format(", and there is no file {} either", quoted(pl.col("path"))))
        .otherwise(message),
    )
