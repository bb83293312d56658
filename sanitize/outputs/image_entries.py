"""Makes links and RGB copies in OUT/images, and notes each part of them when it is there.

No original is ever written to, and what has changed since it was judged gets no entry.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import polars as pl

from sanitize.image_manifest import Manifest
from sanitize.image_tree import IS_FILE, IS_LINK, WHOLESALE, Tree, date, remove
from sanitize.listener import Listener
from sanitize.many_files import state
from sanitize.name_columns import as_bytes
from sanitize.probe.complaint import NO_END
from sanitize.recipe import Recipe

#: Makes copies: takes the requests and the bytes of their sources, gives the number of each request and its answer.
Convert = Callable[[list[dict[str, Any]], list[int]], Iterable[tuple[int, dict[str, Any]]]]

#: A file whose entry cannot be made, why, and how the attempt ended where it is no fault of the file.
Failure = tuple[int, str, str | None]
_CHANGED = "the file has changed since it was decoded"
# Entries made before they are noted: a killed update does so many again at most.
_COPIES_PER_PART = 2_000
_LINKS_PER_PART = 100_000


def make_links(
    tree: Tree, manifest: Manifest, links: pl.DataFrame, images: Path, *, link: str, listener: Listener
) -> list[Failure]:
    """Put links at their places, or copies where the file system refuses both kinds; return those that cannot be made."""
    if links.is_empty():
        return []
    how = tree.usable(link)
    if how != link:
        listener.on_message(
            "OUT takes no symbolic links: hard links are made instead, or copies where those are refused too"
        )
    failures: list[Failure] = []
    root = os.fsencode(images)
    for part in links.iter_slices(_LINKS_PER_PART):
        made: list[bool] = []
        times: list[int | None] = []
        known = zip(part["size"], part["mtime_ns"], strict=True)
        pairs = zip(part["file"], as_bytes(part["path"]), as_bytes(part["rgb_path"]), known, strict=True)
        for file, name, path, decoded in pairs:
            source, time, trouble = os.path.join(root, name), None, None
            try:
                tree.link(source, path, how)
                time = None if how == "symlink" else tree.made_ns(path)
            except OSError as error:
                if error.errno in WHOLESALE:
                    raise
                trouble = error.strerror or str(error)
            if trouble is None and how != "symlink" and _has_changed(source, decoded):
                trouble = _CHANGED
                tree.remove([path])
            if trouble is not None:
                failures.append((file, f"cannot be linked: {trouble}", None))
            times.append(time)
            made.append(trouble is None)
        sizes = pl.lit(None, dtype=pl.Int64) if how == "symlink" else pl.col("size")
        kind = IS_LINK if how == "symlink" else IS_FILE
        dated = part.with_columns(made_ns=pl.Series(times, dtype=pl.Int64))
        done = dated.filter(pl.Series(made, dtype=pl.Boolean))
        no_hash = pl.lit(None, dtype=pl.String)
        manifest.add(done.with_columns(kind=pl.lit(kind, dtype=pl.UInt8), bytes=sizes, sha256=no_hash))
    return failures


def _has_changed(path: bytes, decoded: tuple[int, int]) -> bool:
    """Tell whether a file has other bytes, as far as size and time tell, than when they were judged: no list may name these.

    Of a link `verify` tells.
    """
    return state(path)[:2] != decoded


def make_copies(
    tree: Tree, manifest: Manifest, copies: pl.DataFrame, images: Path, recipe: Recipe, convert: Convert
) -> list[Failure]:
    """Put RGB copies at their places as they are made; return those that cannot be."""
    failures: list[Failure] = []
    for part in copies.iter_slices(_COPIES_PER_PART):
        requests = _requests(tree, part, os.fsencode(images), recipe)
        places, sizes = as_bytes(part["rgb_path"]), [0] * part.height
        hashes: list[str | None] = [None] * part.height
        times: list[int | None] = [None] * part.height
        known = list(zip(part["size"], part["mtime_ns"], strict=True))
        for number, answer in convert(requests, part["size"].to_list()):
            error = answer.get("error")
            if error is None and _has_changed(requests[number]["source"], known[number]):
                error = _CHANGED
                remove(requests[number]["target"])
            if error is None and "bytes" in answer:
                date(requests[number]["target"])
                tree.put(requests[number]["target"], places[number])
                sizes[number], hashes[number] = int(answer["bytes"]), answer.get("sha256")
                times[number] = tree.made_ns(places[number])
                continue
            if answer.get("errno") in WHOLESALE:
                raise OSError(answer["errno"], str(error))
            failures.append((part["file"][number], "no answer" if error is None else str(error), answer.get("status")))
        made = part.with_columns(
            kind=pl.lit(IS_FILE, dtype=pl.UInt8),
            bytes=pl.Series(sizes, dtype=pl.Int64),
            made_ns=pl.Series(times, dtype=pl.Int64),
            sha256=pl.Series(hashes, dtype=pl.String),
        )
        manifest.add(made.filter(pl.col("bytes") > 0))
    return failures


def _requests(tree: Tree, part: pl.DataFrame, root: bytes, recipe: Recipe) -> list[dict[str, Any]]:
    """Return what `convert.convert` is asked."""
    columns = (part[name].to_list() for name in ("rgb_policy", "content", "orientation", "complaint_kind"))
    return [
        {
            "source": os.path.join(root, source),
            "target": tree.waiting_name(),
            "policy": policy,
            "content": content,
            "background": recipe.background,
            "icc": recipe.icc,
            "orientation": orientation,
            "tolerant": "salvage" in policy,
            "lost": "salvage" in policy and damage != NO_END,
        }
        for source, policy, content, orientation, damage in zip(as_bytes(part["path"]), *columns, strict=True)
    ]
