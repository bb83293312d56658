"""Paths that name no file as they stand, but can only mean one."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from sanitize import systems
from sanitize.labels.places import Place, normalise, without_extension
from sanitize.name_columns import folded, in_one_form, is_wide, with_slashes
from sanitize.names import to_bytes

#: The ways in which a path may be bent, and what a message says of a file that was found so.
WAYS: dict[str, str] = {
    "byte-order-mark": "without the byte-order mark before it",
    "blanks": "without the blanks before it",
    "quotes": "without the quotes around it",
    "backslashes": "with `/` for each backslash",
    "absolute": "without the folder that is scanned",
    "encoding": "when read as Windows-1252",
    "unicode": "in another Unicode normal form",
    "case": "when case is ignored",
    "extension": "with the extension that it lacks",
}
#: Bent so, a path is found; but a list of nothing else was made for another place, and is better made anew.
NOT_THE_SAME_PLACE = ("quotes", "backslashes", "absolute")

#: Files that lie beside a picture of the same stem.
SIDECAR = r"(?i)\.(txt|json|jsonl|xml|csv|tsv|ya?ml|npy|npz|mat|md|html?|part|tmp|bak)$"
_EXTENSION = r"\.[A-Za-z][A-Za-z0-9]{0,4}$"


def bend(lines: pl.DataFrame, place: Place, *, guess_extension: bool) -> pl.DataFrame:
    """Return the lines that `resolve` left without a file, with `file`, `target`, `inexact`, `outside` and `hint`."""
    lines = lines.with_columns(inexact=pl.lit(None, pl.String), hint=pl.lit(None, pl.String))
    for way, rewrite in _REWRITES.items():
        lines = _rewritten(lines, place, way, rewrite(lines, place))
    lines = _folded(lines, place.samples.filter(is_wide("path")), "unicode", in_one_form)
    lines = _folded(lines, place.samples, "case", folded)
    if guess_extension:
        lines = _without_extension(lines, place.samples)
    return lines


def _rewritten(lines: pl.DataFrame, place: Place, way: str, paths: pl.Series) -> pl.DataFrame:
    """Look for the files of rewritten paths (null where there is nothing to rewrite)."""
    open_lines = lines["file"].is_null() & paths.is_not_null()
    if not open_lines.any():
        return lines
    root = "" if way == "absolute" else place.root
    tried = lines.filter(open_lines).select("line").with_columns(normalise(paths.filter(open_lines), root))
    tried = tried.join(place.samples, left_on="target", right_on="path", how="left", maintain_order="left")
    # An absolute path is below IMAGES whether it is there or not.
    is_better = pl.col("target" if way == "absolute" else "file").is_not_null()
    better = tried.filter(is_better).with_columns(outside=pl.lit(value=False))
    better = better.with_columns(inexact=pl.when(pl.col("file").is_not_null()).then(pl.lit(way)))
    return lines.update(better, on="line", how="left") if better.height else lines


def _folded(
    lines: pl.DataFrame, samples: pl.DataFrame, way: str, fold: Callable[[pl.Series], pl.Series]
) -> pl.DataFrame:
    """Look for files whose folded path is the line's; where there are several, they become its hint."""
    missing = lines.filter(pl.col("file").is_null() & pl.col("target").is_not_null() & ~pl.col("outside"))
    if missing.is_empty() or samples.is_empty():
        return lines
    missing = missing.select("line", key=fold(missing["target"]))
    near = samples.select("file", target="path", key=fold(samples["path"])).join(missing, on="key", how="semi")
    return _take_single(lines, missing, near, way)


def _without_extension(lines: pl.DataFrame, samples: pl.DataFrame) -> pl.DataFrame:
    missing = lines.filter(pl.col("file").is_null() & pl.col("target").is_not_null() & ~pl.col("outside"))
    missing = missing.select("line", key=pl.col("target").str.strip_chars_end("."))
    missing = missing.filter(~pl.col("key").str.contains(_EXTENSION))
    if missing.is_empty():
        return lines
    pictures = samples.filter(~pl.col("path").str.contains(SIDECAR))
    near = pictures.select("file", target="path", key=without_extension(pl.col("path")))
    return _take_single(lines, missing, near.join(missing, on="key", how="semi"), "extension")


def _take_single(lines: pl.DataFrame, missing: pl.DataFrame, near: pl.DataFrame, way: str) -> pl.DataFrame:
    if near.is_empty():
        return lines
    single = near.unique("key", keep="none").with_columns(inexact=pl.lit(way))
    several = near.join(single, on="key", how="anti").group_by("key").agg(pl.len(), pl.col("target").sort().head(3))
    files = pl.col("target").list.join(", ")
    hints = several.select("key", hint=pl.format("{} files fit {}: {}", "len", pl.lit(WAYS[way]), files))
    for better in (single, hints):
        if better.height:
            lines = lines.update(missing.join(better, on="key", how="inner").drop("key"), on="line", how="left")
    return lines


def _stripped(lines: pl.DataFrame, prefix: str) -> pl.Series:
    path = pl.col("path")
    return lines.select(pl.when(path.str.contains(prefix)).then(path.str.replace(prefix, ""))).to_series()


def _unquoted(lines: pl.DataFrame, _: Place) -> pl.Series:
    return lines.select(pl.coalesce(pl.col("path").str.extract(f"^{quote}(.+){quote}$") for quote in "\"'")).to_series()


def _backslashes(lines: pl.DataFrame, _: Place) -> pl.Series:
    path = pl.col("path")
    bent = path.str.contains("\\", literal=True)
    return lines.select(pl.when(bent).then(path.str.replace_all("\\", "/", literal=True))).to_series()


def _absolute(lines: pl.DataFrame, place: Place) -> pl.Series:
    path = with_slashes(pl.col("path").str.replace("^file://", ""))
    # On Windows case is ignored, and an address has a slash before the drive.
    start = "(?i)^/?" if systems.WINDOWS else "^"
    folders = [start + pl.escape_regex(systems.with_slashes(folder) + "/") for folder in place.images]
    below = [pl.when(path.str.contains(folder)).then(path.str.replace(folder, "")) for folder in folders]
    return lines.select(pl.coalesce(below)).to_series()


def _windows_1252(lines: pl.DataFrame, _: Place) -> pl.Series:
    if not lines["not_utf8"].any():
        return pl.Series([None] * lines.height, dtype=pl.String)
    pairs = zip(lines["path"].to_list(), lines["not_utf8"].to_list(), strict=True)
    read = [to_bytes(path).decode("cp1252", "replace") if path is not None and wrong else None for path, wrong in pairs]
    return pl.Series(read, dtype=pl.String)


_REWRITES: dict[str, Callable[[pl.DataFrame, Place], pl.Series]] = {
    "byte-order-mark": lambda lines, _: _stripped(lines, "^\ufeff"),
    "blanks": lambda lines, _: _stripped(lines, r"^[ \t\n]+"),
    "quotes": _unquoted,
    "backslashes": _backslashes,
    "absolute": _absolute,
    "encoding": _windows_1252,
}
