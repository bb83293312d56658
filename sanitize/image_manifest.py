"""Remembers of what each entry of OUT/images was made, in parts, so that a killed update goes on where it was.

An entry is vouched for by its row alone: before entries change, the rows about them are taken away.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sanitize.parts import Parts

#: What decides about an entry, and the size of what was made.
SCHEMA: dict[str, pl.DataType] = {
    "rgb_path": pl.String(),  # key of the entry, relative to OUT/images
    "path": pl.String(),  # key of its source, relative to IMAGES; null for an entry of which nothing is known
    "recipe": pl.String(),  # everything else that its content follows from
    "size": pl.Int64(),  # of the source, bytes
    "mtime_ns": pl.Int64(),  # of the source
    "kind": pl.UInt8(),  # of the entry, see `image_tree`
    "bytes": pl.Int64(),  # size of the entry, where it is a file
    "made_ns": pl.Int64(),  # when the entry was written, where it is a file
    "sha256": pl.String(),  # of a copy, hexadecimal; null where the entry holds what its source does
}


class Manifest:
    """The rows, of which the last one of an entry counts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._parts = Parts(folder, SCHEMA)

    def load(self) -> pl.DataFrame:
        """Return what is known: nothing where a part cannot be read, as an older part might then count again."""
        tables, whole = self._parts.load()
        if not tables or not whole:
            return pl.DataFrame(schema=SCHEMA)
        if len(tables) == 1:
            return tables[0]
        return pl.concat(tables).unique("rgb_path", keep="last", maintain_order=True)

    def add(self, rows: pl.DataFrame) -> None:
        """Write rows as a part of their own."""
        if rows.height:
            self._parts.add(rows)

    def replace(self, rows: pl.DataFrame) -> None:
        """Replace everything by these rows."""
        self._parts.replace(rows)
