"""Tables of pairs of files, and what belongs to the files of each."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

#: The columns that hold the two files of a pair.
ENDS = ("file", "other")
#: The columns of pairs: the files' numbers, and by which turn the other is turned (0 to 7).
PAIRS: dict[str, pl.DataType] = {"file": pl.UInt32(), "other": pl.UInt32(), "turn": pl.UInt8()}
#: Those of pairs that are confirmed.
CONFIRMED: dict[str, pl.DataType] = {**PAIRS, "similarity": pl.Float64()}
#: What a closer look says of a pair (`closer`): whether the pictures are the same, and where they are which one, 0 or 1, is grey
#: while the other is not.
CLOSELY: dict[str, pl.DataType] = {"closely": pl.Boolean(), "grey": pl.UInt8()}
#: The columns of pairs that were looked at closely: what the bytes of either digest to, and what came of it.
LOOKED: dict[str, pl.DataType] = {"one": pl.String(), "two": pl.String(), **CLOSELY}
# So many pairs are looked at at a time.
_PAIRS_AT_A_TIME = 1 << 18


class Stakes(NamedTuple):
    """What makes it matter whether two pictures are the same."""

    lines: pl.DataFrame  #: of all lists: `list`, `file`, and `label`, null where it contradicts no other
    known: int  #: so many of the last files are pictures that must not be there
    drops: bool  #: the lines of copies are dropped


def of_ends(pairs: pl.DataFrame, table: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows of a table (`file`, ...) for the one file of each pair, and for the other."""
    one, other = (pairs.select(file=end).join(table, on="file", how="left", maintain_order="left") for end in ENDS)
    return one, other


def bits_apart(pairs: pl.DataFrame, facts: pl.DataFrame, column: str) -> pl.Series:
    """Return by how many bits the hashes of each pair, hexadecimal in this column of the facts, differ (UInt16)."""
    ends = pl.concat([pairs["file"], pairs["other"]]).unique()
    named = facts.select("file", column).filter(pl.col("file").is_in(ends.implode()))
    hashes = {file: int(text, 16) for file, text in named.iter_rows()}
    apart = [pl.Series(dtype=pl.UInt16)]
    for some in pairs.select(ENDS).iter_slices(_PAIRS_AT_A_TIME):
        bits = [(hashes[one] ^ hashes[other]).bit_count() for one, other in some.iter_rows()]
        apart.append(pl.Series(bits, dtype=pl.UInt16))
    return pl.concat(apart)
