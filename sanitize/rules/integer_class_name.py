"""Integers among the class names of a list.

Where most labels of a table are names, all are: `1` is a class of that name then, which is trained under whatever index
its place among the names gives it, and hardly under 1. Write all labels as names, or all as indices; where classes are
called by numbers, say so with `--classes`.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.labels.words import quoted

SEVERITY = Severity.WARNING
NEEDS = ("label_text",)


def find(dataset: Dataset) -> pl.DataFrame:
    """Find lists whose labels were taken for class names although some are integers."""
    guessed = [index for index, of in enumerate(dataset.lists) if of.guessed_names]
    lines = dataset.lines.lazy().filter(pl.col("list").is_in(guessed) & pl.col("label").is_not_null())
    integer = pl.col("label_text").str.strip_chars().str.extract(r"^([+-]?[0-9]+)(?:\.0*)?$")
    lines = lines.with_columns(integer=integer, of=pl.len().over("list")).filter(pl.col("integer").is_not_null())
    # An index that a number happens to have says least of what is wrong.
    is_own = (pl.col("integer").str.strip_prefix("+").cast(pl.Int64, strict=False) == pl.col("label")).fill_null(
        value=False
    )
    first = pl.col("label_text", "line", "label").sort_by(is_own, "line").first()
    found = lines.group_by("list").agg(first, pl.col("of").first(), integers=pl.len()).sort("list")
    message = pl.format(
        "{} of {} labels are integers, such as {} on line {}, which is taken for a name and trained as class {}",
        *("integers", "of", quoted(pl.col("label_text")), "line", "label"),
    )
    return found.select("list", "integers", message=message).collect()
