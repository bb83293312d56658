"""A picture of the clean lists is not the one that was scanned.

It is gone, or its size or time of change is another: whatever the scan found out about it was of another file. With
`--deep` the content decides alone: a picture that was touched or restored is the same while its SHA-256 is.

Scan again; what has not changed is not decoded again.
"""

from __future__ import annotations

import polars as pl

from sanitize.scanned import Scanned


def find(scanned: Scanned) -> pl.DataFrame:
    """Find the pictures of the clean lists that are gone or changed."""
    size, time, trouble = pl.col("size_now"), pl.col("mtime_ns_now"), pl.col("trouble")
    if scanned.deep:
        changed = (pl.col("sha256_now") != pl.col("sha256")) | pl.col("sha256_now").is_null()
    else:
        changed = (size != pl.col("size")) | (time != pl.col("mtime_ns"))
    message = (
        pl.when(trouble == "")
        .then(pl.lit("is gone since the scan"))
        .when(trouble.is_not_null())
        .then(pl.format("cannot be looked at: {}", trouble))
        .when(size != pl.col("size"))
        .then(pl.format("changed since the scan: {} bytes, and {} then", size, "size"))
        .when(pl.lit(scanned.deep) & pl.col("sha256_now").is_null())
        .then(pl.lit("cannot be read"))
        .when(time != pl.col("mtime_ns"))
        .then(
            pl.format(
                "changed since the scan: written {}, and {} then", shown_time(time), shown_time(pl.col("mtime_ns"))
            )
        )
        .otherwise(pl.lit("changed since the scan: other content of the same size and time"))
    )
    return (
        scanned.files.lazy()
        .filter(trouble.is_not_null() | changed)
        .select(
            "path",
            message=message,
            size="size",
            size_now=size,
            mtime_ns="mtime_ns",
            mtime_ns_now=time,
            sha256=pl.when(pl.col("sha256_now").is_not_null()).then("sha256"),
            sha256_now="sha256_now",
        )
        .collect()
    )


def shown_time(nanoseconds: pl.Expr) -> pl.Expr:
    """Return times as a message has them."""
    return pl.from_epoch(nanoseconds, time_unit="ns").dt.strftime("%Y-%m-%d %H:%M:%S%.f UTC")
