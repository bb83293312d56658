"""OUT/images: a link to each good original, and an RGB copy where one was needed.

It is brought up to date by difference. What is new is put in, each entry whole or not at all; what is stale leaves
later, when the reports that speak of the new entries are written. No original is ever written to: nothing is opened for
writing under a name that exists, and folders that are links are replaced.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import polars as pl

from sanitize import names
from sanitize.errors import UsageError
from sanitize.image_manifest import SCHEMA, Manifest
from sanitize.image_tree import IS_FILE, IS_LINK, WHOLESALE, Tree, ancestors, date, is_as_made, remove
from sanitize.many_files import state
from sanitize.name_columns import as_bytes
from sanitize.probe.complaint import NO_END
from sanitize.rgb import LINK, VERSION
from sanitize.texts import counted

#: Makes copies: takes the requests and the bytes of their sources, gives the number of each request and its answer.
Convert = Callable[[list[dict[str, Any]], list[int]], Iterable[tuple[int, dict[str, Any]]]]

#: Entries that cannot be made: why, and, where it is no fault of the file, how the attempt ended: `internal`, `crash`,
#: `timeout` or `memory`, as facts have it.
FAILURES: dict[str, pl.DataType] = {"file": pl.UInt32(), "message": pl.String(), "status": pl.String()}
#: What decides about an entry.
WANTED = (
    "file", "path", "rgb_path", "rgb_policy", "rgb_bytes", "content", "orientation", "complaint_kind", "size", "mtime_ns",
)  # fmt: skip
_Failure = tuple[int, str, str | None]
_CHANGED = "the file has changed since it was decoded"
# Entries made before they are noted: a killed update does so many again at most.
_COPIES_PER_PART = 2_000
_LINKS_PER_PART = 100_000


def update(
    out: Path,
    images: Path,
    wanted: pl.DataFrame,
    *,
    link: str,
    icc: str,
    background: tuple[int, int, int],
    convert: Convert,
    on_message: Callable[[str], None] = lambda text: None,
    on_copies: Callable[[int], None] = lambda count: None,
) -> pl.DataFrame:
    """Put every wanted entry into OUT/images; returns `FAILURES`, those that cannot be made.

    `wanted` has the columns WANTED.
    `images` is IMAGES, resolved. `on_copies` hears the number of copies before they are made.
    Raises UsageError where the disk will not hold them, OSError where OUT cannot be written.
    """
    tree, manifest = _tree(out), _manifest(out)
    rows = _rows(wanted, images, link=link, icc=icc, background=background)
    entries, folders = tree.walk()
    known = manifest.load()
    there = known.join(entries, on=["rgb_path", "kind", "bytes"], suffix="_now", nulls_equal=True)
    fresh = _fresh(there.filter(is_as_made()).select(*SCHEMA), rows)
    if fresh.height == rows.height == entries.height == known.height:
        return pl.DataFrame(schema=FAILURES)
    todo = rows.join(fresh, on="rgb_path", how="anti", maintain_order="left")
    _foresee(out, todo, link=link, on_message=on_message, on_copies=on_copies)
    unknown = entries.join(fresh, on="rgb_path", how="anti")
    manifest.replace(pl.concat([fresh, _of_nothing(unknown)]))
    tree.prepare()
    tree.make_folders(ancestors(as_bytes(todo["rgb_path"])), there=folders)
    links, copies = todo.filter(pl.col("rgb_policy") == LINK), todo.filter(pl.col("rgb_policy") != LINK)
    failures = [
        *_make_links(tree, manifest, links, images, link=link, on_message=on_message),
        *_make_copies(tree, manifest, copies, images, convert, icc=icc, background=background),
    ]
    tree.finish()
    manifest.replace(manifest.load())
    return pl.DataFrame(failures, schema=FAILURES, orient="row")


def remove_stale(out: Path, wanted: pl.DataFrame | None) -> None:
    """Remove what is not wanted (`rgb_path`) of what the last `update` saw or made; everything where that is None."""
    tree, manifest = _tree(out), _manifest(out)
    if wanted is None:
        remove(tree.root)
        remove(os.fsencode(_memory(out)))
        return
    known = manifest.load()
    stale = known.join(wanted, on="rgb_path", how="anti")
    if stale.height:
        tree.remove(as_bytes(stale["rgb_path"]))
        manifest.replace(known.join(wanted, on="rgb_path", how="semi"))


def is_there(out: Path) -> bool:
    """Tell whether there are entries."""
    return os.path.isdir(_tree(out).root)


def look(out: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what is known of the entries (`image_manifest.SCHEMA`), and which are there (see `image_tree.Walked`).

    Raises UsageError where they cannot be listed.
    """
    try:
        return _manifest(out).load(), _tree(out).walk().entries
    except OSError as error:
        place = names.shown_path(error.filename or out / "images")
        raise UsageError(f"cannot list {place}: {error.strerror or error}; allow it, or scan again") from None


