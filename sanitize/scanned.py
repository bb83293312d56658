"""What a scan left and what became of it, as the tables that checks judge."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

import sanitize.outputs.images as images_output
from sanitize import names
from sanitize.errors import UsageError
from sanitize.image_tree import IS_FOLDER, IS_LINK
from sanitize.inputs import Input, now, used
from sanitize.listener import Listener
from sanitize.many_files import link_targets, sha256s, states
from sanitize.name_columns import as_bytes, as_keys, with_slashes
from sanitize.names import shown_path
from sanitize.out import FACTS, FINISHED
from sanitize.parts import read
from sanitize.recipe import chosen
from sanitize.record import Record, Written, not_as_written
from sanitize.rgb import LINK

#: Files that are asked about at a time; of all others only columns are held.
_AT_A_TIME = 200_000
_COMPARED: dict[str, pl.DataType] = {
    "name": pl.String(),
    "size": pl.Int64(),
    "sha256": pl.String(),
    "size_now": pl.Int64(),
    "sha256_now": pl.String(),
}
_STATE: dict[str, pl.DataType] = {"size_now": pl.Int64(), "mtime_ns_now": pl.Int64(), "trouble": pl.String()}
_ENTRIES: dict[str, pl.DataType] = {
    "path": pl.String(),
    "rgb_path": pl.String(),
    "kind": pl.UInt8(),
    "bytes": pl.Int64(),
    "made_ns": pl.Int64(),
    "target": pl.String(),
    "sha256": pl.String(),
    "vouched": pl.Boolean(),
    "kind_now": pl.UInt8(),
    "bytes_now": pl.Int64(),
    "made_ns_now": pl.Int64(),
}
_NO_TEXT = pl.lit(None, dtype=pl.String)


class Scanned(NamedTuple):
    """A scan that finished and, in columns that end in `_now`, what became of it.

    `files` has a row for each picture of the clean lists: `path` (key, relative to IMAGES), `size` (bytes), `mtime_ns`
    and `sha256`; `size_now` and `mtime_ns_now`, null where there is no file; `trouble`, why not, empty where it is gone.

    `entries` has a row for each entry of OUT/images that should be there, or is: `path` (key) of its source, `rgb_path`
    (key), `kind` (see `image_tree`), `bytes`, `made_ns` and `sha256` of a file, `target` (key) of a link; `vouched`, whether
    it is known to be what this scan made of its source; `kind_now`, `bytes_now`, `made_ns_now` and `target_now`. `path` and
    all that follows from it are null for an entry that should not be there.

    `outputs` and `inputs` have a row for each list, report or settings file: `name`, as it is shown, `size` and `sha256`;
    `size_now` and `sha256_now`, null where it is gone; `inputs` also the `flag` that named it. `size` and `size_now` are
    null of settings in a file that holds those of other programs too.

    `sha256_now` of `files` and `entries` is null unless the scan is looked at deeply.
    """

    record: Record
    summary: dict[str, Any]  #: the content of `summary.json`
    files: pl.DataFrame
    entries: pl.DataFrame
    outputs: pl.DataFrame
    inputs: pl.DataFrame
    age: timedelta  #: since the scan ended
    max_age: timedelta | None
    deep: bool


def look(
    out: Path, record: Record, *, deep: bool, max_age: timedelta | None, workers: int, listener: Listener
) -> Scanned:
    """Look at everything that the scan found good, and at what it wrote; `deep` reads the files, `workers` at a time.

    Raises UsageError where IMAGES, or what the scan noted in OUT, cannot be read.
    """
    written = ((out / one.name, one) for one in record.outputs)
    outputs = _compare((shown_path(path), one, now(os.fsencode(path))) for path, one in written)
    kept = _kept(out, outputs)
    has_images = bool(record.settings["images"])
    root = names.to_bytes(record.images_root if has_images else record.images)
    if not os.path.isdir(root):
        raise UsageError(f"the folder of images {os.fsdecode(root)} is not there; mount it, or scan again")
    entries = _entries(out, record, kept) if has_images else pl.DataFrame(schema=_ENTRIES)
    listener.on_start("compare", kept.height + entries.height)
    files = _with_states(kept, root, listener.on_progress)
    entries = _with_targets(entries, _folder(out), listener.on_progress)
    if deep:
        there = pl.col("sha256").is_not_null() & pl.col("kind_now").is_not_null()
        is_file = pl.col("size_now").is_not_null()
        listener.on_start("hash", files.filter(is_file).height + entries.filter(there).height)
        files = _with_hashes(files, "path", is_file, root, workers, listener.on_progress)
        entries = _with_hashes(entries, "rgb_path", there, _folder(out), workers, listener.on_progress)
    else:
        files, entries = files.with_columns(sha256_now=_NO_TEXT), entries.with_columns(sha256_now=_NO_TEXT)
    return Scanned(
        record=record,
        summary=_summary(out),
        files=files,
        entries=entries,
        outputs=outputs,
        inputs=_compare(
            (one.source, one, used(one.flag, names.to_bytes(one.path))) for one in record.inputs
        ).with_columns(pl.Series("flag", [one.flag for one in record.inputs], dtype=pl.String)),
        age=datetime.now(UTC) - record.finished,
        max_age=max_age,
        deep=deep,
    )


def _compare(files: Iterable[tuple[str, Input | Written, tuple[int | None, str] | None]]) -> pl.DataFrame:
    rows = [(name, known.size, known.sha256, *(seen or (None, None))) for name, known, seen in files]
    return pl.DataFrame(rows, schema=_COMPARED, orient="row")


def _summary(out: Path) -> dict[str, Any]:
    try:
        content = json.loads((out / FINISHED).read_bytes())
    except (OSError, ValueError):
        content = None
    if not isinstance(content, dict):
        raise not_as_written(out / FINISHED)
    return content


def _kept(out: Path, outputs: pl.DataFrame) -> pl.DataFrame:
    """Return what the scan knew of the pictures on the clean lists: `path` and `rgb_path` (keys), `size`, ..."""
    path = out / FACTS
    intact = outputs.filter((pl.col("name") == shown_path(path)) & (pl.col("sha256") == pl.col("sha256_now")))
    # Polars takes damaged bytes for data, or ends the process over them.
    if not intact.height:
        raise not_as_written(path)
    columns = ["path_bytes", "rgb_path_bytes", "size", "mtime_ns", "sha256", "rgb_policy", "verdict"]
    try:
        facts = read(path, columns).filter(verdict="kept")
    except pl.exceptions.PolarsError:
        raise UsageError(f"{path} was written by another version; scan again") from None
    keys = {"path": as_keys(facts["path_bytes"]), "rgb_path": as_keys(facts["rgb_path_bytes"])}
    return facts.select("size", "mtime_ns", "sha256", "rgb_policy", **keys)


def _entries(out: Path, record: Record, kept: pl.DataFrame) -> pl.DataFrame:
    """Return the entries that should be, and those that are there."""
    known, there = images_output.look(out)
    if kept.height and not known.height:
        raise UsageError(f"what {out} notes of `images/` is gone or damaged; scan again")
    recipe = chosen(record.settings).of(record.images_root)
    wanted = kept.with_columns(wanted=recipe).rename({"sha256": "source_sha256"})
    made = wanted.join(known, on=["path", "rgb_path"], how="left", suffix="_then", maintain_order="left")
    is_link = pl.col("kind") == IS_LINK
    same_source = (pl.col("size") == pl.col("size_then")) & (pl.col("mtime_ns") == pl.col("mtime_ns_then"))
    folder = names.to_key(os.path.join(names.to_bytes(record.images_root), b""))
    should = made.select(
        "path",
        "rgb_path",
        "kind",
        "bytes",
        "made_ns",
        target=pl.when(is_link).then(with_slashes(pl.lit(folder) + pl.col("path"))),
        sha256=pl.when(~is_link).then(pl.when(pl.col("rgb_policy") == LINK).then("source_sha256").otherwise("sha256")),
        vouched=((pl.col("recipe") == pl.col("wanted")) & (is_link | same_source)).fill_null(value=False),
    )
    there = there.filter(pl.col("kind") != IS_FOLDER).select("rgb_path", pl.exclude("rgb_path").name.suffix("_now"))
    return should.join(there, on="rgb_path", how="full", coalesce=True, maintain_order="left_right").select(*_ENTRIES)


def _folder(out: Path) -> bytes:
    return os.path.join(os.fsencode(out), b"images")


def _with_states(kept: pl.DataFrame, root: bytes, on_progress: Callable[[int], None]) -> pl.DataFrame:
    parts = [pl.DataFrame(schema=_STATE)]
    for paths in _slices(kept["path"], root):
        parts.append(pl.DataFrame(states(paths, on_progress), schema=_STATE, orient="row"))
    return kept.drop("rgb_policy", "rgb_path").with_columns(pl.concat(parts))


def _with_targets(entries: pl.DataFrame, folder: bytes, on_progress: Callable[[int], None]) -> pl.DataFrame:
    links = entries.filter(pl.col("kind_now") == IS_LINK).select("rgb_path")
    on_progress(entries.height - links.height)
    parts = [pl.Series(dtype=pl.String)]
    for paths in _slices(links["rgb_path"], folder):
        targets = [target or b"" for target in link_targets(paths, on_progress)]
        parts.append(as_keys(pl.Series(targets, dtype=pl.Binary)))
    found = links.with_columns(target_now=pl.concat(parts)).with_columns(with_slashes(pl.col("target_now")))
    return entries.join(found, on="rgb_path", how="left", maintain_order="left")


def _with_hashes(
    table: pl.DataFrame, path: str, which: pl.Expr, root: bytes, workers: int, on_progress: Callable[[int], None]
) -> pl.DataFrame:
    asked = table.filter(which).select(path)
    parts = [pl.Series(dtype=pl.String)]
    for paths in _slices(asked[path], root):
        parts.append(pl.Series(sha256s(paths, workers, on_progress), dtype=pl.String))
    found = asked.with_columns(sha256_now=pl.concat(parts))
    return table.join(found, on=path, how="left", maintain_order="left")


def _slices(keys: pl.Series, root: bytes) -> Iterator[list[bytes]]:
    """Give the absolute paths of keys, so many at a time."""
    for part in keys.to_frame().iter_slices(_AT_A_TIME):
        yield [os.path.join(root, path) for path in as_bytes(part.to_series())]
