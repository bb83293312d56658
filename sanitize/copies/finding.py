"""Finds out which files show the same picture: searches for pairs, has them compared, and looks closely where it matters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import polars as pl

from sanitize.copies import known_bad
from sanitize.copies.pairs import CLOSELY, ENDS, LOOKED, Stakes, of_ends
from sanitize.copies.same import GROUPS
from sanitize.dataset import attach
from sanitize.facts import BYTES_OF_LOOK

if TYPE_CHECKING:
    from sanitize.again import Again
    from sanitize.copies.kept_pairs import Search

_LOOK = "sanitize.compare.look:look sanitize.compare.look:pack"
# The columns that make up a `look.Item`.
_ITEM = ("path_bytes", "content", "mode", "orientation", "width", "height", "asks_pixels")
# The columns of `pairs.LOOKED` that say which files.
_DIGESTS = ["one", "two"]
# So many pictures of equal hashes beside the first are compared with all that is near: they differ in what a hash does not see.
_STAND_INS = 7
# The columns of facts that hold groups.
_GROUPS = (*GROUPS.values(), "same_picture")


class _Closely:
    """What closer looks say of pairs: earlier ones, which are read where there is a pair to look at, and those it takes now."""

    def __init__(self, again: Again, facts: pl.DataFrame, search: Search) -> None:
        self._again, self._facts, self._search = again, facts, search
        self._told: pl.DataFrame | None = None
        self._has_new = False

    def tell(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """Return what is said of pairs, in the order of what they hold, as `pairs.CLOSELY`; null where none can tell."""
        ends = of_ends(pairs, self._facts.select("file", "sha256"))
        pairs = pairs.with_columns(table["sha256"].alias(name) for table, name in zip(ends, _DIGESTS, strict=True))
        told = self._search.looked_at() if self._told is None else self._told
        new = pairs.join(told, on=_DIGESTS, how="anti").unique(_DIGESTS, keep="first")
        if new.height:
            told = pl.concat([told, self._again.ask_closely(new, self._facts).select(*LOOKED)])
            self._has_new = True
        self._told = told
        return pairs.join(told, on=_DIGESTS, how="left", maintain_order="left").select(*CLOSELY)

    def keep(self) -> None:
        """Keep for the next scan what was told now, and before of files that are still there."""
        if self._told is not None and self._has_new:
            there = (pl.col(name).is_in(self._facts["sha256"].implode()) for name in _DIGESTS)
            self._search.keep_looked_at(self._told.filter(*there))


def find_same(
    facts: pl.DataFrame,
    known: Sequence[pl.DataFrame],
    again: Again,
    *,
    stakes: Stakes,
    distance: int | None,
    transforms: bool,
) -> Callable[[], pl.DataFrame]:
    """Begin to find which pictures are the same; where something is at stake they are looked at closely.

    What is returned waits for `facts` with `same_bytes`, `same_pixels`, `same_picture` and `same_closely`, and with
    `known_bad` where there are `known`. These are the facts of pictures that must not be there, with absolute `path_bytes`
    and higher numbers. What these columns hold is said at `dataset.Dataset`.
    """
    from sanitize.copies import kept_pairs

    everything = pl.concat([facts, *known], how="diagonal") if known else facts
    numbers = everything["file"]
    everything = everything.with_columns(file=_in_order(everything["sha256"], stakes.known))
    places = everything.select(numbers, place="file")
    again = again._replace(shades=[_placed(table, places) for table in again.shades])
    stakes = stakes._replace(lines=_placed(stakes.lines, places))
    search = kept_pairs.search(
        everything,
        distance=distance,
        transforms=transforms,
        known=stakes.known,
        folder=again.pairs,
        call=again.engine.call,
    )

    def finish() -> pl.DataFrame:
        same, confirmed = _grouped(everything, search, again, stakes, distance)
        if known:
            same = _without_lone(known_bad.mark_shown(same.head(facts.height), same.slice(facts.height), confirmed))
        same = same.with_columns(numbers.head(same.height))
        return same.with_columns(
            pl.when(pl.col(group).is_not_null()).then(pl.col("file").min().over(group)).alias(group)
            for group in _GROUPS
        )

    return finish


def _in_order(digests: pl.Series, known: int) -> pl.Series:
    """Return numbers of files (UInt32) in the order of what they hold, the last ones, so many, behind all others.

    The same pictures under other names are compared alike then.
    """
    ours = len(digests) - known
    parts = [(0, digests.head(ours)), (ours, digests.tail(known))]
    return pl.concat([(part.fill_null("").rank("ordinal") + first - 1).cast(pl.UInt32) for first, part in parts])


def _placed(table: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Return a table with the `place` of each `file` in place of that."""
    found = table.select("file").join(places, on="file", how="left", maintain_order="left")
    return table.with_columns(file=found["place"])


