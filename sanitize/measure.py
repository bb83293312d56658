"""Gets the facts of all samples: those that are kept, and the others by probing."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from sanitize import wide
from sanitize.answers import as_table
from sanitize.children import PROBE
from sanitize.dataset import has_image_name, is_image_content, pixel_count
from sanitize.early import Early, probe_options
from sanitize.engine.child import Answer
from sanitize.engine.schedule import Engine, split
from sanitize.facts import LOOK_COLUMNS, PROBE_COLUMNS, Measurement
from sanitize.store import Store, polars_schema

#: How often facts are put into a table and kept, seconds: a killed scan loses no more.
_SETTLE_SECONDS = 1.0
#: What computes a checksum in the children.
DIGEST = "sanitize.digest:digest"
_SCHEMA = polars_schema(PROBE_COLUMNS)
_LOOKS = polars_schema(LOOK_COLUMNS)
#: The columns of tables of shades.
SHADES = {"file": pl.UInt32(), "shades": _LOOKS["shades"]}
#: What only decoding tells.
_OF_DECODING = (
    "decodes", "decodes_truncated", "decode_message", "decode_truncated_message", "decodes_opencv", "complaint",
    "complaint_kind", "lost_from_row", "survives", "finite", "plain", "pixels", "look", "shades",
)  # fmt: skip


class Measures(NamedTuple):
    """What rules have measured beside the core facts: all that there is, and the modules that are asked today."""

    known: Sequence[Measurement]
    asked: Collection[str]

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """The columns that all of them give."""
        return {name: dtype for one in self.known for name, dtype in polars_schema(one.columns).items()}

    def columns(self, modules: Collection[str]) -> list[str]:
        """Return the columns that these modules give."""
        return [name for one in self.known if one.module in modules for name in one.columns]

    def current(self, stamp: str | None) -> set[str]:
        """Return the modules whose version of today stands in `measured`."""
        stamped = set((stamp or "").split("; "))
        return {one.module for one in self.known if f"{one.module} {one.version}" in stamped}

    def stamp(self, modules: Collection[str]) -> str:
        """Return what `measured` says of files that these modules of today have measured."""
        return "; ".join(f"{one.module} {one.version}" for one in self.known if one.module in modules)


class Measured(NamedTuple):
    """What `measure` gives."""

    samples: pl.DataFrame  #: with PROBE_COLUMNS, those of measurements, LOOK_COLUMNS and `measured`
    shades: pl.DataFrame  #: SHADES of files that were probed
    probed: int  #: how many were


def measure(
    samples: pl.DataFrame,
    store: Store,
    engine: Engine,
    *,
    reuse: bool,
    rehash: bool,
    root: bytes,
    max_pixels: int,
    thorough: bool,
    begun: Early | None,
    listed: pl.Series,
    measures: Measures,
    on_start: Callable[[str, int], None],
    on_progress: Callable[[int], None],
) -> Measured:
    """Return the facts of `samples`, by probing those of which none are kept.

    Without `reuse` all are, and no facts are kept but those of files that have changed unseen. With `rehash` the files whose
    facts are reused are read, and probed where they are not what they were. `begun` is the scan that may have begun with it.
    `listed` holds the numbers of files that a list names: they are read whole whatever their name. `on_start` is told of
    each stage (`hash`, `probe`) and of how many files, `on_progress` how many more are done.
    """
    wanted = samples.select(
        "file",
        "path",
        "path_bytes",
        "size",
        "mtime_ns",
        wanted=has_image_name() | pl.col("file").is_in(listed.implode()),
    )
    known = [store.load()]
    past = known[0].select("path", "size", "mtime_ns", past=_past())
    kept = _reusable(wanted, known, measures, max_pixels=max_pixels, thorough=thorough) if reuse else None
    known.clear()
    if kept is not None and rehash:
        others = _read_again(kept, wanted, engine, root, on_start, on_progress)
        kept = kept.filter(~pl.col("file").is_in(others.implode()))
    stale = _stale(kept, measures) if kept is not None else {}
    todo = (
        wanted.join(kept.select("file"), on="file", how="anti", maintain_order="left") if kept is not None else wanted
    )
    todo = _with_past(todo, past)
    del past
    probed = todo.height + sum(rows.height for rows in stale.values())
    on_start("probe", probed)

    def keep(facts: pl.DataFrame, *, is_last: bool) -> None:
        if not reuse:
            _add_changed(store, facts)
        elif not is_last:  # all are kept anew in a moment
            store.add(facts)

    shades = [pl.DataFrame(schema=SHADES)]

    def probe(
        files: pl.DataFrame, before: pl.DataFrame | None, modules: Sequence[str], begun: Early | None = None
    ) -> list[pl.DataFrame]:
        options = probe_options(root, max_pixels=max_pixels, thorough=thorough, measures=modules, files=samples.height)

        def complete(rows: pl.DataFrame, answers: list[Answer]) -> pl.DataFrame:
            shades.append(_shades(rows["file"], answers))
            return _completed(rows, answers, before, measures, modules)

        return _probe(files, complete, keep, engine, options, on_progress, begun)

    tables = [pl.DataFrame(schema=_facts_schema(measures))]
    tables += probe(todo, None, sorted(measures.asked), begun)
    for modules, rows in stale.items():
        past = rows.select("file", past=_past())
        tables += probe(wanted.join(past, on="file", how="inner", maintain_order="left"), rows, modules)
    if kept is not None:
        done = pl.concat([table["file"] for table in tables])
        tables.append(kept.filter(~pl.col("file").is_in(done.implode())) if stale else kept)
        del kept, stale
    # Every sample has its facts by now: in the same order, they are set beside it.
    files = pl.concat([table["file"] for table in tables])
    facts = wide.taken(tables, None if files.is_sorted() else files.arg_sort())
    return Measured(pl.concat([samples, facts.drop("file")], how="horizontal"), pl.concat(shades), probed)


def _reusable(
    wanted: pl.DataFrame, known: list[pl.DataFrame], measures: Measures, *, max_pixels: int, thorough: bool
) -> pl.DataFrame:
    """Return the kept facts, with `file`, of files that are unchanged and would not be measured otherwise today.

    Columns of a measurement that has another version by now are null in them. `known` is one table, which is taken away.
    """
    # What is known of the pixels of a picture that would not be decoded today is left out, as it would be then.
    is_too_large = pixel_count() > max_pixels
    was_too_large = pl.col("decodes").is_null() & pl.col("unsupported").is_null() & (pixel_count() <= max_pixels)
    enough = pl.col("thorough").fill_null(value=False) | ~is_image_content() if thorough else pl.lit(value=True)
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
            kept = wide.blanked(kept, pl.col("measured").is_in(current, nulls_equal=True), one.columns)
    return pl.concat([rows.select("file"), kept], how="horizontal")


def _read_again(
    kept: pl.DataFrame,
    wanted: pl.DataFrame,
    engine: Engine,
    root: bytes,
    on_start: Callable[[str, int], None],
    on_progress: Callable[[int], None],
) -> pl.Series:
    """Return the numbers of the files that are not what they were when they were measured, or cannot be read."""
    known = wanted.select("file", "path_bytes", "size").join(
        kept.filter(pl.col("sha256").is_not_null()).select("file", "sha256"),
        on="file",
        how="inner",
        maintain_order="left",
    )
    ranges = split(known["size"], workers=engine.workers)
    others: list[int] = []

    def take(number: int, answers: list[Answer]) -> None:
        rows = known.slice(ranges[number].start, len(ranges[number]))
        for file, sha256, (status, payload) in zip(rows["file"], rows["sha256"], answers, strict=True):
            if status != "ok" or payload.get("sha256") != sha256:
                others.append(file)
        on_progress(len(answers))

    on_start("hash", known.height)
    engine.run(DIGEST, _Slices(known["path_bytes"], ranges), {"root": root, "algorithm": "sha256"}, take)
    return pl.Series(others, dtype=pl.UInt32)


def _past() -> pl.Expr:
    """Return the checksum that a file is to have while its size and time of change stay as they are."""
    return pl.coalesce("sha256_before", "sha256")


def _with_past(todo: pl.DataFrame, past: pl.DataFrame) -> pl.DataFrame:
    """Add `past`, the checksum that each file is to have; null where nothing is known of it."""
    if not todo.height or not past.height:
        return todo.with_columns(past=pl.lit(None, dtype=pl.String))
    return todo.join(past, on=["path", "size", "mtime_ns"], how="left", maintain_order="left")


def _add_changed(store: Store, facts: pl.DataFrame) -> None:
    """Keep what must be known tomorrow though nothing else is kept."""
    changed = facts.filter(pl.col("sha256_before").is_not_null())
    if changed.height:
        store.add(changed)


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


def _probe(
    todo: pl.DataFrame,
    complete: Callable[[pl.DataFrame, list[Answer]], pl.DataFrame],
    keep: Callable[..., None],
    engine: Engine,
    options: Mapping[str, object],
    on_progress: Callable[[int], None],
    begun: Early | None = None,
) -> list[pl.DataFrame]:
    """Probe files, in batches in the order of their paths, and return their facts in parts.

    `complete` makes facts of some files and what children answered of them. `keep` is given them as they come, with
    `is_last` where these were the last and nobody interrupted.
    """
    todo, ranges = _begun_first(todo, begun, options)
    begun_files = ranges[-1].stop if ranges else 0
    rest = [
        range(which.start + begun_files, which.stop + begun_files)
        for which in split(todo["size"][begun_files:], workers=engine.workers)
    ]
    batches = _Batches(todo, [*ranges, *rest])
    tables: list[pl.DataFrame] = []
    pending: list[tuple[int, list[Answer]]] = []
    settled = time.monotonic()

    def settle(*, is_last: bool) -> None:
        if pending:
            rows = pl.concat([batches.rows(number) for number, _answers in pending])
            table = complete(rows, [answer for _number, answers in pending for answer in answers])
            tables.append(table)
            keep(rows.select("path", "size", "mtime_ns").hstack(table.drop("file")), is_last=is_last)
            pending.clear()

    def take(number: int, answers: list[Answer]) -> None:
        nonlocal settled
        pending.append((number, answers))
        if time.monotonic() - settled > _SETTLE_SECONDS:
            settle(is_last=False)
            settled = time.monotonic()
        on_progress(len(answers))

    try:
        run = engine.begin(PROBE, _Batches(todo, rest), dict(options))
        if begun and begun.run and ranges:
            begun.run.finish(take)
        run.finish(lambda number, answers: take(number + len(ranges), answers))
    except BaseException:
        settle(is_last=False)
        raise
    settle(is_last=True)
    return tables


def _completed(
    rows: pl.DataFrame, answers: list[Answer], before: pl.DataFrame | None, measures: Measures, modules: Collection[str]
) -> pl.DataFrame:
    """Return `file` and the facts of files that `modules` have measured.

    `rows` have, in `past`, the checksum that each is to have. What others measured stays as it is in `before`, the facts of
    the same files until now.
    """
    schema = _facts_schema(measures)
    empty = {name: pl.lit(None, dtype=schema[name]) for name in (*measures.schema, *_LOOKS)}
    is_other = pl.col("past").is_not_null() & pl.col("sha256").ne_missing(pl.col("past"))
    table = as_table(answers, measures.schema).with_columns(rows["past"], measured=pl.lit(measures.stamp(modules)))
    table = table.with_columns(sha256_before=pl.when(is_other).then("past"))
    table = (
        rows.select("file")
        .hstack(table)
        .with_columns(value.alias(name) for name, value in empty.items() if name not in table.columns)
    )
    if before is None:
        return table.select(*schema)
    own = {*measures.columns(modules), "sha256_before"}
    others = [name for name in (*measures.schema, *LOOK_COLUMNS) if name not in own]
    old = table.select("file").join(before, on="file", how="left", maintain_order="left")
    stamps = {
        stamp: measures.stamp(measures.current(stamp) | set(modules)) for stamp in old["measured"].unique().to_list()
    }
    # What was measured of other bytes is measured anew by the next scan.
    same = old["sha256"].eq_missing(table["sha256"])
    old = old.with_columns(pl.col("measured").replace_strict(stamps, return_dtype=pl.String))
    old = old.select(pl.when(same).then(pl.col(*others, "measured")))
    return table.with_columns(
        *old.select(others).get_columns(), measured=pl.coalesce(old["measured"], pl.col("measured"))
    ).select(*schema)


def _shades(files: pl.Series, answers: list[Answer]) -> pl.DataFrame:
    """Return the shades that came with answers."""
    found = [row.shades or None if status == "ok" else None for status, row in answers]
    return pl.DataFrame({"file": files, "shades": found}, schema=SHADES).drop_nulls()


def _facts_schema(measures: Measures) -> dict[str, pl.DataType]:
    return {"file": pl.UInt32(), **_SCHEMA, **measures.schema, **_LOOKS, "measured": pl.String()}


def _begun_first(
    todo: pl.DataFrame, begun: Early | None, options: Mapping[str, object]
) -> tuple[pl.DataFrame, Sequence[range]]:
    """Return `todo` with the files first that are measured already, and the batches of these."""
    if begun is None or begun.run is None:
        return todo, ()
    known = pl.Series(begun.paths, dtype=pl.Binary)
    is_begun = todo.select(pl.col("wanted") & pl.col("path_bytes").is_in(known.implode())).to_series()
    first = todo.filter(is_begun)
    if begun.options != options or not first["path_bytes"].equals(known):
        # Another scan has left facts of them by now, for example.
        begun.run.abandon()
        return todo, ()
    return pl.concat([first, todo.filter(~is_begun)]), begun.ranges


class _Batches(Sequence[list[Any]]):
    """What is asked of each file, batch by batch: made when it is asked for, as a million items weigh 200 MB."""

    def __init__(self, todo: pl.DataFrame, ranges: list[range]) -> None:
        self._keys = todo.select("file", "path", "size", "mtime_ns", "past")
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
        """Return number, path, size, time and past of the files of a batch."""
        which = self._ranges[number]
        return self._keys.slice(which.start, len(which))


class _Slices(Sequence[list[Any]]):
    """The values of a column, batch by batch, likewise."""

    def __init__(self, values: pl.Series, ranges: list[range]) -> None:
        self._values, self._ranges = values, ranges

    def __len__(self) -> int:
        return len(self._ranges)

    def __getitem__(self, number: Any) -> Any:
        return self._values.slice(self._ranges[number].start, len(self._ranges[number])).to_list()
