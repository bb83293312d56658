"""A table on disk that grows by parts: `NUMBER-CHECKSUM.parquet` in a folder, each written whole or not at all."""

from __future__ import annotations

import contextlib
import io
import re
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import polars as pl

from sanitize import systems, wide

_NAME = re.compile(r"([0-9]+)-([0-9a-f]{8})\.parquet")
_PIECE = 1 << 20
# Columns that are read at a time: those that hold nothing are folded before others are read.
_COLUMNS = 16


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
                there = _schema(path) if _is_whole(path) else {}
                fits = there == self.schema or self.optional
                if fits and self.schema.items() <= there.items():
                    tables.append(self._read(path, there))
        return tables, len(tables) == len(paths)

    def add(self, table: pl.DataFrame) -> None:
        """Write a further part; raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._last += 1
        temporary = self.folder / "waiting.tmp"
        try:
            with temporary.open("wb") as file:
                checksum = _write(table.select(*self.schema, *self.optional), file)
            systems.replace(temporary, self.folder / f"{self._last}-{checksum:08x}.parquet")
        except OSError:
            temporary.unlink(missing_ok=True)
            raise

    def replace(self, table: pl.DataFrame) -> None:
        """Replace all parts by one; raises OSError."""
        old = self._paths()
        self.add(table)
        for path in old:
            path.unlink(missing_ok=True)

    def _read(self, path: Path, there: Mapping[str, pl.DataType]) -> pl.DataFrame:
        every = {**self.schema, **self.optional}
        held = [name for name, dtype in every.items() if there.get(name) == dtype]
        groups = (held[start : start + _COLUMNS] for start in range(0, len(held), _COLUMNS))
        table = wide.folded(column for group in groups for column in read(path, group))
        lacking = {name: pl.lit(None, dtype=dtype) for name, dtype in every.items() if name not in held}
        return table.with_columns(**lacking).select(*every)

    def _paths(self) -> list[Path]:
        return sorted(filter(_number, self.folder.glob("*.parquet")), key=_number)


def read(path: Path, columns: list[str] | None = None) -> pl.DataFrame:
    """Return a Parquet file that is known to be whole, or some columns of it; raises PolarsError and OSError."""
    return pl.read_parquet(_source(path), columns=columns, memory_map=False)


def _schema(path: Path) -> dict[str, pl.DataType]:
    return dict(pl.read_parquet_schema(_source(path)))


def _source(path: Path) -> Path | io.BytesIO:
    # Polars opens no path that is not UTF-8.
    return path if str(path).isprintable() else io.BytesIO(path.read_bytes())


class _Sink:
    """A file that is written piece by piece, what went wrong with it, and the checksum of what it holds."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.checksum = 0
        self.error: OSError | None = None

    def write(self, piece: bytes) -> int:
        """Write a piece; raises OSError."""
        try:
            self._file.write(piece)
        except OSError as error:
            self.error = error
            raise
        self.checksum = zlib.crc32(piece, self.checksum)
        return len(piece)

    def flush(self) -> None:
        """Do nothing: the file is closed soon."""


def _write(table: pl.DataFrame, file: IO[bytes]) -> int:
    """Write a table and return the checksum of the file; raises OSError."""
    sink = _Sink(file)
    try:
        table.write_parquet(sink, compression="lz4")  # type: ignore[arg-type]
    except pl.exceptions.PolarsError:
        # Polars reports a full disk in words of its own.
        if sink.error is None:
            raise
        raise sink.error from None
    return sink.checksum


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
