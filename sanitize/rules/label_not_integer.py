"""A label that is no integer, or one that does not fit in 32 bits.

Caffe's `atoi` reads as far as it can: `1.9` becomes 1, `cat` becomes 0, and a number too large becomes any other, all
of them silently the wrong class. Write the class index; class names are read from a CSV or TSV table. Of several labels
(`0|1`, `[0, 1]`) a list holds one: keep the one to be trained, or give the line to no list. `1,0` may be two labels or 1.0
with the decimal comma of some languages, and `1 000` several or a thousand; which it is nobody can tell, so that they are
not read: write `1` and `1000`. Where such texts are names of classes, say so with `--classes`.
"""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, Severity
from sanitize.labels.numbering import SEVERAL
from sanitize.labels.words import quoted

SEVERITY = Severity.ERROR
NEEDS = ("label_text",)

_DECIMAL = r"^[+-]?[0-9]+,[0-9]+$"
_THOUSANDS = r"^[+-]?[1-9][0-9]{0,2}([\s,][0-9]{3})+$"


def find(dataset: Dataset) -> pl.DataFrame:
    """Find labels that gave no class index, though class names were not expected."""
    bad = pl.col("label_text").is_not_null() & pl.col("label").is_null() & ~pl.col("unknown_class")
    lines = dataset.lines.filter(bad & pl.col("malformed").is_null())
    text = pl.col("label_text")
    digits = text.str.contains(r"^[ \t\v\f]*[+-]?[0-9]+[ \t\v\f]*$")
    several = text.str.strip_chars().str.contains(SEVERAL)
    # All such labels of a list are written alike.
    decimal, thousands = (
        (text.str.strip_chars().str.contains(form) | ~several).all().over("list") for form in (_DECIMAL, _THOUSANDS)
    )
    what = (
        pl.when(thousands)
        .then(pl.lit("a number in groups of thousands, or several labels, stands in"))
        .when(decimal)
        .then(pl.lit("a number with a decimal comma, or two labels, stands in"))
        .otherwise(pl.lit("several labels stand in"))
    )
    atoi = text.str.extract(r"^[ \t\v\f]*([+-]?[0-9]+)").str.strip_prefix("+").fill_null("0")
    return lines.select(
        "list",
        "line",
        message=pl.when(digits)
        .then(pl.format("the label {} does not fit in 32 bits", quoted(text)))
        .when(several)
        .then(
            pl.format(
                "{} {}, where one integer is expected; Caffe would read {}",
                what,
                quoted(text),
                quoted(atoi),
            )
        )
        .otherwise(pl.format("the label {} is not an integer; Caffe would read {}", quoted(text), quoted(atoi))),
    )
