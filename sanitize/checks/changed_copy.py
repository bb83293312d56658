"""An entry of `images/` is not what the scan put there.

A loader reads OUT/images: a link that leads elsewhere, a copy of another size or written later, an entry that is gone or
that the scan did not make is trained on as it is. With `--deep` the content of copies decides, and not when they were written.

Scan again: what is missing or was written later is made anew, all else stays. What `--deep` alone has found is to be
removed before.
"""

from __future__ import annotations

import polars as pl

from sanitize.checks.changed_file import shown_time
from sanitize.image_tree import IS_LINK, is_as_made
from sanitize.scanned import Scanned


def find(scanned: Scanned) -> pl.DataFrame:
    """Find the entries that are gone, changed or strange."""
    kind, kind_now = pl.col("kind"), pl.col("kind_now")
    other_target = (pl.col("target_now") != pl.col("target")).fill_null(value=False)
    other_size = (pl.col("bytes_now") != pl.col("bytes")).fill_null(value=False)
    other_time = pl.lit(not scanned.deep) & ~is_as_made()
    other_content = (pl.col("sha256_now") != pl.col("sha256")).fill_null(value=False)
    unread = pl.lit(scanned.deep) & pl.col("sha256").is_not_null() & pl.col("sha256_now").is_null()
    is_link = kind_now == IS_LINK
    what = (
        pl.when(pl.col("path").is_null())
        .then(pl.lit("is there, and no list of the scan names it"))
        .when(kind_now.is_null())
        .then(pl.lit("is gone since the scan"))
        .when(~pl.col("vouched"))
        .then(pl.lit("may have been made anew: a later scan did not finish"))
        .when(kind != kind_now)
        .then(pl.when(is_link).then(pl.lit("is a link, and was a file")).otherwise(pl.lit("is a file, and was a link")))
        .when(other_target)
        .then(pl.format("leads to {}, and to {} then", "target_now", "target"))
        .when(other_size)
        .then(pl.format("changed since the scan: {} bytes, and {} then", "bytes_now", "bytes"))
        .when(other_time)
        .then(
            pl.format(
                "changed since the scan: written {}, and {} then",
                *map(shown_time, (pl.col("made_ns_now"), pl.col("made_ns"))),
            )
        )
        .when(other_content)
        .then(pl.lit("changed since the scan: other content of the same size"))
        .when(unread)
        .then(pl.lit("cannot be read"))
    )
    name = pl.concat_str(pl.lit("images/"), "rgb_path")
    return (
        scanned.entries.lazy()
        .with_columns(what=what)
        .filter(pl.col("what").is_not_null())
        .select(
            path=pl.coalesce("path", "rgb_path"),
            message=pl.format("{} {}", name, "what"),
            gone=kind_now.is_null(),
            target=pl.when(other_target).then("target"),
            target_now=pl.when(other_target).then("target_now"),
            bytes="bytes",
            bytes_now="bytes_now",
            sha256=pl.when(other_content).then("sha256"),
            sha256_now=pl.when(other_content).then("sha256_now"),
        )
        .collect()
    )
