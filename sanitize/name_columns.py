"""Columns of names: their keys, the bytes that these stand for, and which of them are one to some file systems."""

from __future__ import annotations

from unicodedata import normalize

import polars as pl

from sanitize import names, systems


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


def folded(keys: pl.Series) -> pl.Series:
    """Return what two keys share that are one name to a file system which ignores case and Unicode normal forms."""
    lower, wide = keys.str.to_lowercase(), _wide(keys)
    # Beyond ASCII small letters depend on what stands beside them, as in Greek, or are several that are one.
    return lower.scatter(wide, [normalize("NFC", key.casefold()) for key in keys.gather(wide)]) if len(wide) else lower


def in_one_form(keys: pl.Series) -> pl.Series:
    """Return keys in the normal form NFC."""
    wide = _wide(keys)
    return keys.scatter(wide, keys.gather(wide).str.normalize("NFC")) if len(wide) else keys


def _wide(keys: pl.Series) -> pl.Series:
    """Return the rows of keys that hold more than ASCII: most names do not, and normalising is slow."""
    return keys.to_frame("key").select(is_wide("key")).to_series().arg_true()


def is_wide(column: str) -> pl.Expr:
    """Tell which texts hold more than ASCII."""
    return (pl.col(column).str.len_bytes() != pl.col(column).str.len_chars()).fill_null(value=False)


def with_slashes(paths: pl.Expr) -> pl.Expr:
    """Return absolute paths with `/` between their parts, and without what Windows sets before those that links hold."""
    if not systems.WINDOWS:
        return paths
    plain = paths.str.replace(r"^\\\\\?\\UNC\\", r"\\").str.replace(r"^\\\\\?\\", "")
    return plain.str.replace_all("\\", "/", literal=True)
