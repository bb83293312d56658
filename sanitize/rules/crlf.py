"""Lines that end in CR LF.

Caffe happens to read them, other loaders take the CR for a part of the label. The clean list ends its lines in LF.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.WARNING
NEEDS = ("crlf",)


def find(dataset: Dataset) -> pl.DataFrame:
    """Find lines that end in CR LF."""
    return dataset.lines.filter(pl.col("crlf")).select("list", "line", message=pl.lit("the line ends in CR LF"))
