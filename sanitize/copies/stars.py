"""Groups of pictures that are the same, each around one in its middle: that also saves most comparisons of many copies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

import polars as pl

from sanitize.copies.pairs import ENDS, PAIRS, bits_apart, of_ends

# Of fewer pairs, and of a smaller share of all that stars could save, to find out which takes as long as to compare them.
_FEW, _WORTH_SAVING = 1 << 7, 0.6
# A picture of more pairs than these, that is not the same as the middle of its star, resembles what it is not a copy of: its
# hashes tell little, and so many of the closest pairs are compared.
_CROWD, _CLOSEST = 16, 4
# So many where each pair was chosen with care; of those that are told in full; and so many between two stars.
_CLOSEST_OF_FEW, _CLOSEST_IN_FULL, _LINKS = 6, 16, 2
# Where there would be more pairs with all stand-ins only the first of them takes part, which makes no more than four of one.
_MOST_WITH_STAND_INS = 1 << 22
# Less than this share of all pairs is sooner compared at once with the others.
_WORTH_CHOOSING = 0.25
# Where so small a share of the first pairs can be told, hardly any other can.
_TELLING = 0.1
#: Of a picture, the middle of its star.
_STARS: dict[str, pl.DataType] = {"file": pl.UInt32(), "star": pl.UInt32()}


def judge(
    pairs: pl.DataFrame, facts: pl.DataFrame, in_full: pl.Series, compare: Callable[[pl.DataFrame], pl.DataFrame]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what `compare` gives of pairs (`pairs.PAIRS`) that are not turned, and those that need not be compared.

    It gives those of which it can tell, with `similarity`: positive where pictures are the same. Where it may save much, each
    picture is compared with the middle of its star first, or with the first that has equal hashes. A star of which no pair
    leads out that may be of the same picture is one group to `group`, whatever the other pairs in it are. A picture that
    resembles crowds of others without being the same as a middle is compared with the closest of them. Pairs of files that are
    to be told `in_full` (UInt32) are compared all the same. `facts` have `file`, `phash` and `dct_signs`.
    """
    upright = pairs.filter(turn=0)
    if upright.height < _FEW:
        return compare(upright), upright.clear()
    prints = facts.select("file", print=facts.select("phash", "dct_signs").hash_rows())
    one, other = of_ends(upright, prints)
    is_twin = one["print"] == other["print"]
    middles = _stars(upright.filter(~is_twin))
    is_first = is_twin | _is_to_middle(upright, middles)
    saves = (_is_within(upright, middles) & ~is_first).sum() >= _WORTH_SAVING * upright.height
    crowded = _crowded(upright, in_full)
    if not saves and crowded.is_empty():
        return compare(upright), upright.clear()
    # 1. Each with the middle of its star, or with the first of its hashes.
    first, rest = compare(upright.filter(is_first)), upright.filter(~is_first)
    stars = _confirmed_stars(first, middles)
    strangers = _outside(stars, crowded)
    tells = first.height >= _TELLING * (upright.height - rest.height)
    # 2. Those of a crowd that are in no star, with other middles; 3. those still in none, with the closest alone.
    if tells:
        more, rest, found = _further_stars(rest, strangers, compare)
        first, stars, strangers = pl.concat([first, more]), pl.concat([stars, found]), _outside(found, strangers)
    among = _among(rest.join(pairs.filter(pl.col("turn") > 0), on=ENDS, how="anti"), strangers)
    far = _far(among.with_columns(apart=bits_apart(among, facts, "dct_signs")), _CLOSEST).drop("apart")
    rest, pairs = (some.join(far, on=ENDS, how="anti", maintain_order="left") for some in (rest, pairs))
    if not tells:
        return first, far
    if not saves:
        return pl.concat([first, compare(rest)]), far
    # 4. The rest, but for pairs within a star that nothing leads out of.
    is_spared = _is_within(rest, stars) & ~rest.select(_has_any(in_full)).to_series()
    within, told = rest.filter(is_spared), pl.concat([first, compare(rest.filter(~is_spared))])
    is_open = _is_open(within, pairs, told, stars)
    return pl.concat([told, compare(within.filter(is_open))]), pl.concat([within.filter(~is_open), far])


