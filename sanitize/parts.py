"""A table on disk that grows by parts: `NUMBER-CHECKSUM.parquet` in a folder, each written whole or not at all."""

from __future__ import annotations

import contextlib
import io
import os
import re
import zlib
from collections.abc import Mapping
from pathlib import Path

import polars as pl

_NAME = re.compile(r"([0-9]+)-([0-9a-f]{8})\.parquet")
_PIECE = 1 << 20


class Parts:
    """The parts of one table, in the order in which they were written."""

    def __init__(
        self, folder: Path, schema: Mapping[str, pl.DataType], optional: Mapping[str, pl.DataType] | None = None
    ) -> None:
        self.folder = folder
        self.schema = dict(schema)
        self.optional = dict(optional or {})  # columns that an older part may lack, or hold more than
        self._last = 0

    def load(self) -> tuple[list[pl.DataFrame], bool]:
        """Return the parts that are whole and have this schema, oldest first, and whether those are all.

        An optional column that a part lacks, or has of another dtype, is null there.
        """
        paths = self._paths()
        self._last = max(map(_number, paths), default=0)
        tables = []
        for path in paths:
            with contextlib.suppress(pl.exceptions.PolarsError, OSError):
                # Polars takes damaged bytes for data, or ends the process over them.
                table = read(path) if _is_whole(path) else pl.DataFrame()
                fits = table.schema == pl.Schema(self.schema) or self.optional
                if fits and self.schema.items() <= dict(table.schema).items():
                    tables.append(self._filled(table))
        return tables, len(tables) == len(paths)

    def add(self, table: pl.DataFrame) -> None:
        """Write a further part; raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._last += 1
        temporary = self.folder / "waiting.tmp"
        # Polars reports a full disk in ways of its own: the bytes are written by us.
        buffer = io.BytesIO()
        table.select(*self.schema, *self.optional).write_parquet(buffer, compression="lz4")
        content = buffer.getbuffer()
        try:
            temporary.write_bytes(content)
            os.replace(temporary, self.folder / f"{self._last}-{zlib.crc32(content):08x}.parquet")
        except OSError:
            temporary.unlink(missing_ok=True)
            raise

    def replace(self, table: pl.DataFrame) -> None:
        """Replace all parts by one; raises OSError."""
        old = self._paths()
        self.add(table)
        for path in old:
            path.unlink(missing_ok=True)

    def _filled(self, table: pl.DataFrame) -> pl.DataFrame:
        there = table.schema
        return table.select(
            *self.schema,
            *(
                pl.col(name) if there.get(name) == dtype else pl.lit(None, dtype=dtype).alias(name)
                for name, dtype in self.optional.items()
            ),
        )

    def _paths(self) -> list[Path]:
        return sorted(filter(_number, self.folder.glob("*.parquet")), key=_number)


def read(path: Path, columns: list[str] | None = None) -> pl.DataFrame:
    """Return a Parquet file that is known to be whole, or some columns of it; raises PolarsError and OSError."""
    # Polars opens no path that is not UTF-8.
    source = path if str(path).isprintable() else io.BytesIO(path.read_bytes())
    return pl.read_parquet(source, columns=columns, memory_map=False)


def _number(path: Path) -> int:
    """Return the number of a part, from 1; 0 for a file that is none."""
    match = _NAME.fullmatch(path.name)
    return int(match[1]) if match else 0


def _is_whole(path: Path) -> bool:
    """Tell whether a part holds what was written; raises OSError."""
    checksum = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            checksum = zlib.crc32(piece, checksum)
    return path.name.endswith(f"-{checksum:08x}.parquet")
