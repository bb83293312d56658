"""The picture is blank: all of it has one colour, or nearly so.

Whitening and standardising divide by the deviation of the pixels, which is zero where all are equal: the result is NaN, and
so is every weight after the next step. A picture whose pixels are all equal, as stored, is an error; of 16-bit colour that
holds for PNG, TIFF and PPM, as of other formats 8 bits can be seen. One where 99.8 % of them lie within `levels` of 256,
and not one in ten thousand is clearly different, is a warning: a lens cap, an empty page, a card of one colour. So is one
that only looks so: what differs is transparent, or has equal colours in the palette. So is a film whose first frame is of
one colour, though a loader that takes only that gets nothing else. Blank masks without labels in folders of masks are
nothing to worry about, and not told.

Fetch the original, or take the picture out. Where blank ones belong to the set, let training divide by no less than a small
number, as TensorFlow's `per_image_standardization` does by 1/√N of N values, and accept them in a baseline.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.probe.statistics import COLUMNS, SPREAD, VERSION, measure  # noqa: F401
from sanitize.shown import BLANK, without_masks

SEVERITY = Severity.WARNING
# As far as what is compared with it is measured.
LIMITS = {"levels": (0, SPREAD)}


def find(dataset: Dataset, *, levels: int = BLANK) -> pl.LazyFrame:
    """Find pictures of which 99.8 % of the pixels lie within `levels` (16 at most, as `tone_spread` is measured so far)."""
    constant = pl.col("constant").fill_null(value=False)
    still = pl.col("frames").fill_null(1) == 1
    seen = pl.when(pl.col("alpha")).then(pl.lit(", seen over white where transparent")).otherwise(pl.lit(""))
    deep = pl.when(pl.col("bits") > 8).then(pl.format(" in 8 of their {} bits", "bits")).otherwise(pl.lit(""))
    one = pl.when(pl.col("tone_spread") == 0).then(pl.format("have one colour{}{}", deep, seen))
    nearly = one.otherwise(pl.format("lie within {} of 256 levels", "tone_spread"))
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