def _grouped(
    everything: pl.DataFrame, search: Search, again: Again, stakes: Stakes, distance: int | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return all facts with the groups of those pairs that show the same picture, and those that are sure."""
    from sanitize.copies import alike, disputes

    confirmed = search.confirmed(everything)
    if confirmed is None:
        in_full = alike.told_in_full(everything, stakes.known, distance)
        everything, confirmed, is_all = _confirmed_of_all(everything, search.pairs(), again, in_full)
        if is_all:
            search.keep(everything, confirmed)
    near = alike.within(confirmed, everything, distance)
    groups = alike.groups(everything, near)
    closer = _Closely(again, everything, search)
    sure, closely = disputes.settle(
        near,
        groups,
        everything,
        stakes,
        candidates=lambda: alike.within(search.pairs(), everything, distance),
        look=closer.tell,
    )
    closer.keep()
    groups = _together(groups.with_columns(same_closely=closely["same_picture"]))
    return attach(everything, groups), sure


def _together(groups: pl.DataFrame) -> pl.DataFrame:
    """Return groups in which files that are the same closely nearly show the same picture: they join the first of them.

    A star may have gone to another middle before anybody looked closely. Who is left alone goes after the first of its group.
    """
    known = pl.col("same_picture").is_not_null()
    joined = pl.coalesce(pl.col("same_picture").filter(known).first(), pl.col("file").min()).over("same_closely")
    moved = pl.when(pl.col("same_closely").is_not_null()).then(joined).otherwise("same_picture")
    table = groups.with_columns(moved=moved)
    table = table.with_columns(alone=pl.col("moved").is_not_null() & (pl.len().over("moved") == 1))
    followed = pl.col("moved").filter(~pl.col("alone")).first().over("same_picture")
    picture = pl.when("alone").then(followed).otherwise("moved")
    return groups.with_columns(same_picture=table.select(picture).to_series())


def _confirmed_of_all(
    everything: pl.DataFrame, pairs: pl.DataFrame, again: Again, in_full: pl.Series
) -> tuple[pl.DataFrame, pl.DataFrame, bool]:
    """Return what `_confirmed` does, also of files that are not the same as the first of equal hashes."""
    from sanitize.copies import stars

    everything, confirmed, is_all = _confirmed(everything, pairs, again, in_full)
    told = pairs

    def look(some: pl.DataFrame) -> pl.Series:
        nonlocal everything, confirmed, is_all, told
        new = some.join(told, on=ENDS, how="anti")
        if new.height:
            everything, more, is_all_of_them = _confirmed(everything, new, again, in_full)
            confirmed, is_all = pl.concat([confirmed, more]), is_all and is_all_of_them
            told = pl.concat([told, new])
        same = confirmed.select(*ENDS, is_same=pl.lit(value=True)).unique(ENDS)
        return some.join(same, on=ENDS, how="left", maintain_order="left")["is_same"].fill_null(value=False)

    look(stars.stand_ins(pairs.filter(turn=0), everything, look, most=_STAND_INS))
    return everything, confirmed.sort("file", "other"), is_all


def _confirmed(
    everything: pl.DataFrame, pairs: pl.DataFrame, again: Again, in_full: pl.Series
) -> tuple[pl.DataFrame, pl.DataFrame, bool]:
    """Return all facts with what it took to compare pairs, those that show the same picture, and whether none stayed unseen.

    Of copies that are the same as a third only those are paired that are to be told `in_full`.
    """
    from sanitize.copies import alike

    upright = alike.files_of(pairs.filter(turn=0))
    everything = again.recall(everything, upright)
    judged, doubted = alike.judge_by_shades(pairs, everything, in_full, call=again.engine.call)
    exactly = alike.files_to_compare_exactly(pairs, everything, call=again.engine.call)
    asks_shades, asks_look, asks_pixels = (
        pl.col("file").is_in(files.implode()) for files in (upright, alike.files_of(doubted), exactly)
    )
    has_look = (pl.col("look").bin.size() == BYTES_OF_LOOK).fill_null(value=False)
    unknown = (asks_look & ~has_look) | (asks_pixels & pl.col("pixels").is_null())
    # Those that may have the same pixels one after the other: some of them are decoded once.
    blind = everything.with_columns(asks_pixels=asks_pixels).filter(unknown).sort("shades", maintain_order=True)
    everything = again.ask(everything, _LOOK, blind, _ITEM)
    sure = judged.filter(pl.col("similarity") > 0)
    confirmed = pl.concat([sure, alike.confirm(doubted, everything, call=again.engine.call)]).sort("file", "other")
    unseen = unknown | (asks_shades & pl.col("shades").is_null())
    return everything, confirmed, everything.filter(unseen).is_empty()


def _without_lone(facts: pl.DataFrame) -> pl.DataFrame:
    """Leave no group of one file, whose others are no part of the dataset."""
    return facts.with_columns(pl.when(pl.len().over(group) > 1).then(pl.col(group)) for group in _GROUPS)
