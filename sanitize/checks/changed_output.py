"""A list or report in OUT is not the one that the scan wrote.

A clean list that somebody edited names samples that nobody judged, or with other labels. Write lists of your own beside
OUT, not into it, and scan with `--labels` what they hold.

Scan again: all lists and reports are written anew.
"""

from __future__ import annotations

import polars as pl

from sanitize.scanned import Scanned


def find(scanned: Scanned) -> pl.DataFrame:
    """Find the files of OUT that are gone or changed."""
    return changed(scanned.outputs, "the scan wrote it")


def changed(files: pl.DataFrame, then: str) -> pl.DataFrame:
    """Return those of the files (`Scanned.outputs` or `inputs`) that are gone or changed since `then`."""
    message = (
        pl.when(pl.col("sha256_now").is_null())
        .then(pl.lit("is gone, or cannot be read"))
        .when(pl.col("size").is_null())
        .then(pl.lit(f"changed since {then}: other settings"))
        .when(pl.col("size") != pl.col("size_now"))
        .then(pl.format("changed since {}: {} bytes, and {} then", pl.lit(then), "size_now", "size"))
        .otherwise(pl.lit(f"changed since {then}: other content of the same size"))
    )
    wrong = files.filter(pl.col("sha256_now").is_null() | (pl.col("sha256") != pl.col("sha256_now")))
    return wrong.select(
        list="name", message=message, size="size", size_now="size_now", sha256="sha256", sha256_now="sha256_now"
    )
