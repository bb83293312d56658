"""Columns of names: their keys, and the bytes that these stand for."""

from __future__ import annotations

import polars as pl

from sanitize import names


def as_bytes(keys: pl.Series) -> list[bytes]:
    """Return the bytes of keys."""
    plain: list[bytes] = keys.cast(pl.Binary).to_list()
    for index in keys.str.contains(names.HIDDEN).arg_true():
        plain[index] = names.to_bytes(keys[index])
    return plain


def as_keys(paths: pl.Series) -> pl.Series:
    """Return the keys of names (Binary)."""
    try:
        keys = paths.cast(pl.String, strict=True)
    except pl.exceptions.PolarsError:
        keys = None
    if keys is None or keys.str.contains(names.HIDDEN).any():
        return pl.Series([names.to_key(path) for path in paths], dtype=pl.String)
    return keys
