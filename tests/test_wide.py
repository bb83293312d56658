"""Wide tables are filtered and ordered without a second copy of them, and empty columns weigh nothing."""

from __future__ import annotations

import os
import subprocess
import sys

import polars as pl
import pytest

from sanitize import wide


def table(start: int = 0) -> pl.DataFrame:
    values = {"file": [start, start + 1, start + 2], "text": ["a", None, "c"], "nothing": [None] * 3, "same": ["s"] * 3}
    return pl.DataFrame(values, schema={"file": pl.UInt32, "text": pl.String, "nothing": pl.String, "same": pl.String})


def test_rows_are_taken_from_tables_below_each_other() -> None:
    tables = [table(), table(3)]
    taken = wide.taken(tables, pl.Series([5, 1, 0]))
    assert taken.equals(pl.concat([table(), table(3)])[[5, 1, 0]])
    assert taken.schema == table().schema
    assert tables == []


def test_all_rows_are_taken_where_none_are_named() -> None:
    assert wide.taken([table(), table(3)]).equals(pl.concat([table(), table(3)]))


def test_rows_are_chosen_by_a_mask_in_which_null_means_no() -> None:
    mask = pl.Series([True, None, True, False, False, True])
    assert wide.chosen([table(), table(3)], mask).equals(pl.concat([table(), table(3)])[[0, 2, 5]])
    assert wide.chosen([table()], pl.Series([True, True, True])).equals(table())


def test_columns_are_blanked_where_a_condition_does_not_hold() -> None:
    blanked = wide.blanked(table(), pl.col("file") > 0, ["text", "nothing"])
    assert blanked["text"].to_list() == [None, None, "c"]
    assert blanked["file"].to_list() == [0, 1, 2]
    assert blanked.schema == table().schema


@pytest.mark.parametrize("rows", [0, 3])
def test_a_folded_table_is_the_same_table(rows: int) -> None:
    some = table().head(rows)
    assert wide.folded(some).equals(some)
    assert wide.folded(some).schema == some.schema
    assert wide.folded(some).height == rows


@pytest.mark.skipif(not os.path.exists("/proc/self/clear_refs"), reason="only Linux tells the peak between two points")
def test_no_second_copy_is_made_of_a_table_whose_rows_change_their_places() -> None:
    code = """
import polars as pl
from sanitize import wide

def status(name):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(name))

tables = [pl.DataFrame({str(n): pl.int_range(n, 400_000 + n, eager=True) for n in range(40)})]
rows = pl.int_range(400_000, eager=True).reverse()
wide.taken([table.head(1000) for table in tables], rows.tail(1000))  # what is loaded once
before = status("VmRSS")
open("/proc/self/clear_refs", "w").write("5")
found = wide.taken(tables, rows)
assert found.row(0) == tuple(range(399_999, 400_039))
print((status("VmHWM") - before) / 1000 / (found.estimated_size() / 1e6))
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(answer.stdout) < 0.5
