"""Gets the facts of all samples: those that are kept, and the others by probing."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from sanitize.dataset import has_image_name, is_image_content
from sanitize.engine.child import Answer
from sanitize.engine.schedule import Engine, split
from sanitize.facts import PROBE_COLUMNS
from sanitize.store import Store, polars_schema

#: The function that measures one file.
PROBE = "sanitize.probe.read:probe_path"
_SCHEMA = polars_schema(PROBE_COLUMNS)


def measure(
    samples: pl.DataFrame,
    store: Store | None,
    engine: Engine,
    *,
    root: bytes,
    max_pixels: int,
    thorough: bool,
    listed: pl.Series,
    on_start: Callable[[int], None],
    on_progress: Callable[[int], None],
) -> tuple[pl.DataFrame, int]:
    """Return `samples` with PROBE_COLUMNS, and how many files were opened for it.

    `listed` holds the numbers of files that a list names: they are read whole whatever their name. `on_start` is told
    how many files are to be probed, `on_progress` how many more are.
    """
    wanted = samples.select(
        "file",
        "path",
        "path_bytes",
        "size",
        "mtime_ns",
        wanted=has_image_name() | pl.col("file").is_in(listed.implode()),
    )
    kept = _reusable(wanted, store.load(), max_pixels=max_pixels, thorough=thorough) if store else None
    todo = wanted if kept is None else wanted.join(kept.select("file"), on="file", how="anti", maintain_order="left")
    on_start(todo.height)
    measured = _probe(todo, store, engine, {"root": root, "max_pixels": max_pixels, "thorough": thorough}, on_progress)
    facts = pl.concat([measured, *([kept.select(measured.columns)] if kept is not None else [])])
    joined = samples.join(facts, on="file", how="left", maintain_order="left")
    if store and todo.height:
        store.compact(joined)
    return joined, todo.height


def _reusable(wanted: pl.DataFrame, kept: pl.DataFrame, *, max_pixels: int, thorough: bool) -> pl.DataFrame:
    """Return the kept facts, with `file`, of files that are unchanged and would not be measured otherwise today."""
    was_too_large = (
        pl.col("decodes").is_null()
        & pl.col("unsupported").is_null()
        & (pl.col("width") * pl.col("height") <= max_pixels)
    )
    enough = pl.col("thorough").fill_null(value=False) | ~is_image_content() if thorough else pl.lit(value=True)
    return (
        wanted.select("file", "path", "size", "mtime_ns")
        .join(kept, on=["path", "size", "mtime_ns"], how="inner", maintain_order="left")
        .filter(~was_too_large.fill_null(value=False) & enough)
        .select("file", *PROBE_COLUMNS)
    )


def _probe(
    todo: pl.DataFrame,
    store: Store | None,
    engine: Engine,
    options: dict[str, object],
    on_progress: Callable[[int], None],
) -> pl.DataFrame:
    """Probe files, in batches in the order of their paths; facts go to the store as they come."""
    items = list(zip(todo["path_bytes"].to_list(), todo["wanted"].to_list(), strict=True))
    batches = split(items, todo["size"].to_list(), workers=engine.workers)
    starts = [0]
    for batch in batches:
        starts.append(starts[-1] + len(batch))
    tables: list[pl.DataFrame] = []

    def take(number: int, answers: list[Answer]) -> None:
        rows = todo.slice(starts[number], len(answers))
        table = pl.concat([rows.select("file"), _as_table(answers)], how="horizontal")
        tables.append(table)
        if store:
            store.add(pl.concat([rows.select("path", "size", "mtime_ns"), table.drop("file")], how="horizontal"))
        on_progress(len(answers))

    try:
        engine.run(PROBE, batches, options, take)
    finally:
        if store:
            store.flush()
    return pl.concat([pl.DataFrame(schema={"file": pl.UInt32(), **_SCHEMA}), *tables])


def _as_table(answers: list[Answer]) -> pl.DataFrame:
    rows = [payload if status == "ok" else {"status": status, "status_message": payload} for status, payload in answers]
    return pl.DataFrame(
        {name: pl.Series([row.get(name) for row in rows], dtype=dtype) for name, dtype in _SCHEMA.items()}
    )