def judge_sparingly(
    pairs: pl.DataFrame, in_full: pl.Series, compare: Callable[[pl.DataFrame], pl.DataFrame]
) -> pl.DataFrame:
    """Return what `compare` gives of pairs, as `judge` has them, where that takes far longer than to choose among them.

    Each picture is compared with the middle of its star, those that are not the same with another one, stars by the closest
    pairs between them, by the column `apart`, and each picture with the closest outside of the stars that its own is the same
    as. So what comes of pairs hangs on those alone that they hang together with. Files that are to be told `in_full` are
    compared within their star, too, and with more outside of it.
    """
    files = pl.concat([pairs[end].alias("file") for end in ENDS]).unique()
    told, rest, stars = compare(pairs.clear()), pairs, pl.DataFrame(schema=_STARS)
    # 1. Each with the middle of its star; those that are not the same as that, with another one.
    for _again in range(2):
        chosen, rest, found = _compared_with_middles(rest, _outside(stars, files), compare)
        told, stars = pl.concat([told, chosen]), pl.concat([stars, found])
    # 2. Stars with each other, by their closest pairs; those that are the same are one.
    middle = stars["star"].unique()
    stars = pl.concat([stars, pl.DataFrame({"file": middle, "star": middle})])
    chosen = compare(_links(rest, stars))
    told, rest = pl.concat([told, chosen]), rest.join(chosen, on=ENDS, how="anti")
    same = chosen.filter(pl.col("similarity") > 0)
    linked = pl.DataFrame({end: _star(same[end], stars) for end in ENDS})
    stars = stars.with_columns(star=chain(stars["star"], linked))
    # 3. Each with the closest outside of its star, and those that are to be told in full with all within it.
    is_within, is_told = _is_within(rest, stars), _has_any(in_full)
    within, outside = rest.filter(is_within), rest.filter(~is_within)
    far = [_far(outside.filter(~is_told), _CLOSEST_OF_FEW), _far(outside.filter(is_told), _CLOSEST_IN_FULL)]
    return pl.concat([told, compare(rest.join(pl.concat([within.filter(~is_told), *far]), on=ENDS, how="anti"))])


def stand_ins(
    pairs: pl.DataFrame, facts: pl.DataFrame, look: Callable[[pl.DataFrame], pl.Series], *, most: int
) -> pl.DataFrame:
    """Return further pairs of files that are not the same as the first of equal hashes, which alone is in pairs with others.

    That may be of another colour, or faded, and what these are copies of is near others than it. The lowest of them takes its
    place in all its pairs, beside it, then the lowest of those that are not the same as that one either, up to so many. Each is
    paired with the lowest that is the same as the first, too. `look` says of pairs (`pairs.PAIRS`) whether they are the same.
    `pairs` are not turned.
    """
    columns = ["phash", "dct_signs"]
    one, other = (table.select(columns).hash_rows() for table in of_ends(pairs, facts.select("file", *columns)))
    twins = pairs.filter(one == other).select(first="file", twin="other").sort("first", "twin")
    twins = twins.filter(~pl.col("first").is_in(twins["twin"].implode()))
    is_same = look(_ordered(twins.select(file="first", other="twin")))
    same, others = twins.filter(is_same), twins.filter(~is_same)
    among = [others.join(same.unique("first", keep="first"), on="first").select(file="twin", other="twin_right")]
    standing = [others.clear()]
    while not others.is_empty() and len(standing) <= most:
        lowest = others.unique("first", keep="first", maintain_order=True)
        rest = others.join(lowest, on="first", maintain_order="left").filter(pl.col("twin") != pl.col("twin_right"))
        among.append(rest.select(file="twin_right", other="twin"))
        standing.append(lowest)
        others = rest.filter(~look(_ordered(among[-1]))).select("first", "twin")
    stand_in = pl.concat(standing)
    taking = of_ends(pairs, stand_in.group_by(file="first").agg(more=pl.len()))
    one, other = (table["more"].fill_null(0) + 1 for table in taking)
    if (one * other).sum() > _MOST_WITH_STAND_INS:
        stand_in = standing[1]
    ends = pairs.select(ENDS)
    for end in ENDS:
        # A pair of two such files has both places taken, and each alone.
        taken = ends.join(stand_in, left_on=end, right_on="first").with_columns(pl.col("twin").alias(end))
        ends = pl.concat([ends, taken.select(ENDS)])
    found = pl.concat([ends, *among]).filter(pl.col("file") != pl.col("other"))
    return _ordered(found).unique().join(pairs, on=ENDS, how="anti").sort(ENDS)


