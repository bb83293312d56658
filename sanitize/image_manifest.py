"""Remembers of what each entry of OUT/images was made, in parts, so that a killed update goes on where it was.

An entry is vouched for by its row alone: before entries change, the rows about them are taken away.
"""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl

#: What decides about an entry, and the size of what was made.
SCHEMA: dict[str, pl.DataType] = {
    "rgb_path": pl.String(),  # key of the entry, relative to OUT/images
    "path": pl.String(),  # key of its source, relative to IMAGES; null for an entry of which nothing is known
    "recipe": pl.String(),  # everything else that its content follows from
    "size": pl.Int64(),  # of the source, bytes; null where it does not matter
    "mtime_ns": pl.Int64(),  # of the source
    "kind": pl.UInt8(),  # of the entry, see `image_tree`
    "bytes": pl.Int64(),  # size of the entry, where it is a file
}


class Manifest:
    """The rows, in a folder: `N.parquet`, of which the last row of an entry counts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._parts = 0

    def load(self) -> pl.DataFrame:
        """Return what is known: nothing where a part cannot be read, as an older part might then count again."""
        paths = self._paths()
        self._parts = max((int(path.stem) for path in paths), default=0)
        try:
            tables = [pl.read_parquet(path, memory_map=False) for path in paths]
        except (pl.exceptions.PolarsError, OSError, ValueError):
            tables = []
        if not tables or any(table.schema != pl.Schema(SCHEMA) for table in tables):
            return pl.DataFrame(schema=SCHEMA)
        if len(tables) == 1:
            return tables[0]
        return pl.concat(tables).unique("rgb_path", keep="last", maintain_order=True)

    def add(self, rows: pl.DataFrame) -> None:
        """Write rows as a part of their own."""
        if rows.height:
            self._write(rows)

    def replace(self, rows: pl.DataFrame) -> None:
        """Replace everything by these rows."""
        old = self._paths()
        self._write(rows)
        for path in old:
            path.unlink(missing_ok=True)

    def _paths(self) -> list[Path]:
        numbered = [path for path in self.folder.glob("*.parquet") if path.stem.isdigit()]
        return sorted(numbered, key=lambda path: int(path.stem))

    def _write(self, rows: pl.DataFrame) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._parts += 1
        path = self.folder / f"{self._parts}.parquet"
        temporary = path.with_suffix(".tmp")
        rows.select(*SCHEMA).write_parquet(temporary, compression="lz4")
        os.replace(temporary, path)
