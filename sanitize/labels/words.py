"""Texts of lists as messages quote them."""

from __future__ import annotations

import polars as pl

from sanitize.names import HIDDEN, shown
from sanitize.texts import cut_each

_LONGEST = 80


def quoted(text: pl.Expr) -> pl.Expr:
    """Return texts in backticks, in their shown form and cut to a length that a line of a report can hold."""
    return pl.format("`{}`", readable(text))


def readable(text: pl.Expr) -> pl.Expr:
    """Return texts in their shown form, cut to a length that a line of a report can hold."""
    return cut_each(text, _LONGEST).map_batches(_shown, return_dtype=pl.String)


def folded(name: pl.Expr) -> pl.Expr:
    """Return class names without what people overlook: case, blanks, and quotes around them or on one side."""
    return name.str.normalize("NFC").str.to_lowercase().str.replace_all(r"[\s]+", " ").str.strip_chars(' "')


def _shown(texts: pl.Series) -> pl.Series:
    if not texts.str.contains(HIDDEN).any():
        return texts
    return texts.replace(
        {key: shown(key) for key in texts.filter(texts.str.contains(HIDDEN).fill_null(value=False)).unique()}
    )
