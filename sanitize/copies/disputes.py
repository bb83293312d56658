"""Settles by a closer look (`closer`) which pictures are the same where something is lost if they are not.

That is where an error would come of it, or a line would be dropped. What is settled follows from the pictures and the lists of
this scan alone: what earlier scans have looked at spares a look, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from sanitize.copies import alike, stars
from sanitize.copies.pairs import ENDS, PAIRS, Stakes, bits_apart, of_ends

# So far apart are pairs of which no small look has said that they are the same, at least; of those that are it is less than 2.
_NOT_NEAR = 2.0
# So many pictures of equal hashes beside the first are looked at with all that is near: fewer than in small, as it takes longer.
_STAND_INS = 3
# A grey picture that is taken for a copy is compared with so many more pictures in colour that it may come from as well.
_MORE_IN_COLOUR = 8


def settle(
    near: pl.DataFrame,
    groups: pl.DataFrame,
    facts: pl.DataFrame,
    stakes: Stakes,
    *,
    candidates: Callable[[], pl.DataFrame],
    look: Callable[[pl.DataFrame], pl.DataFrame],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the pairs that are sure, as `pairs.PAIRS`, and the groups of these.

    `near` are pairs that a small look calls the same, and `groups` what `alike.groups` makes of them. `candidates` gives
    all pairs that were worth that look. `look` says of pairs (`pairs.ENDS`, in the order of what files hold) in `closely` whether
    the pictures are the same in each place, null where it cannot tell, and in `grey` which of them has lost its colours. Not all
    pairs are looked at (`stars.judge_sparingly`), and those that need not be are not sure.
    """
    sure = near.select(*PAIRS)
    if near.is_empty() or not (stakes.lines.height or stakes.known):
        return sure, groups
    members = _at_stake(near, groups, facts, stakes)
    if _within(near, members).is_empty():
        return sure, groups
    pairs = _within(pl.concat([sure, candidates()]).unique(ENDS, keep="first"), members)

    def see(some: pl.DataFrame) -> pl.DataFrame:
        return _seen(some, look)

    in_place = stars.stand_ins(pairs, facts, lambda some: _are_sure(look(some)), most=_STAND_INS)
    pairs = pl.concat([pairs, _within(in_place, members)]).unique(ENDS, keep="first")
    pairs = _apart(pairs, near, facts)
    judged = stars.judge_sparingly(pairs, facts["file"].tail(stakes.known), see)
    greyed = judged.select(*PAIRS).clear()
    if judged["grey"].count():
        more = _more_in_colour(pairs, judged, _chains(_same(judged), groups))
        judged = pl.concat([judged, see(more)])
        greyed = _greyed(judged, _chains(_same(judged), groups))
    sure = pl.concat([sure.join(pairs, on=ENDS, how="anti"), _same(judged), greyed]).sort(ENDS)
    return sure, alike.groups(facts, sure)


