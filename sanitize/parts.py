"""A table on disk that grows by parts: `N.parquet` in a folder, each written whole or not at all."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Mapping
from pathlib import Path

import polars as pl


class Parts:
    """The parts of one table, in the order in which they were written."""

    def __init__(self, folder: Path, schema: Mapping[str, pl.DataType]) -> None:
        self.folder = folder
        self.schema = dict(schema)
        self._last = 0

    def load(self) -> tuple[list[pl.DataFrame], bool]:
        """Return the parts that can be read and have this schema, oldest first, and whether those are all."""
        paths = self._paths()
        self._last = max((int(path.stem) for path in paths), default=0)
        tables = []
        for path in paths:
            with contextlib.suppress(pl.exceptions.PolarsError, OSError, ValueError):
                table = pl.read_parquet(path, memory_map=False)
                if table.schema == pl.Schema(self.schema):
                    tables.append(table)
        return tables, len(tables) == len(paths)

    def add(self, table: pl.DataFrame) -> None:
        """Write a further part; raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._last += 1
        path = self.folder / f"{self._last}.parquet"
        temporary = path.with_suffix(".tmp")
        # Polars reports a full disk in ways of its own: the bytes are written by us.
        buffer = io.BytesIO()
        table.select(*self.schema).write_parquet(buffer, compression="lz4")
        try:
            temporary.write_bytes(buffer.getbuffer())
            os.replace(temporary, path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise

    def replace(self, table: pl.DataFrame) -> None:
        """Replace all parts by one; raises OSError."""
        old = self._paths()
        self.add(table)
        for path in old:
            path.unlink(missing_ok=True)

    def _paths(self) -> list[Path]:
        numbered = [path for path in self.folder.glob("*.parquet") if path.stem.isdigit()]
        return sorted(numbered, key=lambda path: int(path.stem))
