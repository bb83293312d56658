"""Compares the small pictures of pairs: by the shades that come with probing, or else by looks, for which files are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from sanitize.copies import alike, stars
from sanitize.copies.pairs import CONFIRMED, ENDS, PAIRS
from sanitize.facts import BYTES_OF_LOOK

if TYPE_CHECKING:
    from sanitize.again import Again

_LOOK = "sanitize.compare.look:look sanitize.compare.look:pack"
# The columns that make up a `look.Item`.
_ITEM = ("path_bytes", "content", "mode", "orientation", "width", "height", "asks_pixels")
# So many pictures of equal hashes beside the first are compared with all that is near: they differ in what a hash does not see.
_STAND_INS = 7


class Comparison:
    """Compares the small pictures of pairs; `facts` gain what it takes to look at files, and `confirmed` pairs that are the same.

    Of copies that are the same as a third only those are paired that are to be told `in_full`.
    """

    def __init__(self, facts: pl.DataFrame, again: Again, in_full: pl.Series) -> None:
        self.facts, self.confirmed = facts, pl.DataFrame(schema=CONFIRMED)
        self._again, self._in_full = again, in_full
        self._told = pl.DataFrame(schema=PAIRS)
        # Files of which something was asked, by what it is.
        self._asked = dict.fromkeys(("shades", "look", "pixels"), pl.Series(dtype=pl.UInt32))

    def compare_all(self, pairs: pl.DataFrame) -> None:
        """Compare pairs, also of files that are not the same as the first of equal hashes, which alone stands in them."""
        self._compare(pairs)
        self._are_same(stars.stand_ins(pairs.filter(turn=0), self.facts, self._are_same, most=_STAND_INS))

    def has_seen_all(self) -> bool:
        """Tell whether all came out that was asked of files."""
        return not any(self._lacking(name).any() for name in self._asked)

    def _are_same(self, pairs: pl.DataFrame) -> pl.Series:
        """Compare pairs that are not turned, those that were not before, and tell which are the same."""
        new = pairs.join(self._told, on=ENDS, how="anti")
        if new.height:
            self._compare(new)
        same = self.confirmed.select(*ENDS, is_same=pl.lit(value=True)).unique(ENDS)
        return pairs.join(same, on=ENDS, how="left", maintain_order="left")["is_same"].fill_null(value=False)

    def _compare(self, pairs: pl.DataFrame) -> None:
        upright, turned = pairs.filter(turn=0), pairs.filter(pl.col("turn") > 0)
        files = alike.files_of(upright)
        self.facts = self._again.recall(self.facts, files)
        self._ask_for(shades=files)
        self._ask_for(pixels=alike.files_to_compare_exactly(pairs, self.facts, call=self._again.engine.call))
        told, spared = stars.judge(pairs, self.facts, self._in_full, self._tell)
        confirmed = told.filter(pl.col("similarity") > 0)
        # Two pictures may be another one each, and yet the same when one of them is turned.
        settled = pl.concat([confirmed.select(*PAIRS), spared])
        seen = self._look(turned.join(settled, on=ENDS, how="anti", maintain_order="left"), digests=True)
        self.confirmed = pl.concat([self.confirmed, confirmed, seen])
        self._told = pl.concat([self._told, pairs])

    def _tell(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """Return pairs that are not turned with their `similarity`, -1 where they are not the same: by shades, or else by looks.

        Where there are looks of both already they tell at once.
        """
        has_look = pl.all_horizontal(pl.col(*ENDS).is_in(self._asked["look"].implode()))
        judged = alike.judge_by_shades(pairs.filter(~has_look), self.facts, call=self._again.engine.call)
        doubted = pairs.join(judged, on=ENDS, how="anti", maintain_order="left")
        same = self._look(doubted)
        others = doubted.join(same, on=ENDS, how="anti").with_columns(similarity=pl.lit(-1.0))
        return pl.concat([judged, same, others])

    def _look(self, pairs: pl.DataFrame, *, digests: bool = False) -> pl.DataFrame:
        """Return the pairs whose looks show the same picture; with `digests` all pixels that are asked for are digested, too."""
        self._ask_for(look=alike.files_of(pairs))
        unknown = self._lacking("look") | (self._lacking("pixels") & digests)
        asks_pixels = self.facts["file"].is_in(self._asked["pixels"].implode())
        # Those that may have the same pixels one after the other: some of them are decoded once.
        blind = self.facts.with_columns(asks_pixels=asks_pixels).filter(unknown).sort("shades", maintain_order=True)
        self.facts = self._again.ask(self.facts, _LOOK, blind, _ITEM)
        return alike.confirm(pairs, self.facts, call=self._again.engine.call)

    def _ask_for(self, **files: pl.Series) -> None:
        for name, more in files.items():
            self._asked[name] = pl.concat([self._asked[name], more]).unique()

    def _lacking(self, name: str) -> pl.Series:
        """Tell of which files something was asked that is not there, or in an earlier form."""
        column = self.facts[name]
        is_there = column.bin.size() == BYTES_OF_LOOK if name == "look" else column.is_not_null()
        return self.facts["file"].is_in(self._asked[name].implode()) & ~is_there.fill_null(value=False)
