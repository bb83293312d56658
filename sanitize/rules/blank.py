"""The picture is blank: all of it has one colour, or nearly so.

Whitening and standardising divide by the deviation of the pixels, which is zero where all are equal: the result is NaN,
and so is every weight after the next step. A picture whose pixels are all equal, as stored, is an error. One where nearly
all lie within `levels` of 256 is a warning: a lens cap, an empty page, a card of one colour. So is a film whose first
frame is of one colour. Blank masks without labels in folders of masks are nothing to worry about, and not told.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.probe.statistics import COLUMNS, VERSION, measure  # noqa: F401
from sanitize.shown import BLANK, without_masks

SEVERITY = Severity.WARNING


def find(dataset: Dataset, *, levels: int = BLANK) -> pl.LazyFrame:
    """Find pictures of which 99.8 % of the pixels lie within `levels` (at most 8 more are measured for)."""
    constant = pl.col("constant").fill_null(value=False)
    still = pl.col("frames").fill_null(1) == 1
    within = pl.when(pl.col("tone_spread") == 0).then(pl.lit("have one colour, seen over white where transparent"))
    nearly = within.otherwise(pl.format("lie within {} of 256 levels", "tone_spread"))
    return (
        without_masks(dataset)
        .filter(constant | (pl.col("tone_spread") <= levels))
        .select(
            "file",
            message=pl.when(constant & still)
            .then(_all_equal())
            .when(constant)
            .then(pl.format("all pixels of the first of {} frames are equal", "frames"))
            .otherwise(pl.format("nearly blank: 99.8 % of the pixels {}", nearly)),
            severity=pl.when(constant & still).then(pl.lit(Severity.ERROR)).otherwise(pl.lit(SEVERITY)),
            levels="tone_spread",
        )
    )


def _all_equal() -> pl.Expr:
    pixels = pl.col("width") * pl.col("height")
    equal = pl.when(pixels == 1).then(pl.lit("a single pixel")).otherwise(pl.format("all {} pixels are equal", pixels))
    return pl.format("{}; standardising divides by zero", equal)
