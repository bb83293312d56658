"""A class name that is not among the classes of `--classes`.

The sample has no index to be trained with. Mend the spelling, or add the class; a name that differs only in case or
blanks is named in the finding.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.labels.words import folded, quoted

SEVERITY = Severity.ERROR
NEEDS = ("unknown_class",)


def find(dataset: Dataset) -> pl.DataFrame:
    """Find class names without an index, with the class that has nearly that name."""
    names = pl.DataFrame({"name": dataset.classes.names or ()}, schema={"name": pl.String})
    similar = names.with_columns(key=folded(pl.col("name"))).unique("key", keep="first", maintain_order=True)
    lines = dataset.lines.filter(pl.col("unknown_class")).with_columns(key=folded(pl.col("label_text")))
    lines = lines.join(similar, on="key", how="left", maintain_order="left")
    hint = pl.format("; there is {}", quoted(pl.col("name"))).fill_null("")
    return lines.select("list", "line", message=pl.format("there is no class {}{}", quoted(pl.col("label_text")), hint))
