"""A name of more than 502 bytes.

Caffe's LMDB key is the line number, an underscore and the name as on the list, and LMDB's longest key has 511 bytes.
`max-bytes` is what is left of these. Shorten folders or file name.
"""

from __future__ import annotations

import polars as pl

from sanitize import names
from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.WARNING
AFTER_VERDICTS = True


def find(dataset: Dataset, *, max_bytes: int = 502) -> pl.DataFrame:
    """Find kept lines whose path, as the clean list has it, is longer than `max_bytes`."""
    listed = pl.coalesce("rgb_path", "path")
    # A byte that is no UTF-8 is a character of four bytes in a key.
    size = listed.str.len_bytes() - 3 * listed.str.count_matches(names.PRIVATE)
    long = dataset.facts.lazy().filter(size > max_bytes).select("file", size=size)
    kept = dataset.lines.lazy().filter("kept").select("list", "line", "file")
    lines = kept.join(long, on="file", how="inner", maintain_order="left")
    message = pl.format("the name has {} bytes, more than {}", "size", pl.lit(max_bytes))
    return lines.select("list", "line", message=message, bytes="size").collect()
