"""Which pictures show something that can be judged by its brightness and detail: neither masks nor blank ones."""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset

#: Levels within which nearly all pixels of a picture may lie that is told as blank and by no other rule.
BLANK = 10

#: Share from which on files make something one of masks, as those of a folder: each may have its picture beside it.
MASKS = 0.5
_NUMBERS = ("1", "I", "I;16", "I;16B", "I;16L", "F")  # modes in which a picture is a mask, a map of depths or a scan
_FEW = 4.0  # bits: sixteen values, evenly spread. Masks have fewer, and photographs more
_AT_LEAST = 3  # of them, not counting those with nothing on them: it takes others to tell these from blank pictures


def judged(dataset: Dataset) -> pl.LazyFrame:
    """Return the facts of pictures that are neither like masks nor nearly of one tone (needs `probe.statistics.COLUMNS`).

    Numbers instead of 8-bit levels may be depths or temperatures, which have no brightness: in a folder of such pictures
    they are none, however many values they have.
    """
    return _without(dataset, _of_few() | _are_numbers()).filter(pl.col("tone_spread").fill_null(255) > BLANK)


def without_masks(dataset: Dataset) -> pl.LazyFrame:
    """Return the facts of all files but masks: unlabelled ones in a folder where at least half are like masks.

    Like a mask is a picture of one channel, or of a palette, no JPEG, with few values; three of them have more than one.
    """
    return _without(dataset, _of_few())


def is_like_mask() -> pl.Expr:
    """Return the condition, over facts, that a picture may be a mask, with few values, or numbers instead of levels."""
    return _may_be_mask() & (_of_few().fill_null(value=True) | _are_numbers())


def _may_be_mask() -> pl.Expr:
    """Return the condition, over facts, that a picture is of one channel, or a palette, in a format that can keep every value.

    Of the formats that have such pictures, JPEG alone cannot.
    """
    is_single = pl.col("mode").is_in(("L", "P", *_NUMBERS))
    return (is_single & (pl.col("content") != "jpeg")).fill_null(value=False)


def _are_numbers() -> pl.Expr:
    return pl.col("mode").is_in(_NUMBERS)


def _of_few() -> pl.Expr:
    return pl.col("entropy") < _FEW


def _without(dataset: Dataset, of_such: pl.Expr) -> pl.LazyFrame:
    """Return the facts of all files but unlabelled ones that may be masks, of such a kind, where they are half of a folder."""
    like_mask = _may_be_mask() & of_such.fill_null(value=False)
    if dataset.facts.select(like_mask.sum()).item() < _AT_LEAST:
        return dataset.facts.lazy()  # as with most datasets; to look at every path takes its time
    labelled = dataset.lines.filter(pl.col("label").is_not_null())["file"].drop_nulls().unique()
    folder = pl.col("path").str.extract(r"^(.*)/").fill_null("")
    with_shapes = (like_mask & pl.col("constant").not_()).fill_null(value=False)
    of_masks = (like_mask.mean().over(folder) >= MASKS) & (with_shapes.sum().over(folder) >= _AT_LEAST)
    return dataset.facts.lazy().filter(~(like_mask & of_masks) | pl.col("file").is_in(labelled.implode()))
