"""Pairs of pictures that an error may come of, which are looked at closely before it does (`closer`)."""

from __future__ import annotations

import polars as pl

from sanitize.pairs import of_ends

# So many pairs are looked at closely at most: of a dataset that has more errors of this kind, or of so large a crowd, the first.
_MOST = 1 << 12


def not_refuted(confirmed: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs but those that a closer look has told apart."""
    return confirmed.filter(pl.col("closely").fill_null(value=True))


def find(
    pairs: pl.DataFrame, facts: pl.DataFrame, groups: pl.DataFrame, lines: pl.DataFrame, known: int
) -> pl.DataFrame:
    """Return the pairs that an error may come of, and that nobody has looked at closely.

    They are in a group whose `lines` have several labels or are on several lists, or that has one of the last `known` files.
    Pictures that are turned, or have the same pixels, need no closer look. No more are returned than are looked at in one scan.
    """
    if pairs.is_empty():  # as in most datasets, of which there may be a million lines
        return pairs
    grouped = groups.select("file", group="same_picture").drop_nulls()
    of_lines = lines.select("file", "list", "label").drop_nulls("file").join(grouped, on="file", how="inner")
    counts = of_lines.group_by("group").agg(pl.col("list", "label").drop_nulls().n_unique())
    torn = counts.filter((pl.col("list") > 1) | (pl.col("label") > 1))["group"]
    bad = grouped.filter(pl.col("file").is_in(facts["file"].tail(known).implode()))["group"]
    table = facts.select("file", "pixels").join(grouped, on="file", how="left", maintain_order="left")
    one, other = of_ends(pairs, table)
    may_be_error = one["group"].is_in(pl.concat([torn, bad]).implode()).fill_null(value=False)
    has_same_pixels = (one["pixels"] == other["pixels"]).fill_null(value=False)
    is_open = may_be_error & ~has_same_pixels & (pairs["turn"] == 0) & pairs["closely"].is_null()
    return pairs.filter(is_open).head(_MOST)
