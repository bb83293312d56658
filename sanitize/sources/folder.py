"""Samples in a folder, as tables."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from sanitize import names
from sanitize.name_columns import as_keys
from sanitize.sources.walk import Excludes, Walk, is_folder, is_output


class Found(NamedTuple):
    """What a walk over IMAGES came upon."""

    samples: pl.DataFrame  #: every file: `file` (UInt32) and `facts.SOURCE_COLUMNS`, sorted by the bytes of the path
    unreadable_folders: pl.DataFrame  #: `path` (key) and `message`
    unused_excludes: tuple[str, ...]  #: patterns that have left nothing out


def find(images: str, *, exclude: Sequence[str] = (), walk: Walk | None = None) -> Found:
    """Find every file below `images`; `walk` is over it, if somebody has done that already.

    `exclude` holds patterns as `walk.Excludes` takes them. Outputs of earlier scans are skipped by their marker.
    Raises UsageError where `images` itself cannot be listed.
    """
    walk = walk or Walk(images, exclude=exclude)
    samples = pl.DataFrame(
        {
            "path_bytes": pl.Series(walk.paths, dtype=pl.Binary),
            "size": pl.Series(walk.sizes, dtype=pl.Int64),
            "mtime_ns": pl.Series(walk.times, dtype=pl.Int64),
            "outside": pl.Series(walk.outside, dtype=pl.Boolean),
        }
    ).sort("path_bytes")
    samples = samples.with_columns(path=as_keys(samples["path_bytes"])).with_row_index("file")
    unreadable = pl.DataFrame(sorted(walk.unreadable), schema={"path": pl.String, "message": pl.String}, orient="row")
    return Found(samples, unreadable, tuple(walk.excludes.unused()))


def list_folders(images: str, root: str, *, exclude: Sequence[str] = ()) -> list[str]:
    """Return the keys of the names of all folders directly below the folder `root` (key) of IMAGES, empty ones too, sorted.

    Those that `find` would not enter are left out. Where the folder cannot be listed there are none.
    """
    relative = names.to_bytes(root)
    prefix = relative + b"/" if relative else b""
    excludes = Excludes(exclude)
    try:
        with os.scandir(os.path.join(os.fsencode(images), relative)) as entries:
            found = [entry.name for entry in entries if is_folder(entry) and not is_output(entry.path)]
    except OSError:
        return []
    return sorted(names.to_key(name) for name in found if not excludes.leave_out(name, prefix + name))
