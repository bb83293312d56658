"""A line names a file that is not there.

Loaders disagree about what follows: Caffe's tools skip the sample without a word, others stop in the middle of an
epoch. Restore the file, or take the line off the list. Where a file of a similar name is there, the finding names it;
where its folder could not be listed, nobody knows whether the file is there.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity, unlisted_folders
from sanitize.labels.words import quoted, readable

SEVERITY = Severity.ERROR


def find(dataset: Dataset) -> pl.DataFrame:
    """Find lines without a file, unless blanks that another rule names are the reason."""
    bent = pl.col("trailing_blank") | pl.col("double_blank") | pl.col("tab")
    missing = pl.col("file").is_null() & pl.col("path").is_not_null() & pl.col("malformed").is_null()
    lines = dataset.lines.filter(missing & ~pl.col("outside") & ~bent)
    name = quoted(pl.col("target").fill_null(pl.col("path")))
    hint = readable(pl.col("hint"))
    message = pl.lit("there is no file ") + name + (pl.lit("; ") + hint).fill_null("")
    if dataset.unreadable_folders.height:
        folder = quoted(pl.col("folder"))
        lines = lines.with_columns(folder=unlisted_folders(lines["target"], dataset.unreadable_folders))
        unknown = pl.format("the file {} cannot be looked for: the folder {} cannot be listed", name, folder)
        message = pl.when(pl.col("folder").is_null()).then(message).otherwise(unknown)
        hint = pl.when(pl.col("folder").is_null()).then(hint)
    return lines.select("list", "line", message=message, hint=hint)