def _ordered(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs of files in any order as `pairs.PAIRS` that are not turned."""
    turn = pl.lit(0, dtype=PAIRS["turn"])
    return pairs.select(file=pl.min_horizontal(ENDS), other=pl.max_horizontal(ENDS), turn=turn)


def _links(pairs: pl.DataFrame, stars: pl.DataFrame) -> pl.DataFrame:
    """Return the closest pairs between each two stars."""
    between = _among(pairs, stars["file"])
    one, other = (_star(between[end], stars) for end in ENDS)
    between = between.with_columns(low=pl.min_horizontal(one, other), high=pl.max_horizontal(one, other))
    ordered = between.filter(pl.col("low") < pl.col("high")).sort("apart", *ENDS)
    return ordered.filter(pl.int_range(pl.len()).over("low", "high") < _LINKS).select(pairs.columns)


def _is_open(within: pl.DataFrame, pairs: pl.DataFrame, told: pl.DataFrame, stars: pl.DataFrame) -> pl.Series:
    """Tell which pairs are within a star out of which one of `pairs` leads that may be of the same picture."""
    refuted = told.filter(pl.col("similarity") <= 0)
    leading_out = pairs.filter(~_is_within(pairs, stars)).join(refuted, on=[*ENDS, "turn"], how="anti")
    open_stars = pl.concat([_star(leading_out[name], stars) for name in ENDS]).unique()
    return _star(within["file"], stars).is_in(open_stars.implode())


def _crowded(pairs: pl.DataFrame, in_full: pl.Series) -> pl.Series:
    """Return the files that stand in so many pairs that not all need be compared; none where that spares little."""
    counts = pl.concat([pairs["file"], pairs["other"]]).alias("file").value_counts()
    files = counts.filter(pl.col("count") > _CROWD, ~pl.col("file").is_in(in_full.implode()))["file"]
    spared = _among(pairs, files).height - _CLOSEST * len(files)
    return files if spared >= _WORTH_CHOOSING * pairs.height else files.clear()


def _further_stars(
    pairs: pl.DataFrame, strangers: pl.Series, compare: Callable[[pl.DataFrame], pl.DataFrame]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Compare files of a crowd with other middles, as long as that finds stars: what is told, pairs left, and the stars."""
    told, found = [pairs.clear().with_columns(similarity=pl.lit(None, dtype=pl.Float64))], [pl.DataFrame(schema=_STARS)]
    while not strangers.is_empty():
        height = pairs.height
        chosen, pairs, stars = _compared_with_middles(pairs, strangers, compare)
        told.append(chosen)
        found.append(stars)
        strangers = _outside(stars, strangers)
        if stars.height <= _TELLING * (height - pairs.height):
            break
    return pl.concat(told), pairs, pl.concat(found)


def _compared_with_middles(
    pairs: pl.DataFrame, files: pl.Series, compare: Callable[[pl.DataFrame], pl.DataFrame]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Compare files with the middles of their stars among them: what is told, the pairs left, and the stars."""
    among = _among(pairs, files)
    middles = _stars(among)
    chosen = among.filter(_is_to_middle(among, middles))
    told = compare(chosen)
    rest = pairs.join(chosen, on=ENDS, how="anti", maintain_order="left")
    return told, rest, _confirmed_stars(told, middles)


def _far(pairs: pl.DataFrame, closest: int) -> pl.DataFrame:
    """Return the pairs that are among the `closest`, by `apart`, of neither file."""
    ordered = pairs.sort("apart", *ENDS)
    is_far = (pl.int_range(pl.len()).over(end) >= closest for end in ENDS)
    return ordered.filter(pl.all_horizontal(is_far))


def _confirmed_stars(first: pl.DataFrame, middles: pl.DataFrame) -> pl.DataFrame:
    """Return the stars of pictures that are the same as a middle, or as one of equal hashes that is."""
    same = first.filter(pl.col("similarity") > 0).select(ENDS)
    up, down = (_is_to(same, middles, *ends) for ends in (ENDS, ENDS[::-1]))
    stars = pl.concat(
        [same.filter(up).select(file="file", star="other"), same.filter(down).select(file="other", star="file")]
    )
    twins = same.filter(~up & ~down)
    stars = pl.concat([stars, twins.select(file="other", star=_star(twins["file"], stars))])
    return stars.unique("file", keep="first", maintain_order=True)


def _stars(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the stars that the files of some pairs fall into."""
    middle = _middles(_partners(pairs.select(ENDS)))
    return pl.DataFrame({"file": [*middle], "star": [*middle.values()]}, schema=_STARS)


def _has_any(files: pl.Series) -> pl.Expr:
    """Tell of which pairs one is some of these files."""
    return pl.any_horizontal(pl.col(*ENDS).is_in(files.implode()))


def _among(pairs: pl.DataFrame, files: pl.Series) -> pl.DataFrame:
    """Return the pairs of which both are some of these files."""
    return pairs.filter(pl.all_horizontal(pl.col(*ENDS).is_in(files.implode())))


def _outside(stars: pl.DataFrame, files: pl.Series) -> pl.Series:
    """Return the files that are in no star."""
    return files.filter(~files.is_in(pl.concat([stars["file"], stars["star"]]).implode()))


def _star(files: pl.Series, stars: pl.DataFrame) -> pl.Series:
    """Return the middle of the star of each file: itself, where it is in none."""
    found = files.alias("file").to_frame().join(stars, on="file", how="left", maintain_order="left")
    return found.select(pl.coalesce("star", "file")).to_series()


def _is_to(pairs: pl.DataFrame, middles: pl.DataFrame, member: str, middle: str) -> pl.Series:
    """Tell of which pairs one end is the middle of the other."""
    return _star(pairs[member], middles) == pairs[middle]


def _is_to_middle(pairs: pl.DataFrame, middles: pl.DataFrame) -> pl.Series:
    """Tell of which pairs the one end is the middle of the other, whichever way round."""
    return _is_to(pairs, middles, *ENDS) | _is_to(pairs, middles, *ENDS[::-1])


def _is_within(pairs: pl.DataFrame, stars: pl.DataFrame) -> pl.Series:
    return _star(pairs["file"], stars) == _star(pairs["other"], stars)


def group(files: pl.Series, nodes: pl.Series, prints: pl.Series, confirmed: pl.DataFrame) -> pl.Series:
    """Return the group of each file: `nodes`, their groups so far, are joined where one is near the middle one.

    One that would be alone though it was confirmed with one of these goes with that: alone it would be a copy of nothing.
    Those whose hashes are equal, too (`prints`), were compared with the first of them only, or one that stands in for it, and are
    one node with that.
    """
    one, other = (files.search_sorted(confirmed[name]) for name in ENDS)
    is_one = prints.gather(one).eq_missing(prints.gather(other))
    twins = zip(*(nodes.gather(ends).filter(is_one).to_list() for ends in (one, other)), strict=True)
    first: dict[int, int] = {}
    for low, high in sorted({(min(pair), max(pair)) for pair in twins}):
        if low < high and not first.keys() & {low, high}:
            first[high] = low
    roots = nodes.replace(first)
    ends = pl.DataFrame({"file": roots.gather(one), "other": roots.gather(other)})
    pairs = ends.select(file=pl.min_horizontal(ENDS), other=pl.max_horizontal(ENDS)).unique()
    partners = _partners(pairs.filter(pl.col("file") != pl.col("other")))
    middle = _middles(partners)
    sizes = Counter(middle.values())
    for node, others in partners.iter_rows():
        if sizes[middle[node]] == 1:
            middle[node] = middle[min(others)]
    lowest: dict[int, int] = {}
    for node, center in middle.items():
        lowest[center] = min(node, lowest.get(center, node))
    return roots.replace({node: lowest[center] for node, center in middle.items()})


def _partners(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return each `node` of some pairs, all of which are different, with its partners; those that have most come first."""
    ways = [pairs.select(node=end, partner=other) for end, other in (ENDS, ENDS[::-1])]
    partners = pl.concat(ways).group_by("node").agg("partner")
    return partners.sort(pl.col("partner").list.len(), "node", descending=[True, False])


def _middles(partners: pl.DataFrame) -> dict[int, int]:
    """Return the middle of the star of each node, in the order of the table: itself, or the first partner that is one."""
    middle: dict[int, int] = {}
    for node, others in partners.iter_rows():
        if node not in middle:
            middle |= dict.fromkeys([node, *(partner for partner in others if partner not in middle)], node)
    return middle


def chain(nodes: pl.Series, pairs: pl.DataFrame) -> pl.Series:
    """Return the lowest node of all that hang together by pairs of nodes (`pairs.ENDS`), for each node."""
    merged = _merged(zip(*(pairs[end].to_list() for end in ENDS), strict=True))
    return nodes.replace({node: _root(merged, node) for node in merged})


def _merged(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return of nodes that hang together with lower ones such a one, by which `_root` finds the lowest."""
    merged: dict[int, int] = {}
    for pair in pairs:
        low, high = sorted(_root(merged, node) for node in pair)
        if low != high:
            merged[high] = low
    return merged


def _root(merged: dict[int, int], node: int) -> int:
    while node in merged:
        above = merged[node]
        merged[node] = merged.get(above, above)  # a long way is half as long the next time
        node = above
    return node
