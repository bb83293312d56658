"""The files that the paths of a list lead to."""

from __future__ import annotations

import os
import posixpath
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sanitize.labels.reading import Reading
from sanitize.names import to_key

# An empty component, `.` or `..`: what keeps a path from being the name of a file as it stands.
_ODD = r"(^|/)\.{0,2}(/|$)"
_ABSOLUTE = r"^(/|[A-Za-z]:[\\/])"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the paths of a list are looked for."""

    samples: pl.DataFrame  #: every regular file below IMAGES: `file`, `path`
    root: str  #: key of the folder inside IMAGES that paths are relative to; empty for IMAGES itself
    images: tuple[str, ...]  #: keys of the absolute paths of IMAGES, as given and with links followed


def place(samples: pl.DataFrame, root: str, images: Path) -> Place:
    """Return the place below IMAGES that a list is about."""
    absolute = dict.fromkeys(to_key(os.fsencode(form(images))) for form in (os.path.abspath, os.path.realpath))
    return Place(samples.select("file", "path"), root, tuple(absolute))


def resolve(reading: Reading, place: Place) -> pl.DataFrame:
    """Return the lines with `file`, `target`, `outside` and, where it has to be bent, `inexact`.

    A line is read as Caffe would, if that names a file; else as it is meant; else as a path without a label.
    """
    lines = _find(reading.lines, place)
    if lines["literal_path"].null_count() < lines.height:
        lines = _prefer_literal(lines, place)
    if lines["file"].null_count():
        lines = _try_whole(lines, place)
    return lines.with_columns(inexact=pl.lit(None, pl.String), hint=pl.lit(None, pl.String))


def normalise(paths: pl.Series, root: str) -> pl.DataFrame:
    """Return `target` (relative to IMAGES; null where it leads out of it) for paths that are relative to `root`."""
    frame = paths.alias("path").to_frame().with_columns(target=pl.col("path").str.strip_prefix("./"))
    odd = frame["target"].str.contains(_ODD)
    if root:
        frame = frame.with_columns(target=pl.lit(root + "/", pl.String) + pl.col("target"))
    if odd.any():
        unique = frame.filter(odd)["path"].unique()
        targets = pl.Series("straight", [_normal(path, root) for path in unique], pl.String)
        straight = pl.DataFrame([unique, targets])
        frame = frame.with_columns(odd=odd).join(straight, on="path", how="left", maintain_order="left")
        frame = frame.with_columns(target=pl.when(pl.col("odd")).then(pl.col("straight")).otherwise(pl.col("target")))
    return frame.select("target")


def _normal(path: str, root: str) -> str | None:
    # Caffe joins root and name by plain concatenation: a leading slash does not make a name absolute.
    straight = posixpath.normpath(f"{root}/{path}".lstrip("/"))
    return None if straight == ".." or straight.startswith("../") else straight


def _find(lines: pl.DataFrame, place: Place) -> pl.DataFrame:
    lines = lines.with_columns(normalise(lines["path"], place.root))
    lines = lines.join(place.samples, left_on="target", right_on="path", how="left", maintain_order="left")
    escaped = pl.col("target").is_null() & pl.col("path").is_not_null()
    absolute = pl.col("file").is_null() & pl.col("path").str.contains(_ABSOLUTE).fill_null(value=False)
    lines = lines.with_columns(outside=escaped | absolute)
    return lines.with_columns(target=pl.when(~pl.col("outside")).then(pl.col("target")))


def _prefer_literal(lines: pl.DataFrame, place: Place) -> pl.DataFrame:
    literal = lines.filter(pl.col("literal_path").is_not_null()).select("line", path="literal_path", label_text="literal_label")
    return _replace(lines, _find(literal, place).filter(pl.col("file").is_not_null()))


def _try_whole(lines: pl.DataFrame, place: Place) -> pl.DataFrame:
    whole = lines.filter(pl.col("file").is_null() & pl.col("whole").is_not_null()).select("line", path="whole")
    found = _find(whole, place).filter(pl.col("file").is_not_null())
    return _replace(lines, found.with_columns(label_text=pl.lit(None, pl.String)))


def _replace(lines: pl.DataFrame, better: pl.DataFrame) -> pl.DataFrame:
    """Take over the other reading of some lines, which needs no repair."""
    if better.is_empty():
        return lines
    better = better.with_columns(trailing_blank=False, double_blank=False, tab=False)
    return lines.update(better, on="line", how="left", include_nulls=True)
