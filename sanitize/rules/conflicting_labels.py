"""The same file under two labels.

One of them is wrong, and nothing says which: every line of the file is an error, on whichever lists they are. Keep
the right line and delete the others.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.ERROR
_NAMED = 5  # lines that a finding names


def find(dataset: Dataset) -> pl.DataFrame:
    """Find all lines of files that have more than one label, over all lists together."""
    lines = dataset.lines.lazy().filter(pl.col("file").is_not_null() & pl.col("label").is_not_null())
    span = lines.group_by("file").agg(least=pl.col("label").min(), most=pl.col("label").max())
    torn = lines.join(
        span.filter(pl.col("least") != pl.col("most")), on="file", how="inner", maintain_order="left"
    ).collect()
    sources = dict(enumerate(of.source for of in dataset.lists))
    here = pl.format("{}:{} says {}", pl.col("list").replace_strict(sources, return_dtype=pl.String), "line", "label")
    torn = torn.with_columns(here=here).join(
        torn.with_columns(here=here)
        .group_by("file")
        .agg(said=pl.col("here").sort_by("list", "line").head(_NAMED), count=pl.len()),
        on="file",
        how="left",
        maintain_order="left",
    )
    more = pl.when(pl.col("count") > _NAMED).then(pl.lit(", ...")).otherwise(pl.lit(""))
    message = pl.format("two labels for the same file: {}", pl.col("said").list.join(", ") + more)
    return torn.select("list", "line", message=message, lines="said", count="count")
