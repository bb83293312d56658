"""A class that no kept line has.

Its output is never trained, a mean over classes divides by zero, and where folders are classes the indices shift
between frameworks. It is an error where the number of classes is given with `--num-classes` or `--classes`, and else a
warning. Add samples, or say the right number. Judged over all lists together: a class may be missing in one split.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity, class_count, is_ignored
from sanitize.labels.words import quoted
from sanitize.rules import labels_not_from_zero

SEVERITY = Severity.WARNING
AFTER_VERDICTS = True
_NAMED = 100  # classes that get a finding of their own


def find(dataset: Dataset) -> pl.DataFrame:
    """Find classes without a kept sample: the first hundred one by one, the others together."""
    if not any(of.labelled for of in dataset.lists):
        return pl.DataFrame(schema={"message": pl.String})
    names = dataset.classes.names or ()
    count = class_count(dataset) or 0
    present = (pl.col("label") >= 0) & (pl.col("label") < count) & ~is_ignored(dataset) & pl.col("kept")
    kept = dataset.lines.filter(present)["label"].unique()
    ignored = sorted(label for label in dataset.ignore_label if 0 <= label < count)
    # Among so many classes there are a hundred empty ones, if there are that many at all.
    most = len(kept) + len(ignored) + _NAMED
    candidates = pl.int_range(min(count, most), dtype=pl.Int64, eager=True).alias("class")
    empty = candidates.to_frame().join(kept.to_frame("class"), on="class", how="anti", maintain_order="left")
    empty = empty.filter(~pl.col("class").is_in(ignored)).head(_NAMED)
    beyond = count - len(kept) - empty.height - len(ignored)
    if not labels_not_from_zero.find(dataset).is_empty():
        empty = empty.filter(pl.col("class") > 0)
    named = pl.DataFrame({"class": range(len(names)), "name": names}, schema={"class": pl.Int64, "name": pl.String})
    empty = empty.join(named, on="class", how="left", maintain_order="left")
    label = pl.format("class {}", "class") + (pl.lit(" ") + quoted(pl.col("name"))).fill_null("")
    found = empty.select(
        message=label + pl.lit(" has no sample"), **{"class": pl.col("class")}, count=pl.lit(1, pl.Int64)
    )
    # Reports are in the order of their messages, and the first is the example of a rule: this one comes last.
    rest = pl.DataFrame({"message": [f"classes without a sample: {beyond} more"], "count": [beyond]}).filter(
        pl.col("count") > 0
    )
    severity = Severity.ERROR if dataset.classes.number is not None else Severity.WARNING
    return pl.concat([found, rest], how="diagonal").with_columns(severity=pl.lit(severity.value))
