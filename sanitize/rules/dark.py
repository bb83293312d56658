"""The picture is dark all over.

An underexposed photo, or one taken with the lens covered: there is next to nothing to learn from. A picture is dark
where 99 % of it, averaged to 32 × 32, are no brighter than `brightness` of 255, and not one pixel in ten thousand, in
full size, is brighter than `light`, nor one in a thousand than 191 in any channel. A night sky with stars or a moon,
a lamp in a street, a neon sign, a text or a bright subject on black is therefore none. In a folder where at least
half are lossless pictures of numbers instead of 8-bit levels (16 or 32 bits of one channel, floats or single bits) or
masks, these are not judged unless they have labels.

Take it out where what its label says cannot be seen. A set that is meant to be dark, as of a camera at night, has a lower
`brightness` or accepts such pictures in a baseline; pictures of 16 bits that use few of them are scaled before training.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.probe.statistics import COLUMNS, DARK, LIT, VERSION, measure  # noqa: F401
from sanitize.shown import judged

SEVERITY = Severity.WARNING
# Brightness as far as what is compared with it is measured.
LIMITS = {"brightness": (0, DARK), "light": (0, 255)}


def find(dataset: Dataset, *, brightness: int = 80, light: int = 127) -> pl.LazyFrame:
    """Find pictures without anything brighter; `brightness` may be up to 96, as `brightest` is measured so far."""
    share = pl.when(pl.col("brightest") < LIT).then(pl.lit("99.99 %")).otherwise(pl.lit("nearly all"))
    return (
        judged(dataset)
        .filter((pl.col("brightness_99") <= brightness) & (pl.col("brightest") <= light))
        .select(
            "file",
            message=pl.format("dark: {} of the pixels are no brighter than {} of 255", share, "brightest"),
            brightest="brightest",
            brightness="brightness_99",
        )
    )
