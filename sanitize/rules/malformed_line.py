"""A line that cannot be taken apart.

A label without a path, a carriage return or a NUL byte inside the line, a table's row with more fields than its
header, lines that a quote left open makes one row of: what was meant cannot be told, and loaders guess differently.
Mend the line.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.ERROR
NEEDS = ("malformed",)


def find(dataset: Dataset) -> pl.DataFrame:
    """Find lines that a reader could not take apart."""
    return dataset.lines.filter(pl.col("malformed").is_not_null()).select("list", "line", message="malformed")
