"""Where the paths of a list lead to, relative to IMAGES."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

import polars as pl

from sanitize.names import to_key

Paths = TypeVar("Paths", pl.Expr, pl.Series)

# An empty component, `.` or `..`: what keeps a path from being the name of a file as it stands.
_ODD = r"(^|/)\.{0,2}(/|$)"


class Place(NamedTuple):
    """Where the paths of a list are looked for."""

    samples: pl.DataFrame  #: every regular file below IMAGES: `file`, `path`
    root: str  #: key of the folder inside IMAGES that paths are relative to; empty for IMAGES itself
    images: tuple[str, ...]  #: keys of the absolute paths of IMAGES, as given and with links followed


def place(samples: pl.DataFrame, root: str, images: Path) -> Place:
    """Return the place below IMAGES that a list is about."""
    absolute = dict.fromkeys(to_key(os.fsencode(form(images))) for form in (os.path.abspath, os.path.realpath))
    return Place(samples.select("file", "path"), root, tuple(absolute))


def normalise(paths: pl.Series, root: str) -> pl.DataFrame:
    """Return `target` (relative to IMAGES; null where it leads out of it) for paths that are relative to `root`."""
    frame = paths.alias("path").to_frame().with_columns(target=pl.col("path").str.strip_prefix("./"))
    if frame["target"].str.contains(_ODD).any():
        # Caffe joins root and name by plain concatenation: a leading slash does not make a name absolute.
        tidy = pl.col("path").str.replace(r"^(\.?/)+", "").str.replace_all(r"/(\.?/)+", "/")
        frame = frame.with_columns(target=tidy)
    odd = frame["target"].str.contains(_ODD)
    if root:
        frame = frame.with_columns(target=pl.lit(root + "/", pl.String) + pl.col("target"))
    if odd.any():
        unique = frame.filter(odd)["target"].unique()
        straight = pl.DataFrame([unique, pl.Series("straight", [_normal(path) for path in unique], pl.String)])
        frame = frame.with_columns(odd=odd).join(straight, on="target", how="left", maintain_order="left")
        frame = frame.with_columns(target=pl.when(pl.col("odd")).then(pl.col("straight")).otherwise(pl.col("target")))
    return frame.select("target")


def by_line(texts: Mapping[int, str], column: str) -> pl.DataFrame:
    """Return texts about lines as a table of `line` and this column."""
    schema = {"line": pl.UInt32, column: pl.String}
    return pl.DataFrame({"line": list(texts), column: list(texts.values())}, schema=schema)


def without_extension(paths: Paths) -> Paths:
    """Return paths without their extension."""
    return paths.str.replace(r"\.[^./]*$", "")


def _normal(path: str) -> str | None:
    straight = posixpath.normpath(path)
    if straight == ".." or straight.startswith("../"):
        return None
    # With a slash at its end a name is that of a folder, and opens no file.
    return straight + "/" if path.endswith(("/", "/.", "/..")) else straight