def recipe(root: str, *, link: str, icc: str, background: tuple[int, int, int]) -> pl.Expr:
    """Return everything, beside the source, that an entry's content follows from; `root` is the key of IMAGES, resolved."""
    policy = pl.col("rgb_policy")
    over = pl.when(policy.str.contains("alpha", literal=True)).then(pl.lit(f" over {background}")).otherwise(pl.lit(""))
    copied = pl.lit(f"version {VERSION} icc {icc} of {root} ") + policy + over
    return pl.when(policy == LINK).then(pl.lit(f"{link} to {root}")).otherwise(copied)


def _tree(out: Path) -> Tree:
    # Who makes the copies may stand in another folder: a decoder that moved, a worker of a cluster.
    root = os.path.abspath(os.fsencode(out))
    return Tree(os.path.join(root, b"images"), os.path.join(root, b".sanitize", b"images-waiting"))


def _manifest(out: Path) -> Manifest:
    return Manifest(_memory(out))


def _memory(out: Path) -> Path:
    return out / ".sanitize" / "images"


def _rows(wanted: pl.DataFrame, images: Path, *, link: str, icc: str, background: tuple[int, int, int]) -> pl.DataFrame:
    """Add the `recipe` to what is wanted."""
    root = names.to_key(os.fsencode(images))
    return wanted.select(*WANTED, recipe=recipe(root, link=link, icc=icc, background=background))


def _fresh(known: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the known entries that are still what is wanted; a symbolic link is, whatever became of its file."""
    same = known.join(rows, on=["rgb_path", "path", "recipe"], suffix="_now")
    unchanged = (pl.col("size") == pl.col("size_now")) & (pl.col("mtime_ns") == pl.col("mtime_ns_now"))
    return same.filter((pl.col("kind") == IS_LINK) | unchanged).select(*SCHEMA)


def _of_nothing(entries: pl.DataFrame) -> pl.DataFrame:
    """Return rows that say no more than that there is an entry."""
    missing = {name: pl.lit(None, dtype=dtype) for name, dtype in SCHEMA.items() if name not in entries.columns}
    return entries.with_columns(**missing).select(*SCHEMA)


def _foresee(
    out: Path,
    todo: pl.DataFrame,
    *,
    link: str,
    on_message: Callable[[str], None],
    on_copies: Callable[[int], None],
) -> None:
    """Say how much is to be made, and refuse what the disk will not hold."""
    copies = todo.filter(pl.col("rgb_policy") != LINK)
    size = int(copies["rgb_bytes"].sum())
    if copies.height:
        on_message(f"{counted(copies.height, 'RGB copy', 'RGB copies')} to make, about {_amount(size)}")
        on_copies(copies.height)
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


def _make_links(
    tree: Tree,
    manifest: Manifest,
    links: pl.DataFrame,
    images: Path,
    *,
    link: str,
    on_message: Callable[[str], None],
) -> list[_Failure]:
    if links.is_empty():
        return []
    how = tree.usable(link)
    if how != link:
        on_message("OUT takes no symbolic links: hard links are made instead, or copies where those are refused too")
    failures: list[_Failure] = []
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


def _make_copies(
    tree: Tree,
    manifest: Manifest,
    copies: pl.DataFrame,
    images: Path,
    convert: Convert,
    *,
    icc: str,
    background: tuple[int, int, int],
) -> list[_Failure]:
    failures: list[_Failure] = []
    for part in copies.iter_slices(_COPIES_PER_PART):
        requests = _requests(tree, part, os.fsencode(images), icc=icc, background=background)
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


def _requests(
    tree: Tree, part: pl.DataFrame, root: bytes, *, icc: str, background: tuple[int, int, int]
) -> list[dict[str, Any]]:
    """Return what `convert.convert` is asked."""
    columns = (part[name].to_list() for name in ("rgb_policy", "content", "orientation", "complaint_kind"))
    return [
        {
            "source": os.path.join(root, source),
            "target": tree.waiting_name(),
            "policy": policy,
            "content": content,
            "background": background,
            "icc": icc,
            "orientation": orientation,
            "tolerant": "salvage" in policy,
            "lost": "salvage" in policy and damage != NO_END,
        }
        for source, policy, content, orientation, damage in zip(as_bytes(part["path"]), *columns, strict=True)
    ]
