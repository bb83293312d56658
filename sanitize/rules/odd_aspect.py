"""The picture is far longer in one direction than in the other.

A banner, a strip, a panorama: scaled to a square it is squeezed beyond recognition, cropped to one it loses most of what
it shows. Odd is a longer side of more than `ratio` times the shorter one; panoramas of 3 : 1 and wide films are not. In a
set of at least 20 pictures of which more than `share` are so long, as lines of text are, it is what they are like.

Crop it to what its label says, or pad it to the proportions of the others before it is scaled; else take it out.
"""

from __future__ import annotations

import math

import polars as pl

from sanitize.dataset import Dataset, Severity

SEVERITY = Severity.WARNING
LIMITS = {"ratio": (1, math.inf), "share": (0, 1)}
_ENOUGH = 20


def find(dataset: Dataset, *, ratio: float = 3.0, share: float = 0.2) -> pl.LazyFrame:
    """Find pictures longer than `ratio` to 1, unless more than `share` of them are."""
    elongation = pl.max_horizontal("width", "height") / pl.min_horizontal("width", "height")
    long = pl.col("elongation") > ratio
    return (
        dataset.facts.lazy()
        .filter(pl.col("decodes") & (pl.col("width") > 0) & (pl.col("height") > 0))
        .select("file", "width", "height", elongation=elongation)
        .filter(long & ((pl.len() < _ENOUGH) | (long.mean() <= share)))
        .select(
            "file",
            message=pl.format(
                "{} × {} pixels: {} times as long as it is {}",
                "width",
                "height",
                pl.col("elongation").round(1),
                pl.when(pl.col("width") > pl.col("height")).then(pl.lit("high")).otherwise(pl.lit("wide")),
            ),
            width="width",
            height="height",
        )
    )
