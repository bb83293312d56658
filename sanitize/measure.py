"""Gets the facts of all samples: those that are kept, and the others by probing."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from sanitize import wide
from sanitize.dataset import has_image_name, is_image_content, pixel_count
from sanitize.early import Early
from sanitize.engine.child import Answer
from sanitize.engine.schedule import split
from sanitize.facts import LOOK_COLUMNS, MADE_AS, PROBE_COLUMNS
from sanitize.probing import SHADES, Batches, Measures, Prober

#: What computes a checksum in the children.
DIGEST = "sanitize.digest:digest"
#: What computes a phash of what Pillow opens.
AS_STORED = "sanitize.probe.stored_hashes:as_stored"
#: What only decoding tells.
_OF_DECODING = (
    "decodes", "decodes_truncated", "decode_message", "decode_truncated_message", "decodes_opencv", "complaint",
    "complaint_kind", "lost_from_row", "survives", "finite", "plain", "pixels", "look", "shades",
)  # fmt: skip


class Measured(NamedTuple):
    """What `measure` gives."""

    samples: pl.DataFrame  #: with PROBE_COLUMNS, those of measurements, LOOK_COLUMNS and `measured`
    shades: pl.DataFrame  #: SHADES of files that were probed
    probed: pl.Series  #: the numbers of those that were


def measure(
    samples: pl.DataFrame,
    prober: Prober,
    *,
    reuse: bool,
    rehash: bool,
    begun: Early | None,
    listed: pl.Series,
    on_start: Callable[[str, int], None],
) -> Measured:
    """Return the facts of `samples`, by probing those of which none are kept.

    Without `reuse` all are, and no facts are kept but those of files that have changed unseen. With `rehash` the files whose
    facts are reused are read, and probed where they are not what they were. `begun` is the scan that may have begun with it.
    `listed` holds the numbers of files that a list names: they are read whole whatever their name. `on_start` is told of
    each stage (`hash`, `probe`) and of how many files.
    """
    is_listed = pl.col("file").is_in(listed.implode())
    wanted = samples.select("file", "path", "path_bytes", "size", "mtime_ns", wanted=has_image_name() | is_listed)
    known = [prober.store.load()]
    past = known[0].select("path", "size", "mtime_ns", past=_past())
    kept = _reusable(wanted, known, prober) if reuse else None
    known.clear()
    if kept is not None and rehash:
        others = _read_again(kept, wanted, prober, on_start)
        kept = kept.filter(~pl.col("file").is_in(others.implode()))
    stale = _stale(kept, prober.measures) if kept is not None else {}
    todo = _with_past(wanted if kept is None else _without(wanted, kept), past)
    del past
    on_start("probe", todo.height + sum(rows.height for rows in stale.values()))
    probed = [prober.probe(todo, sorted(prober.measures.asked), begun=begun, keeps_all=reuse)]
    for modules, rows in stale.items():
        again = wanted.join(rows.select("file", past=_past()), on="file", how="inner", maintain_order="left")
        probed.append(prober.probe(again, modules, before=rows, keeps_all=reuse))
    tables = [table for part in probed for table in part.facts]
    fresh = pl.concat([table.select("file") for table in tables])
    if kept is not None:
        tables.append(_without(kept, fresh) if stale else kept)
        del kept, stale
    # Every sample has its facts by now: in the same order, they are set beside it.
    files = pl.concat([table["file"] for table in tables])
    facts = wide.taken(tables, None if files.is_sorted() else files.arg_sort())
    shades = pl.concat([pl.DataFrame(schema=SHADES), *(table for part in probed for table in part.shades)])
    return Measured(pl.concat([samples, facts.drop("file")], how="horizontal"), shades, fresh["file"])


def _without(table: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of files that are in no row of another table."""
    return table.join(others.select("file"), on="file", how="anti", maintain_order="left")


