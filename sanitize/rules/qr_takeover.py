"""The picture is a QR code, or one stands in its centre.

A download that was redirected gives a shop's payment code, a login page's code or an advertisement instead of the photo.
Its label says something else, it is often of another format, and a net that meets it may answer with a loss of NaN.
Fetch the picture again from where it should be. Codes count from a quarter of the picture's area on that all of them have
together (`min-share`), and one from 4 % (`min-share-in-centre`) where its centre lies within 0.35 of the way from the
picture's centre to its edge (`max-offset`); other codes are `contains-code`. Where codes are what you train on, ignore
this rule.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.labels.words import quoted
from sanitize.probe.codes import COLUMNS, VERSION, measure  # noqa: F401 - looks for the codes

SEVERITY = Severity.ERROR
NEEDS = ("code_share", "codes_share")
LIMITS = {"min_share": (0, 1), "min_share_in_centre": (0, 1), "max_offset": (0, 1)}
_SHARE, _CENTRAL_SHARE, _OFFSET = 0.25, 0.04, 0.35


def find(
    dataset: Dataset,
    *,
    min_share: float = _SHARE,
    min_share_in_centre: float = _CENTRAL_SHARE,
    max_offset: float = _OFFSET,
) -> pl.LazyFrame:
    """Find pictures that a code takes up, or the middle of which it is."""
    several = pl.col("codes") > 1
    return (
        dataset.facts.lazy()
        .filter(takes_over(min_share, min_share_in_centre, max_offset))
        .select(
            "file",
            message=pl.format(
                "{} {} % of the picture and {} {}",
                pl.when(several).then(pl.format("{} QR codes are", "codes")).otherwise(pl.lit("a QR code is")),
                (100 * pl.col("codes_share")).round(0).cast(pl.Int64),
                pl.when(several).then(pl.lit("the largest says")).otherwise(pl.lit("says")),
                quoted(pl.col("code_text")),
            ),
            text="code_text",
            share=pl.col("codes_share").round(3),
            offset=pl.col("code_offset").round(3),
            codes="codes",
        )
    )


def takes_over(
    min_share: float = _SHARE, min_share_in_centre: float = _CENTRAL_SHARE, max_offset: float = _OFFSET
) -> pl.Expr:
    """Return the condition, over facts, that codes are the picture, or one its centre."""
    central = (pl.col("code_share") >= min_share_in_centre) & (pl.col("code_offset") <= max_offset)
    return ((pl.col("codes_share") >= min_share) | central).fill_null(value=False)
