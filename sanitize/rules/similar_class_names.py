"""Class names that differ only in case, blanks or quotes.

`happiness` and `HAPPINESS` are two classes to every loader, and nearly always one to whoever wrote them; of
`cat"` in a table only a stray quote makes a class. Write them alike.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.labels.words import folded, quoted

SEVERITY = Severity.WARNING


def find(dataset: Dataset) -> pl.DataFrame:
    """Find groups of class names, of the list of classes and of the labels, that are nearly the same."""
    names = dataset.classes.names or ()
    if not names and not dataset.class_texts:
        return pl.DataFrame(schema={"message": pl.String, "names": pl.List(pl.String)})
    given = pl.DataFrame({"name": names, "uses": 0}, schema={"name": pl.String, "uses": pl.Int64})
    used = pl.DataFrame(
        {"name": list(dataset.class_texts), "uses": list(dataset.class_texts.values())},
        schema={"name": pl.String, "uses": pl.Int64},
    )
    twice = given.group_by("name").len("copies")
    every = (
        pl.concat([given, used])
        .group_by("name")
        .agg(pl.col("uses").sum())
        .join(twice, on="name", how="left")
        .sort("name")
    )
    groups = (
        every.with_columns(key=folded(pl.col("name")))
        .group_by("key", maintain_order=True)
        .agg(
            "name",
            said=pl.format("{} ({} samples)", quoted(pl.col("name")), "uses"),
            copies=pl.col("copies").max(),
            of=pl.len(),
        )
    )
    alike = groups.filter(pl.col("of") > 1)
    same = groups.filter((pl.col("of") == 1) & (pl.col("copies") > 1))
    return pl.concat(
        [
            alike.select(
                message=pl.lit("class names differ only in case, blanks or quotes: ") + pl.col("said").list.join(", "),
                names="name",
            ),
            same.select(
                message=pl.format("{} classes have the name {}", "copies", quoted(pl.col("name").list.first())),
                names="name",
            ),
        ]
    )
