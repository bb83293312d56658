"""Keeps facts from one scan to the next, in parts, so that a killed scan goes on where it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from sanitize import wide
from sanitize.dataset import polars_schema
from sanitize.facts import LOOK_COLUMNS, PROBE_COLUMNS, SOURCE_COLUMNS, Column, Measurement
from sanitize.parts import Parts

# All others are answers that passing troubles give: such facts are never used again.
_LASTING = ("ok",)
_KEYS = ("path", "size", "mtime_ns")
_STAMPS = {
    "probe_version": Column("Int64", "of the probe"),
    "measured": Column("String", "measurements that were asked for and their versions, joined by `; `"),
}


_SCHEMA = polars_schema({name: SOURCE_COLUMNS[name] for name in _KEYS} | PROBE_COLUMNS | _STAMPS)


class Store:
    """Kept facts, the last row of a file being the one that counts.

    `versions` are those of the decoders, `measurements` all that there are, asked for today or not.
    """

    def __init__(
        self,
        folder: Path,
        *,
        versions: Mapping[str, str],
        probe_version: int,
        measurements: Sequence[Measurement] = (),
    ) -> None:
        self.folder = folder
        self.versions = versions
        self.probe_version = probe_version
        self.columns = {name: column for one in measurements for name, column in one.columns.items()} | LOOK_COLUMNS
        self.is_whole = True  # whether all facts could be loaded
        self._parts = Parts(folder, _SCHEMA, polars_schema(self.columns))

    def load(self) -> pl.DataFrame:
        """Return all facts, and whether each still `holds` for what measures today; a part that cannot be read is left out.

        `measured` says which measurements their columns are of. Of a file whose facts are void, the checksum holds.
        """
        tables, self.is_whole = self._parts.load()
        if not tables:
            return pl.DataFrame(schema=self._parts.schema | self._parts.optional | {"holds": pl.Boolean()})
        paths = pl.concat([table["path"] for table in tables])
        kept = wide.chosen(tables, paths.reverse().is_first_distinct().reverse())
        return kept.with_columns(
            holds=pl.col("status").is_in(_LASTING)
            & (pl.col("probe_version") == self.probe_version)
            & pl.col("decoder").is_in(self._current(kept["decoder"].unique().to_list()), nulls_equal=True)
        )

    def add(self, facts: pl.DataFrame) -> None:
        """Keep facts (`path`, `size`, `mtime_ns`, PROBE_COLUMNS, `measured` and columns) as a part of their own.

        Raises OSError.
        """
        self._parts.add(self._stamp(facts))

    def compact(self, facts: pl.DataFrame) -> None:
        """Replace all parts by one that holds these facts."""
        # A file that cannot be read tonight may be read tomorrow, and must not have become another one meanwhile.
        worth = pl.col("status").is_in(_LASTING) | pl.col("sha256_before").is_not_null()
        self._parts.replace(self._stamp(wide.chosen([facts], facts.select(worth).to_series())))

    def _stamp(self, facts: pl.DataFrame) -> pl.DataFrame:
        missing = {name: None for name in self._parts.optional if name not in facts.columns}
        return facts.with_columns(
            probe_version=pl.lit(self.probe_version, dtype=pl.Int64),
            **{name: pl.lit(None, dtype=self._parts.optional[name]) for name in missing},
        )

    def _current(self, decoders: Sequence[str | None]) -> list[str | None]:
        return [names for names in decoders if names is None or all(map(self._is_current, names.split("; ")))]

    def _is_current(self, decoder: str) -> bool:
        name, _blank, version = decoder.rpartition(" ")
        return self.versions.get(name) == version
