"""The room that new entries of OUT/images take: said before they are made, and refused where the disk has less."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import polars as pl

from sanitize.errors import UsageError
from sanitize.listener import Listener
from sanitize.rgb import LINK
from sanitize.texts import counted


def foresee(out: Path, todo: pl.DataFrame, *, link: str, listener: Listener) -> None:
    """Say how much is to be made, and refuse what the disk will not hold."""
    copies = todo.filter(pl.col("rgb_policy") != LINK)
    size = int(copies["rgb_bytes"].sum())
    if copies.height:
        listener.on_message(f"{counted(copies.height, 'RGB copy', 'RGB copies')} to make, about {_amount(size)}")
        listener.on_start("copy", copies.height)
    if link == "copy":
        size += int(todo.filter(pl.col("rgb_policy") == LINK)["size"].sum())
    free = shutil.disk_usage(out).free
    if size > free:
        raise UsageError(
            f"{out / 'images'} needs about {_amount(size)}, the disk has {_amount(free)} free; make room, name another"
            " place with -o, use --rgb-format jpeg for smaller copies, or --no-images for lists and reports only"
        )
    if hasattr(os, "statvfs"):
        system = os.statvfs(out)
        if system.f_files and todo.height > system.f_favail:
            raise UsageError(
                f"{out / 'images'} needs {todo.height:,} more files, its file system takes {system.f_favail:,};"
                " name another place with -o, or use --no-images for lists and reports only"
            )


def _amount(size: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
