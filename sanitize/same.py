"""Which files show the same picture, and how alike two of them are."""

from __future__ import annotations

import polars as pl

from sanitize.dataset import Dataset, is_image_content

#: The ways in which two lines or files are the same, the closest first: a column of `groups_of`, and how a message says it.
LEVELS: dict[str, str] = {
    "file": "the same file",
    "bytes": "the same bytes",
    "pixels": "the same pixels",
    "near": "nearly the same picture",
}
#: The columns of facts that hold the groups.
_GROUPS = {"bytes": "same_bytes", "pixels": "same_pixels", "near": "same_picture"}


def groups_of(dataset: Dataset) -> pl.LazyFrame:
    """Return `file` (its number) and its group of each level, `bytes`, `pixels` and `near` (UInt32).

    A group is the number of one of its files, so that the groups of a level hold those of the levels before it; a
    picture that is alone is a group by itself, as is a file that holds no picture, an empty one for example.
    """
    there = set(_GROUPS.values()) & set(dataset.facts.columns)
    groups = {
        level: pl.when(is_image_content()).then(pl.col(name) if name in there else None).cast(pl.UInt32)
        for level, name in _GROUPS.items()
    }
    return (
        dataset.facts.lazy()
        .select("file", **groups)
        .select(
            "file",
            bytes=pl.coalesce("bytes", "file"),
            pixels=pl.coalesce("pixels", "bytes", "file"),
            near=pl.coalesce("near", "pixels", "bytes", "file"),
        )
    )


def whole(*, near: bool) -> str:
    """Return the level at which pictures count as the same."""
    return "near" if near else "pixels"


def said_how(level: pl.Expr) -> pl.Expr:
    """Return the words for levels."""
    return level.replace_strict(LEVELS, return_dtype=pl.String)
