"""Gets the facts of all samples: those that are kept, and the others by probing."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

from sanitize.dataset import has_image_name, is_image_content
from sanitize.engine.child import Answer
from sanitize.engine.schedule import Engine, split
from sanitize.engine.start import PROBE
from sanitize.facts import PROBE_COLUMNS
from sanitize.store import Store, polars_schema

#: How often facts are put into a table and kept, seconds: a killed scan loses no more.
_SETTLE_SECONDS = 1.0
_SCHEMA = polars_schema(PROBE_COLUMNS)
#: What only decoding tells.
_OF_DECODING = (
    "decodes", "decodes_truncated", "decode_message", "decode_truncated_message", "decodes_opencv", "complaint",
    "complaint_kind", "lost_from_row", "survives", "finite", "plain",
)  # fmt: skip


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
    todo = (
        wanted.join(kept.select("file"), on="file", how="anti", maintain_order="left") if kept is not None else wanted
    )
    on_start(todo.height)
    options: dict[str, object] = {"root": root, "max_pixels": max_pixels, "thorough": thorough}
    measured = _probe(todo, store, engine, options, on_progress)
    facts = (pl.concat([measured, kept], rechunk=False) if kept is not None else measured).sort("file")
    # Every sample has its facts by now, in the same order: a join would copy what is a third of all memory.
    joined = samples.with_columns(facts.drop("file").get_columns())
    if store and todo.height:
        store.compact(joined)
    return joined, todo.height


def _reusable(wanted: pl.DataFrame, kept: pl.DataFrame, *, max_pixels: int, thorough: bool) -> pl.DataFrame:
    """Return the kept facts, with `file`, of files that are unchanged and would not be measured otherwise today."""
    # What is known of the pixels of a picture that would not be decoded today is left out, as it would be then.
    is_too_large = pl.col("width") * pl.col("height") > max_pixels
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
        .with_columns(pl.when(~is_too_large.fill_null(value=False)).then(pl.col(*_OF_DECODING)))
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
    batches = _Batches(todo, split(todo["size"], workers=engine.workers))
    tables: list[pl.DataFrame] = []
    pending: list[tuple[int, list[Answer]]] = []
    settled = time.monotonic()

    def settle() -> None:
        if pending:
            rows = pl.concat([batches.rows(number) for number, _answers in pending])
            table = _as_table([answer for _number, answers in pending for answer in answers])
            tables.append(rows.select("file").hstack(table))
            if store:
                store.add(rows.select("path", "size", "mtime_ns").hstack(table))
            pending.clear()

    def take(number: int, answers: list[Answer]) -> None:
        nonlocal settled
        pending.append((number, answers))
        if time.monotonic() - settled > _SETTLE_SECONDS:
            settle()
            settled = time.monotonic()
        on_progress(len(answers))

    try:
        engine.run(PROBE, batches, options, take)
    finally:
        settle()
    return pl.concat([pl.DataFrame(schema={"file": pl.UInt32(), **_SCHEMA}), *tables], rechunk=False)


class _Batches(Sequence[list[Any]]):
    """What is asked of each file, batch by batch: made when it is asked for, as a million items weigh 200 MB."""

    def __init__(self, todo: pl.DataFrame, ranges: list[range]) -> None:
        self._keys = todo.select("file", "path", "size", "mtime_ns")
        self._paths, self._wanted = todo["path_bytes"], todo["wanted"]
        self._ranges = ranges

    def __len__(self) -> int:
        return len(self._ranges)

    def __getitem__(self, number: Any) -> Any:
        which = self._ranges[number]
        start, count = which.start, len(which)
        paths, wanted = self._paths.slice(start, count), self._wanted.slice(start, count)
        return list(zip(paths.to_list(), wanted.to_list(), strict=True))

    def rows(self, number: int) -> pl.DataFrame:
        """Return number, path, size and time of the files of a batch."""
        which = self._ranges[number]
        return self._keys.slice(which.start, len(which))


def _as_table(answers: list[Answer]) -> pl.DataFrame:
    rows = [payload if status == "ok" else {"status": status, "status_message": payload} for status, payload in answers]
    return pl.DataFrame(
        {name: pl.Series([row.get(name) for row in rows], dtype=dtype) for name, dtype in _SCHEMA.items()}
    )
