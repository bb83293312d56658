"""A table that is kept in parts comes back as it was written, or not at all."""

from __future__ import annotations

import errno
import io
import random
from pathlib import Path

import polars as pl
import pytest

from sanitize.parts import Parts

SCHEMA: dict[str, pl.DataType] = {"path": pl.String(), "size": pl.Int64()}


def table(start: int) -> pl.DataFrame:
    rows = range(start, start + 100)
    return pl.DataFrame({"path": [f"folder/{row}.jpg" for row in rows], "size": list(rows)}, schema=SCHEMA)


def test_parts_come_back_in_the_order_in_which_they_were_written(tmp_path: Path) -> None:
    for number in range(12):
        parts = Parts(tmp_path, SCHEMA)
        parts.load()
        parts.add(table(number))
    tables, whole = Parts(tmp_path, SCHEMA).load()
    assert whole
    assert [found["size"][0] for found in tables] == list(range(12))


def test_one_part_replaces_all(tmp_path: Path) -> None:
    parts = Parts(tmp_path, SCHEMA)
    parts.add(table(1))
    parts.add(table(2))
    parts.replace(table(3))
    ((only,), whole) = Parts(tmp_path, SCHEMA).load()
    assert whole
    assert only.equals(table(3))


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_part_is_left_out(tmp_path: Path, seed: int) -> None:
    parts = Parts(tmp_path, SCHEMA)
    parts.add(table(1))
    parts.add(table(2))
    chance = random.Random(seed)
    path = sorted(tmp_path.iterdir())[0]
    damaged = bytearray(path.read_bytes())
    at = chance.randrange(len(damaged))
    if seed % 2:
        del damaged[at:]
    else:
        damaged[at] ^= chance.randrange(1, 256)
    path.write_bytes(damaged)
    tables, whole = Parts(tmp_path, SCHEMA).load()
    assert not whole
    assert [found["size"][0] for found in tables] == [2]


def test_other_files_and_other_schemas_are_not_taken_for_parts(tmp_path: Path) -> None:
    Parts(tmp_path, SCHEMA | {"more": pl.Int64()}).add(table(1).with_columns(more=1))
    table(2).write_parquet(tmp_path / "2.parquet")
    (tmp_path / "\u00b2.parquet").write_bytes(b"")
    (tmp_path / "3-00000000.parquet").mkdir()
    assert Parts(tmp_path, SCHEMA).load() == ([], False)


class _Full(io.BytesIO):
    def write(self, piece: object, /) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_told_as_such_and_leaves_the_parts_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Parts(tmp_path, SCHEMA).add(table(1))
    parts = Parts(tmp_path, SCHEMA)
    parts.load()
    monkeypatch.setattr(Path, "open", lambda *_: _Full())
    with pytest.raises(OSError, match="No space left"):
        parts.add(table(2))
    monkeypatch.undo()
    ((only,), whole) = Parts(tmp_path, SCHEMA).load()
    assert whole
    assert only.equals(table(1))
