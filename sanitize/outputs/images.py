"""OUT/images: a link to each good original, and an RGB copy where one was needed.

It is brought up to date by difference. What is new is put in, each entry whole or not at all; what is stale leaves
later, when the reports that speak of the new entries are written. No original is ever written to: nothing is opened for
writing under a name that exists, and folders that are links are replaced.
"""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl

from sanitize import names
from sanitize.errors import UsageError
from sanitize.image_manifest import SCHEMA, Manifest
from sanitize.image_tree import IS_LINK, Tree, ancestors, is_as_made, remove
from sanitize.listener import Listener
from sanitize.name_columns import as_bytes
from sanitize.outputs.image_entries import Convert, make_copies, make_links
from sanitize.outputs.image_room import foresee
from sanitize.recipe import Recipe
from sanitize.rgb import LINK

#: Entries that cannot be made: why, and, where it is no fault of the file, how the attempt ended: `internal`, `crash`,
#: `timeout` or `memory`, as facts have it.
FAILURES: dict[str, pl.DataType] = {"file": pl.UInt32(), "message": pl.String(), "status": pl.String()}
#: What decides about an entry.
WANTED = (
    "file", "path", "rgb_path", "rgb_policy", "rgb_bytes", "content", "orientation", "complaint_kind", "size", "mtime_ns",
)  # fmt: skip


def update(
    out: Path,
    images: Path,
    wanted: pl.DataFrame,
    recipe: Recipe,
    *,
    convert: Convert,
    listener: Listener,
) -> pl.DataFrame:
    """Put every wanted entry into OUT/images; returns `FAILURES`, those that cannot be made.

    `wanted` has the columns WANTED.
    `images` is IMAGES, resolved. `listener` hears the number of copies before they are made.
    Raises UsageError where the disk will not hold them, OSError where OUT cannot be written.
    """
    tree, manifest = _tree(out), _manifest(out)
    rows = wanted.select(*WANTED, recipe=recipe.of(names.to_key(os.fsencode(images))))
    entries, folders = tree.walk()
    known = manifest.load()
    there = known.join(entries, on=["rgb_path", "kind", "bytes"], suffix="_now", nulls_equal=True)
    fresh = _fresh(there.filter(is_as_made()).select(*SCHEMA), rows)
    if fresh.height == rows.height == entries.height == known.height:
        return pl.DataFrame(schema=FAILURES)
    todo = rows.join(fresh, on="rgb_path", how="anti", maintain_order="left")
    foresee(out, todo, link=recipe.link, listener=listener)
    unknown = entries.join(fresh, on="rgb_path", how="anti")
    manifest.replace(pl.concat([fresh, _of_nothing(unknown)]))
    tree.prepare()
    tree.make_folders(ancestors(as_bytes(todo["rgb_path"])), there=folders)
    links, copies = todo.filter(pl.col("rgb_policy") == LINK), todo.filter(pl.col("rgb_policy") != LINK)
    failures = [
        *make_links(tree, manifest, links, images, link=recipe.link, listener=listener),
        *make_copies(tree, manifest, copies, images, recipe, convert),
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


def _tree(out: Path) -> Tree:
    # Who makes the copies may stand in another folder: a decoder that moved, a worker of a cluster.
    root = os.path.abspath(os.fsencode(out))
    return Tree(os.path.join(root, b"images"), os.path.join(root, b".sanitize", b"images-waiting"))


def _manifest(out: Path) -> Manifest:
    return Manifest(_memory(out))


def _memory(out: Path) -> Path:
    return out / ".sanitize" / "images"


def _fresh(known: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the known entries that are still what is wanted; a symbolic link is, whatever became of its file."""
    same = known.join(rows, on=["rgb_path", "path", "recipe"], suffix="_now")
    unchanged = (pl.col("size") == pl.col("size_now")) & (pl.col("mtime_ns") == pl.col("mtime_ns_now"))
    return same.filter((pl.col("kind") == IS_LINK) | unchanged).select(*SCHEMA)


def _of_nothing(entries: pl.DataFrame) -> pl.DataFrame:
    """Return rows that say no more than that there is an entry."""
    missing = {name: pl.lit(None, dtype=dtype) for name, dtype in SCHEMA.items() if name not in entries.columns}
    return entries.with_columns(**missing).select(*SCHEMA)
