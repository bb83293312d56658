"""A list that starts with a byte-order mark.

Caffe and most loaders take the three bytes for a part of the first name, and lose the first sample; table readers
take them for a part of the first column's name. The clean list has none. Save the file as UTF-8 *without* BOM.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.WARNING


def find(dataset: Dataset) -> pl.DataFrame:
    """Find marked lists; the finding is about line 1, or about the list where line 1 is no sample."""
    marked = [index for index, of in enumerate(dataset.lists) if of.byte_order_mark]
    first = dataset.lines.lazy().filter(pl.col("list").is_in(marked) & (pl.col("line") == 1)).select("list", "line")
    lists = pl.LazyFrame({"list": marked}, schema={"list": pl.UInt32})
    message = pl.lit("a byte-order mark before the first line: loaders take it for a part of the text")
    return (
        lists.join(first, on="list", how="left", maintain_order="left")
        .select("list", "line", message=message)
        .collect()
    )