def _reusable(wanted: pl.DataFrame, known: list[pl.DataFrame], prober: Prober) -> pl.DataFrame:
    """Return the kept facts, with `file`, of files that are unchanged and would not be measured otherwise today.

    Columns of a measurement that has another version by now are null in them. `known` is one table, which is taken away.
    """
    measures, max_pixels = prober.measures, prober.max_pixels
    # What is known of the pixels of a picture that would not be decoded today is left out, as it would be then.
    is_too_large = pixel_count() > max_pixels
    was_too_large = pl.col("decodes").is_null() & pl.col("unsupported").is_null() & (pixel_count() <= max_pixels)
    enough = pl.col("thorough").fill_null(value=False) | ~is_image_content() if prober.thorough else pl.lit(value=True)
    keys = ["path", "size", "mtime_ns"]
    usable = known[0].select(pl.col("holds") & ~was_too_large.fill_null(value=False) & enough).to_series()
    is_all = usable.all(ignore_nulls=False) and wanted.select(keys).equals(known[0].select(keys))
    if is_all:
        rows = wanted.select("file")
    else:
        rows = known[0].select(keys).with_row_index("row").filter(usable)
        rows = wanted.select("file", *keys).join(rows, on=keys, how="inner", maintain_order="left")
    known[0] = known[0].select(*PROBE_COLUMNS, *measures.schema, *LOOK_COLUMNS, "measured")
    kept = wide.taken(known, None if is_all else rows["row"])
    was_decoded = is_too_large.fill_null(value=False) & pl.col("decodes").is_not_null()
    kept = wide.blanked(kept, ~was_decoded, [*_OF_DECODING, *measures.schema])
    stamps = kept["measured"].unique().to_list()
    for one in measures.known:
        current = [stamp for stamp in stamps if one.module in measures.current(stamp)]
        if len(current) < len(stamps):
            columns = [*one.columns, *(name for name, other in MADE_AS.items() if other in one.columns)]
            kept = wide.blanked(kept, pl.col("measured").is_in(current, nulls_equal=True), columns)
    return pl.concat([rows.select("file"), kept], how="horizontal")


def _read_again(
    kept: pl.DataFrame, wanted: pl.DataFrame, prober: Prober, on_start: Callable[[str, int], None]
) -> pl.Series:
    """Return the numbers of the files that are not what they were when they were measured, or cannot be read."""
    known = wanted.select("file", "path_bytes", "size").join(
        kept.filter(pl.col("sha256").is_not_null()).select("file", "sha256"),
        on="file",
        how="inner",
        maintain_order="left",
    )
    ranges = split(known["size"], workers=prober.engine.workers)
    others: list[int] = []

    def take(number: int, answers: list[Answer]) -> None:
        rows = known.slice(ranges[number].start, len(ranges[number]))
        for file, sha256, (status, payload) in zip(rows["file"], rows["sha256"], answers, strict=True):
            if status != "ok" or payload.get("sha256") != sha256:
                others.append(file)
        prober.on_progress(len(answers))

    on_start("hash", known.height)
    options = {"root": prober.root, "algorithm": "sha256"}
    prober.engine.run(DIGEST, Batches(known.select("path_bytes"), ranges), options, take)
    return pl.Series(others, dtype=pl.UInt32)


def _past() -> pl.Expr:
    """Return the checksum that a file is to have while its size and time of change stay as they are."""
    return pl.coalesce("sha256_before", "sha256")


def _with_past(todo: pl.DataFrame, past: pl.DataFrame) -> pl.DataFrame:
    """Add `past`, the checksum that each file is to have; null where nothing is known of it."""
    if not todo.height or not past.height:
        return todo.with_columns(past=pl.lit(None, dtype=pl.String))
    return todo.join(past, on=["path", "size", "mtime_ns"], how="left", maintain_order="left")


def _stale(kept: pl.DataFrame, measures: Measures) -> dict[tuple[str, ...], pl.DataFrame]:
    """Return the kept facts of pictures that modules asked today have not measured, by those modules."""
    stale: dict[tuple[str, ...], pl.DataFrame] = {}
    has_picture = pl.col("decodes").fill_null(value=False) & pl.col("complaint").is_null()
    for stamp in kept["measured"].unique().to_list():
        missing = tuple(sorted(set(measures.asked) - measures.current(stamp)))
        rows = kept.filter(pl.col("measured").eq_missing(pl.lit(stamp)) & has_picture) if missing else pl.DataFrame()
        if rows.height:
            stale[missing] = pl.concat([stale[missing], rows]) if missing in stale else rows
    return stale