def _apart(pairs: pl.DataFrame, near: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Return pairs with how far `apart` they are: those that are near by how they agree, others, behind them, by hash."""
    by_hash = _NOT_NEAR + bits_apart(pairs, facts, "dct_signs").cast(pl.Float64)
    told = pairs.select(ENDS).join(near.select(*ENDS, "similarity"), on=ENDS, how="left", maintain_order="left")
    return pairs.with_columns(apart=pl.coalesce(1 - told["similarity"], by_hash))


def _at_stake(near: pl.DataFrame, groups: pl.DataFrame, facts: pl.DataFrame, stakes: Stakes) -> pl.DataFrame:
    """Return `file`, `chain` and `pixels` of the files of which it matters what they are the same as.

    A chain is all that hangs together by some pairs: taken apart, a picture may go to any other group in it.
    """
    chained = _chains(near, groups).filter(pl.len().over("chain") > 1)
    of_lines = stakes.lines.select("file", "list", "label").drop_nulls("file").join(chained, on="file", how="inner")
    counts = of_lines.group_by("chain").agg(
        pl.col("list", "label").drop_nulls().n_unique(), files=pl.col("file").n_unique()
    )
    torn, lossy = (pl.col("list") > 1) | (pl.col("label") > 1), (pl.col("files") > 1) & stakes.drops
    bad = chained.filter(pl.col("file").is_in(facts["file"].tail(stakes.known).implode()))["chain"]
    of = pl.concat([counts.filter(torn | lossy)["chain"], bad])
    return chained.filter(pl.col("chain").is_in(of.implode())).join(facts.select("file", "pixels"), on="file")


def _chains(pairs: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Return `file` and `chain` of all files: those hang together by pairs, or by having the same pixels."""
    nodes = groups.select("file", node=pl.coalesce("same_pixels", "file"))
    ends = dict(zip(ENDS, (table["node"] for table in of_ends(pairs, nodes)), strict=True))
    return nodes.select("file", chain=stars.chain(nodes["node"], pl.DataFrame(ends)))


def _within(pairs: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs with both files in one chain, that are not turned and have not the same pixels: those need no look."""
    one, other = of_ends(pairs, members)
    has_same_pixels = (one["pixels"] == other["pixels"]).fill_null(value=False)
    is_within = (one["chain"] == other["chain"]).fill_null(value=False)
    return pairs.filter(is_within & ~has_same_pixels & (pairs["turn"] == 0))


def _seen(pairs: pl.DataFrame, look: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
    """Return pairs with `similarity` as `stars` wants it: 1 of the same pictures, else -1.

    What cannot be looked at any more, such as a file that has gone since, is what the small look said. Where one of the same
    pictures has lost its colours that is not sure yet: it is the file `grey`, and `similarity` is -1.
    """
    told = look(pairs.select(ENDS))
    is_same = told["closely"].fill_null(pairs["apart"] < _NOT_NEAR)
    return pairs.with_columns(
        similarity=pl.when(is_same & told["grey"].is_null()).then(1.0).otherwise(-1.0),
        grey=pl.when(told["grey"] == 0).then("file").when(told["grey"] == 1).then("other"),
    )


def _are_sure(told: pl.DataFrame) -> pl.Series:
    """Tell which pairs are the same, neither picture by losing its colours; null where none can tell."""
    return told["closely"] & told["grey"].is_null()


def _same(judged: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs, as `pairs.PAIRS`, that are the same, neither picture by losing its colours."""
    return judged.filter(pl.col("similarity") > 0).select(*PAIRS)


def _more_in_colour(pairs: pl.DataFrame, judged: pl.DataFrame, chains: pl.DataFrame) -> pl.DataFrame:
    """Return the nearest pairs, which were not judged, of grey pictures and others in colour that they may come from as well.

    `pairs` are those that are `judged`, sparingly and by `_seen`, and others; `chains` are `_chains` of those that are the same.
    """
    greyed = _in_chains(judged.drop_nulls("grey"), chains)
    left = pairs.join(judged, on=ENDS, how="anti")
    ways = [left.filter(pl.col(end).is_in(greyed["grey"].implode())).with_columns(grey=end) for end in ENDS]
    others = _in_chains(pl.concat(ways), chains).filter(~pl.col("chain").is_in(greyed["of"].implode()))
    others = others.join(greyed, on=["grey", "chain"], how="anti").sort("apart", *ENDS)
    others = others.unique(["grey", "chain"], keep="first", maintain_order=True)
    others = others.filter(pl.int_range(pl.len()).over("grey") < _MORE_IN_COLOUR)
    return others.select(pairs.columns).unique(ENDS, keep="first", maintain_order=True)


def _greyed(judged: pl.DataFrame, chains: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs of pictures in grey and in colour, as `pairs.PAIRS`, of which it is sure that they are the same.

    Grey may be made of many a colour: what may come from pictures that are not the same, by itself or by its copies, comes from
    none of them for certain. `chains` are `_chains` of those that are the same.
    """
    greyed = _in_chains(judged.drop_nulls("grey"), chains)
    return greyed.filter(pl.col("chain").n_unique().over("of") == 1).select(*PAIRS)


def _in_chains(pairs: pl.DataFrame, chains: pl.DataFrame) -> pl.DataFrame:
    """Return pairs of a picture `grey` and another with the chain that the grey one is `of`, and the `chain` of the other."""
    one, other = (table["chain"] for table in of_ends(pairs, chains))
    is_one = pairs["file"] == pairs["grey"]
    return pairs.with_columns(
        of=pl.when(is_one).then(one).otherwise(other), chain=pl.when(is_one).then(other).otherwise(one)
    )
