"""The picture is a QR code, or one stands in its centre.

A download that was redirected gives a shop's payment code, a login page's code or an advertisement instead of the photo.
Its label says something else, it is often of another format, and a net that meets it may answer with a loss of NaN.
Fetch the picture again from where it should be.

Codes count from a quarter of the picture's area on that all of them have together (`min-share`), as a sheet of them
does; and from 4 % (`min-share-in-centre`) any one whose centre lies within 0.35 of the way from the picture's centre to
its edge (`max-offset`), be there a larger one elsewhere. Codes that stand side by side, so that they fill 55 % of the
rectangle around them, as two shops' codes on one card do, are in the centre like one. Other codes are `contains-code`;
a code that is read is always one of the two. Micro QR and rectangular codes are QR codes, too; bar codes, Aztec codes
and Data Matrix, which stand on things and tickets, are not looked for. Of codes of dots with round eyes, photographed at
an angle, nine of ten are read, and of plain ones nearly all; of codes blurred by half a module 13 of 16, by more few;
of codes round a bottle or on crumpled paper three of ten.
Where codes are what you train on, ignore this rule.
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
_AHEAD = pl.List(pl.Struct({"text": pl.String, "share": pl.Float64, "offset": pl.Float64, "number": pl.Int64}))


def find(
    dataset: Dataset,
    *,
    min_share: float = _SHARE,
    min_share_in_centre: float = _CENTRAL_SHARE,
    max_offset: float = _OFFSET,
) -> pl.LazyFrame:
    """Find pictures that a code takes up, or the middle of which it is."""
    # What is taken up together is told by the largest.
    whole = {"text": "code_text", "share": "codes_share", "offset": "code_offset", "number": "codes"}
    several = pl.col("number") > 1
    return (
        codes(dataset, min_share=min_share, min_share_in_centre=min_share_in_centre, max_offset=max_offset)
        .filter("takes_over")
        .with_columns(pl.when("together").then(column).otherwise(name).alias(name) for name, column in whole.items())
        .select(
            "file",
            message=pl.format(
                "{} {} % of the picture and {} {}",
                pl.when(several).then(pl.format("{} QR codes are", "number")).otherwise(pl.lit("a QR code is")),
                (100 * pl.col("share")).round(0).cast(pl.Int64),
                pl.when(several).then(pl.lit("the largest says")).otherwise(pl.lit("says")),
                quoted(pl.col("text")),
            ),
            text="text",
            share=pl.col("share").round(3),
            offset=pl.col("offset").round(3),
            codes="codes",
        )
    )


def codes(
    dataset: Dataset,
    *,
    min_share: float = _SHARE,
    min_share_in_centre: float = _CENTRAL_SHARE,
    max_offset: float = _OFFSET,
) -> pl.LazyFrame:
    """Return the pictures with codes, and whether these take them over (`takes_over`), all `together` or one in the centre.

    `text`, `share`, `offset` and `number` are those of the largest code, or row of codes, in the centre, null where none is.
    """
    some = dataset.facts.lazy().filter(pl.col("code_share").is_not_null())
    each = some.select("file", ahead=pl.col("codes_ahead").str.json_decode(_AHEAD)).explode("ahead").unnest("ahead")
    is_central = (pl.col("share") >= min_share_in_centre) & (pl.col("offset") <= max_offset)
    central = each.filter(is_central).sort("share", descending=True, maintain_order=True)
    central = central.unique("file", keep="first", maintain_order=True)
    return (
        some.join(central, on="file", how="left", maintain_order="left")
        .with_columns(together=pl.col("codes_share") >= min_share)
        .with_columns(takes_over=pl.col("together") | pl.col("share").is_not_null())
    )
