"""The picture is far smaller or larger than the others.

A thumbnail among photos, a scan among icons: scaled to the size of the others it shows something else than they do. The
size is the square root of width × height. It is odd where it lies beyond the quartiles of all sizes by more than `iqr`
times their distance, on a scale of doublings, and by a factor of at least `factor`; and where no more than `share` of the
files are as odd on that side, as more of them are no oddity but a kind of their own. Where nearly all pictures (`uniform`
of at least 100) have the same sides, any other is odd, as batches of it cannot be stacked. Sets of less than `least`
pictures are too small to tell.

A small one most often is a thumbnail: fetch its original, or take it out. Scale or crop a large one as the others
were, so that what it shows has their size.
"""

from __future__ import annotations

import math

import polars as pl

from sanitize.dataset import Dataset, Severity, pixel_count

SEVERITY = Severity.WARNING
LIMITS = {"factor": (1, math.inf), "share": (0, 1), "uniform": (0, 1)}
_LEAST_UNIFORM = 100


def find(
    dataset: Dataset,
    *,
    iqr: float = 3.0,
    factor: float = 5.0,
    share: float = 0.15,
    uniform: float = 0.99,
    least: int = 30,
) -> pl.DataFrame:
    """Find pictures of an odd size among at least `least` that decode."""
    size = pixel_count().sqrt()
    sides = [pl.max_horizontal("width", "height").alias("long"), pl.min_horizontal("width", "height").alias("short")]
    pictures = (
        dataset.facts.lazy()
        .filter(pl.col("decodes") & (pl.col("width") > 0) & (pl.col("height") > 0))
        .select("file", "width", "height", *sides, size=size, log=size.log(2))
        .filter(pl.len() >= least)
        .with_columns(alike=pl.len().over("long", "short"))
        .collect()
    )
    if pictures.is_empty():
        return pl.DataFrame(schema={"file": pl.UInt32, "message": pl.String})
    quarter, three_quarters = (pl.col("log").quantile(at) for at in (0.25, 0.75))
    reach = pl.max_horizontal(iqr * (three_quarters - quarter), pl.lit(factor).log(2))
    smallest, largest = pictures.select(low=quarter - reach, high=three_quarters + reach).row(0)
    small, large = pl.col("log") < smallest, pl.col("log") > largest
    few_small, few_large = small.mean() <= share, large.mean() <= share
    most = pl.col("alike").max()
    other = (pl.len() >= _LEAST_UNIFORM) & (most >= uniform * pl.len()) & (pl.col("alike") < most)
    usual = pl.struct("width", "height").sort_by("alike", "file", descending=[True, False]).first()
    return (
        pictures.with_columns(
            other=other,
            odd=(small & few_small) | (large & few_large),
            median=pl.col("size").median(),
            most=most,
            of=pl.len(),
            usual=usual,
        )
        .filter(pl.col("other") | pl.col("odd"))
        .select("file", message=_say(), width="width", height="height", median=pl.col("median").round())
    )


def _say() -> pl.Expr:
    size = pl.format("{} × {} pixels", "width", "height")
    usual = [pl.col("usual").struct.field(name) for name in ("width", "height")]
    times = pl.max_horizontal(pl.col("size") / pl.col("median"), pl.col("median") / pl.col("size")).round(1)
    return (
        pl.when("other")
        .then(pl.format("{}, where {} of {} pictures have {} × {}", size, "most", "of", *usual))
        .when(pl.col("size") < pl.col("median"))
        .then(pl.format("{}; the median picture is {} times as large", size, times))
        .otherwise(pl.format("{}, {} times as large as the median picture", size, times))
    )
