"""The same file with the same label again on the same list.

The sample would be trained twice as often as the others, and counted twice in a test. The first line is kept.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity, stands_for_a_sample

SEVERITY = Severity.WARNING
NEEDS = ("line",)


def find(dataset: Dataset) -> pl.DataFrame:
    """Find lines that repeat an earlier one of their list."""
    repeats = [index for index, of in enumerate(dataset.lists) if not of.implicit]
    usable = pl.col("list").is_in(repeats) & stands_for_a_sample(dataset)
    lines = dataset.lines.lazy().filter(usable).select("list", "line", "file", "label")
    key = ["list", "file", "label"]
    again = lines.group_by(key).agg(first=pl.col("line").min(), count=pl.len()).filter(pl.col("count") > 1)
    lines = lines.join(again, on=key, how="inner", maintain_order="left")
    return (
        lines.filter(pl.col("line") > pl.col("first"))
        .select(
            "list",
            "line",
            message=pl.format("the same sample as on line {}", "first"),
            drops=pl.lit(value=True),
            first="first",
        )
        .collect()
    )
