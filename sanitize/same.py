"""Which files show the same picture, and how alike two of them are."""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset

#: The ways in which two lines or files are the same, the closest first: a column of `alike`, and how a message says it.
LEVELS: dict[str, str] = {
    "file": "the same file",
    "bytes": "the same bytes",
    "pixels": "the same pixels",
    "near": "nearly the same picture",
}
#: The columns of facts that hold the groups.
_GROUPS = {"bytes": "same_bytes", "pixels": "same_pixels", "near": "same_picture"}


def alike(dataset: Dataset) -> pl.LazyFrame:
    """Return `file` (its number) and its group of each level, `bytes`, `pixels` and `near` (UInt32).

    A group is the number of one of its files, so that the groups of a level hold those of the levels before it; a
    picture that is alone is a group by itself, as is every picture where nobody has looked for others.
    """
    facts = dataset.facts
    found = [pl.col(name) if name in facts.columns else pl.lit(None) for name in _GROUPS.values()]
    as_number = [group.cast(pl.UInt32).alias(level) for level, group in zip(_GROUPS, found, strict=True)]
    groups = facts.lazy().select(pl.col("file").cast(pl.UInt32), *as_number)
    return groups.select(
        "file",
        bytes=pl.coalesce("bytes", "file"),
        pixels=pl.coalesce("pixels", "bytes", "file"),
        near=pl.coalesce("near", "pixels", "bytes", "file"),
    )


def whole(*, near: bool) -> str:
    """Return the level at which pictures count as the same."""
    return "near" if near else "pixels"


def said_how(level: pl.Expr) -> pl.Expr:
    """Return the words for levels."""
    return level.replace_strict(LEVELS, return_dtype=pl.String)
