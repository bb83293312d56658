"""Probes files in the children, keeps what comes of it as it comes, and makes a table of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import polars as pl

from sanitize.answers import as_table
from sanitize.children import PROBE
from sanitize.dataset import polars_schema
from sanitize.early import Early, probe_options
from sanitize.engine.child import Answer
from sanitize.engine.schedule import Engine, split
from sanitize.facts import LOOK_COLUMNS, PROBE_COLUMNS, Measurement
from sanitize.store import Store

#: How often facts are put into a table and kept, seconds: a killed scan loses no more.
_SETTLE_SECONDS = 1.0
_SCHEMA = polars_schema(PROBE_COLUMNS)
_LOOKS = polars_schema(LOOK_COLUMNS)
#: The columns of tables of shades.
SHADES = {"file": pl.UInt32(), "shades": _LOOKS["shades"]}


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


class Batches(Sequence[list[Any]]):
    """What is asked of each file, batch by batch: made when it is asked for, as a million items weigh 200 MB."""

    def __init__(self, asked: pl.DataFrame, ranges: Sequence[range]) -> None:
        """Take a row of each file, of which an item is the tuple, or the value of an only column; and the rows of each batch."""
        self._asked, self._ranges = asked, ranges

    def __len__(self) -> int:
        return len(self._ranges)

    def __getitem__(self, number: Any) -> Any:
        which = self._ranges[number]
        first, *others = (column.to_list() for column in self._asked.slice(which.start, len(which)))
        return list(zip(first, *others, strict=True)) if others else first


class Probed(NamedTuple):
    """What comes of probing files, each in some of the tables."""

    facts: list[pl.DataFrame]  #: `file`, PROBE_COLUMNS, those of measurements, LOOK_COLUMNS and `measured`
    shades: list[pl.DataFrame]  #: SHADES


@dataclass(frozen=True)
class Prober:
    """What it takes to probe the files of a folder."""

    engine: Engine
    store: Store  #: where facts are kept
    measures: Measures
    root: bytes  #: the folder, resolved
    files: int  #: how many there are in it
    max_pixels: int
    thorough: bool
    on_progress: Callable[[int], None]  #: is told how many more files are done

    def probe(
        self,
        todo: pl.DataFrame,
        modules: Sequence[str],
        *,
        keeps_all: bool,
        before: pl.DataFrame | None = None,
        begun: Early | None = None,
    ) -> Probed:
        """Probe files, in batches in the order of their paths, and have them measured by some modules.

        What other modules have measured is taken from `before`, facts of the same files. `begun` is the scan that may have
        some of them measured already. With `keeps_all` all facts are kept as they come, but for the last ones: who has all
        keeps them anew in a moment. Without it only those are that must be known tomorrow.
        """
        options = probe_options(
            self.root, max_pixels=self.max_pixels, thorough=self.thorough, measures=modules, files=self.files
        )
        todo, ranges = _begun_first(todo, begun, options)
        begun_files = ranges[-1].stop if ranges else 0
        rest = [
            range(which.start + begun_files, which.stop + begun_files)
            for which in split(todo["size"][begun_files:], workers=self.engine.workers)
        ]
        keys = todo.select("file", "path", "size", "mtime_ns", "past")
        probed = Probed([pl.DataFrame(schema=_facts_schema(self.measures))], [])
        pending: list[tuple[range, list[Answer]]] = []
        settled = time.monotonic()

        def settle(*, is_last: bool) -> None:
            if pending:
                rows = pl.concat([keys.slice(which.start, len(which)) for which, _answers in pending])
                answers = [answer for _which, answers in pending for answer in answers]
                table = _completed(rows, answers, before, self.measures, modules)
                probed.facts.append(table)
                probed.shades.append(_shades(rows["file"], answers))
                if not (keeps_all and is_last):
                    self._keep(rows, table, keeps_all=keeps_all)
                pending.clear()

        def take(which: range, answers: list[Answer]) -> None:
            nonlocal settled
            pending.append((which, answers))
            if time.monotonic() - settled > _SETTLE_SECONDS:
                settle(is_last=False)
                settled = time.monotonic()
            self.on_progress(len(answers))

        try:
            run = self.engine.begin(PROBE, Batches(todo.select("path_bytes", "wanted"), rest), dict(options))
            if begun and begun.run and ranges:
                begun.run.finish(lambda number, answers: take(ranges[number], answers))
            run.finish(lambda number, answers: take(rest[number], answers))
        except BaseException:
            settle(is_last=False)
            raise
        settle(is_last=True)
        return probed

    def _keep(self, rows: pl.DataFrame, facts: pl.DataFrame, *, keeps_all: bool) -> None:
        """Keep facts: all of them, or those of files that have changed unseen, which must be known tomorrow."""
        facts = rows.select("path", "size", "mtime_ns").hstack(facts.drop("file"))
        if not keeps_all:
            facts = facts.filter(pl.col("sha256_before").is_not_null())
        if facts.height:
            self.store.add(facts)


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
