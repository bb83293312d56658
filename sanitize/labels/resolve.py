"""The files that the paths of a list lead to."""

from __future__ import annotations

import polars as pl

from sanitize.labels.hints import give_hints
from sanitize.labels.inexact import bend
from sanitize.labels.places import Place, normalise
from sanitize.labels.reading import Reading

_ABSOLUTE = r"^(/|[A-Za-z]:[\\/])"


def find_files(reading: Reading, place: Place) -> pl.DataFrame:
    """Return the lines with `file`, `target`, `outside`, and `inexact` and `hint` still without a value.

    A line is read as Caffe would, if that names a file; else as it is meant; else as a path without a label.
    """
    lines = _find(reading.lines, place)
    if lines["literal_path"].null_count() < lines.height:
        lines = _prefer_literal(lines, place)
    if lines["file"].null_count():
        lines = _try_whole(lines, place)
    return lines.with_columns(inexact=pl.lit(None, pl.String), hint=pl.lit(None, pl.String))


def bend_paths(lines: pl.DataFrame, reading: Reading, place: Place) -> pl.DataFrame:
    """Return the lines of `find_files`, those without a file bent until they name a single one, or given a hint."""
    missing = lines.filter(pl.col("file").is_null() & pl.col("path").is_not_null() & pl.col("malformed").is_null())
    if missing.is_empty():
        return lines
    bent = give_hints(bend(missing, place, guess_extension=reading.table), place)
    return _update(lines, bent.select("line", "file", "target", "outside", "inexact", "hint"))


def _find(lines: pl.DataFrame, place: Place) -> pl.DataFrame:
    lines = lines.with_columns(normalise(lines["path"], place.root))
    lines = lines.join(place.samples, left_on="target", right_on="path", how="left", maintain_order="left")
    escaped = pl.col("target").is_null() & pl.col("path").is_not_null()
    absolute = pl.col("file").is_null() & pl.col("path").str.contains(_ABSOLUTE).fill_null(value=False)
    lines = lines.with_columns(outside=escaped | absolute)
    return lines.with_columns(target=pl.when(~pl.col("outside")).then(pl.col("target")))


def _prefer_literal(lines: pl.DataFrame, place: Place) -> pl.DataFrame:
    literal = lines.filter(pl.col("literal_path").is_not_null()).select(
        "line", path="literal_path", label_text="literal_label"
    )
    return _replace(lines, _find(literal, place).filter(pl.col("file").is_not_null()))


def _try_whole(lines: pl.DataFrame, place: Place) -> pl.DataFrame:
    prefix = f"{place.root}/" if place.root else ""
    whole = lines.filter(pl.col("file").is_null()).select("line", path="whole", target=prefix + pl.col("whole"))
    found = whole.join(place.samples, left_on="target", right_on="path", how="inner")
    return _replace(lines, found.with_columns(label_text=pl.lit(None, pl.String), outside=pl.lit(value=False)))


def _replace(lines: pl.DataFrame, better: pl.DataFrame) -> pl.DataFrame:
    """Take over the other reading of some lines, which needs no repair."""
    if better.is_empty():
        return lines
    better = better.with_columns(trailing_blank=False, double_blank=False, tab=False)
    return _update(lines, better)


def _update(lines: pl.DataFrame, better: pl.DataFrame) -> pl.DataFrame:
    return lines.update(better, on="line", how="left", include_nulls=True)
