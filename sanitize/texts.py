"""Texts of a length that a line of a report can hold, and counts with their noun."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def cut(text: str, most: int) -> str:
    """Return a text of at most so many characters, the last of which says that there were more."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def cut_each(text: pl.Expr, most: int) -> pl.Expr:
    """Return the same of each text of a column."""
    import polars as pl  # heavy, and the processes that decode have no tables

    return pl.when(text.str.len_chars() > most).then(text.str.head(most - 1) + "…").otherwise(text)


def counted(count: int, noun: str, nouns: str | None = None) -> str:
    """Return how many there are of something, whose plural is `nouns`, or has an s."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"
