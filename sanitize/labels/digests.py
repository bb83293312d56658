"""Reads checksums as the cells of tables have them."""

from __future__ import annotations

import polars as pl

from sanitize.digest import ALGORITHMS

# `md5:HASH` is how registries of research data write it, `sha256-HASH` how pages of the web do (Subresource Integrity, W3C).
_FORM = r"(?i)^(?:(?P<tag>md5|sha-?(?:1|224|256|384|512))[:=-])?(?P<digest>[0-9A-Za-z+/_-]+={0,2})$"
_HEXADECIMAL = "(?i)^[0-9a-f]+$"
_PREFIXED = "(?i)^0x[0-9a-f]+$"
# As stores of objects write an MD5 (RFC 1864), and some a SHA-256 (RFC 4648); of SHA-384, which ends in no `=`, only with its
# name before it, as it has as many characters as a hexadecimal SHA-256.
_BASE64 = sorted({4 * -(-count // 3) for digits in ALGORITHMS for count in (digits // 2, digits)})
# Some put the hexadecimal digits into base64, where the bytes are meant: what those are, in hexadecimal themselves.
_DIGITS = "^(?:3[0-9]|[46][1-6])+$"
# A checksum, or one of which a digit is wrong or missing; no word for none.
_LIKE_A_DIGEST = "^[0-9A-Za-z+/]{20,}={0,2}$"


def algorithm_of(column: str) -> pl.Expr:
    """Return the algorithm whose hexadecimal checksums have as many digits as those of a column; null where there is none."""
    return pl.col(column).str.len_bytes().replace_strict(ALGORITHMS, default=None, return_dtype=pl.String)


def read_digests(cells: pl.Series) -> pl.DataFrame:
    """Return `algorithm` and `expected` (hexadecimal, lower case) of each cell, and whether it is `damaged`.

    Hexadecimal and base64 (also the one of URLs, and of hexadecimal digits) are read, either with the name of the algorithm
    before it or without. Both columns are null where a cell holds no checksum; it is `damaged` if it looks much like one.
    """
    parts = cells.str.extract_groups(_FORM).struct.unnest()
    tag = parts["tag"].str.to_lowercase().str.replace("-", "", literal=True)
    digest = pl.col("digest")
    is_prefixed = digest.str.contains(_PREFIXED)
    table = pl.DataFrame({"tag": tag, "digest": parts["digest"].fill_null(cells)}).with_columns(
        pl.when(is_prefixed).then(digest.str.tail(-2)).otherwise(digest)
    )
    length = digest.str.len_bytes()
    is_base64 = (digest.str.ends_with("=") | pl.col("tag").is_not_null()) & length.is_in(_BASE64)
    text = digest.str.replace_all("-", "+", literal=True).str.replace_all("_", "/", literal=True)
    decoded = pl.when(is_base64 & ~digest.str.contains(_HEXADECIMAL)).then(text).str.decode("base64", strict=False)
    written = pl.when(digest.str.contains(_HEXADECIMAL)).then(digest.str.to_lowercase())
    unpacked = decoded.bin.encode("hex")
    spelled = (
        pl.when(unpacked.str.contains(_DIGITS)).then(unpacked).str.decode("hex").cast(pl.String).str.to_lowercase()
    )
    table = table.with_columns(expected=pl.coalesce(written, spelled, unpacked))
    algorithm = algorithm_of("expected")
    algorithm = pl.when(pl.col("tag").is_null() | (pl.col("tag") == algorithm)).then(algorithm)
    table = table.with_columns(algorithm=algorithm)
    is_known = pl.col("algorithm").is_not_null()
    return table.select(
        "algorithm",
        expected=pl.when(is_known).then("expected"),
        damaged=~is_known & digest.str.contains(_LIKE_A_DIGEST),
    )
