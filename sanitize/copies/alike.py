"""Finds which files show the same picture: by their bytes, by hashes, and by second looks where hashes are near.

1. *Candidates* are pairs whose `phash`, or the lowest 64 of whose 256 `dct_signs` are near, and all 256 are near too: the
   long hash keeps aligned faces or goods on white, whose coarse shapes agree, from being decoded again by the thousand.
2. By their *shades*, the grey levels of 32 × 32 areas that came with probing, most pairs are the same, or hardly match and
   are not. The others, and those that are turned, are *looked at*: `pixels` is a digest of all of them, `look` a small picture.
3. A pair is *confirmed* where the looks agree but for brightness and contrast, and a shift as cropping makes it, in luma
   and, unless one is grey, in colour, on the whole and in every place. Flat pictures have nothing to agree in, so only
   equal pixels make them the same.
   Of a crowd of pictures that resemble each other without being the same, each is compared with some (`stars.judge`).
4. *Groups* are stars: each member is near the file in their middle, or near one that is, so that no film is one group from
   end to end.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import polars as pl

from sanitize import cores
from sanitize.copies import stars
from sanitize.copies.pairs import PAIRS, bits_apart, of_ends
from sanitize.dataset import gives_a_picture
from sanitize.engine.calls import Call, call_here

if TYPE_CHECKING:
    from sanitize.copies.nearness import Found

#: Bits of 64 by which the hashes of the same picture may differ, unless the user says otherwise.
DISTANCE = 8
# Bits by which the hash of the same pixels may differ from format to format, as readers reduce them in their own ways.
_OF_PIXELS = 4
# Bits of 256 by which the signs of JPEGs with the same pixels differ at most; where the first has less contrast, in grey levels,
# it may have any signs, as rounding decides.
_SIGNS_OF_PIXELS, _SIGNED = 32, 12.0
#: A picture of less contrast, in grey levels, is flat: what is left of it is noise. It is the same as others of its size only.
FLAT = 2.0
# More hashes than these are compared here, by all cores at once: a child has limits that are made for a picture.
_MANY = 1 << 15
# Pairs whose looks are compared in one call: at most, and as long as there are more.
_PAIRS_AT_A_TIME, _FEW_PAIRS = 1 << 10, 1 << 7
# Pictures whose hashes are read at a time.
_PICTURES_AT_A_TIME = 1 << 16
# What is called where there is a child for it: this module needs no NumPy, which takes longer to import than most scans of
# unchanged files take to compare.
_NEAR, _TURNED = "sanitize.copies.nearness:near", "sanitize.copies.nearness:turned"
_SIMILARITIES, _SAME_SHADES = "sanitize.compare.resemblance:similarities", "sanitize.compare.resemblance:same_shades"
_DIFFERENT_SHADES = "sanitize.compare.resemblance:different_shades"

#: What of the facts decides which pairs there are.
COLUMNS = ("file", "sha256", "width", "height", "phash", "dct_signs", "contrast")
#: Raised when other pairs come of the same facts, or others of them are confirmed.
VERSION = 28


def search(
    facts: pl.DataFrame, *, distance: int | None, transforms: bool, known: int = 0, call: Call = call_here
) -> Callable[[], pl.DataFrame]:
    """Begin to search for pairs that may show the same picture; what is returned waits for them.

    They have `file` < `other`, and `turn`, by which `other` is turned (0 to 7). `facts` has COLUMNS, in the order of the
    files. The phashes differ by at most `distance` bits; where that is None, either they or the lowest signs by at most
    DISTANCE. With `transforms` mirrored and turned pictures are pairs too, some of them by several turns. Files of the same
    bytes are one. Of many copies not all are pairs of each other; the last `known` files, of pictures that must not be
    there, are pairs with all, unless these would be very many (`nearness.Asked`). Hashes that are not many are compared by
    `call`.
    """
    rows = facts["phash"].is_not_null().arg_true()
    ours = facts.height - known
    rows = rows.filter(facts["sha256"].gather(rows).is_first_distinct() | (rows >= ours))
    contrast = facts["contrast"].gather(rows)
    flat = facts.select("file", "width", "height")[rows.filter(contrast < FLAT)]
    rows = rows.filter(contrast >= FLAT)
    call = call if len(rows) <= _MANY else call_here
    phashes, signs = (_packed(facts[name], rows) for name in ("phash", "dct_signs"))
    last = int((rows >= ours).sum())
    allowed = DISTANCE if distance is None else distance
    # Hashes below the distance at which pixels are the same are looked at anyway.
    searches = [call(_NEAR, (phashes, signs, max(allowed, _OF_PIXELS), False, last))]
    if distance is None:
        # A coefficient near the median changes its bit in one hash, and one near zero its sign in the other: of a crop,
        # or of a picture that another reader reduced, one of them may be near where the other is not.
        searches.append(call(_NEAR, (phashes, signs, max(allowed, _OF_PIXELS), True, last)))
    if transforms:
        searches.append(call(_TURNED, (signs, allowed)))
    files = facts["file"].gather(rows)

    def finish() -> pl.DataFrame:
        found = [_chained(flat, "width", "height"), *(_pairs(found(), files) for found in searches)]
        return pl.concat(found).unique().sort("file", "other", "turn")

    return finish


def files_of(pairs: pl.DataFrame) -> pl.Series:
    """Return the files (UInt32) that stand in pairs, each once."""
    return pl.concat([pairs["file"], pairs["other"]]).unique().sort()


def files_to_compare_exactly(pairs: pl.DataFrame, facts: pl.DataFrame, *, call: Call = call_here) -> pl.Series:
    """Return the files (UInt32) of pairs that may have the same pixels as another, maybe turned, each once.

    They have as many rows and columns then. Where all of that size are JPEGs, they also have the same shades, and nearly the
    same signs. As of pictures with equal hashes only the first is in pairs, others may have the same pixels as those that the
    first is paired with.
    """
    files = facts.select(
        "file",
        "phash",
        "dct_signs",
        "shades",
        "contrast",
        long=pl.max_horizontal("width", "height"),
        short=pl.min_horizontal("width", "height"),
        known=(pl.col("content") == "jpeg") & pl.col("shades").is_not_null(),
    )
    files = files.filter(pl.col("file").is_in(files_of(pairs).implode())).select(
        "file",
        "long",
        "short",
        "contrast",
        only_jpegs=pl.col("known").all().over("long", "short"),
        has_twin=pl.struct("long", "short", "shades").is_duplicated(),
        first=pl.col("file").min().over("phash", "dct_signs"),
    )
    one, two = of_ends(pairs, files)
    has_size = (one["long"] == two["long"]) & (one["short"] == two["short"])
    jpegs = pairs.with_columns(one["contrast"]).filter(has_size & one["only_jpegs"])
    is_near = bits_apart(jpegs, facts, "dct_signs") <= _SIGNS_OF_PIXELS
    jpegs = jpegs.filter(is_near | (pl.col("turn") > 0) | (pl.col("contrast") < _SIGNED)).select(*PAIRS)
    different = _compared(jpegs.filter(turn=0), facts, "shades", _DIFFERENT_SHADES, call)
    left = files_of(jpegs.join(different, on=["file", "other"], how="anti"))
    twins = files.filter("only_jpegs", "has_twin")["file"]
    ways = [{"first": one["first"], "near": two["first"]}, {"first": two["first"], "near": one["first"]}]
    near = pl.concat([*map(pl.DataFrame, ways), files.select("first", near="first")]).unique()
    others = files.filter(~pl.col("only_jpegs"))
    sizes = others.group_by("long", "short", near="first").agg(count=pl.len())
    there = others.join(near, on="first").join(sizes, on=["near", "long", "short"])
    mixed = there.filter((pl.col("first") != pl.col("near")) | (pl.col("count") > 1))["file"]
    return pl.concat([left, twins, mixed]).unique().sort()


def judge_by_shades(
    pairs: pl.DataFrame, facts: pl.DataFrame, in_full: pl.Series, *, call: Call = call_here
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the pairs of which shades alone tell whether they are the same, and the others, of which something else must.

    Those that are the same have `similarity` as `confirm` gives it, those that are not a negative one. Pairs of many copies
    that need not be compared (`stars.judge`) are in neither table. Pictures that are turned have no shades to be compared.
    """

    def compare(some: pl.DataFrame) -> pl.DataFrame:
        return _compared(some, facts, "shades", _SAME_SHADES, call)

    judged, spared = stars.judge(pairs, facts, in_full, compare)
    # Two pictures may be another one each, and yet the same when one of them is turned.
    left = pairs.join(judged, on=[*PAIRS], how="anti", maintain_order="left")
    settled = pl.concat([judged.filter(pl.col("similarity") > 0).select(*PAIRS), spared])
    return judged, left.join(settled, on=["file", "other"], how="anti", maintain_order="left")


def confirm(pairs: pl.DataFrame, facts: pl.DataFrame, *, call: Call = call_here) -> pl.DataFrame:
    """Return the pairs whose looks show the same picture, with `similarity` (-1 to 1); `call` compares them."""
    return _compared(pairs, facts, "look", _SIMILARITIES, call)


def within(confirmed: pl.DataFrame, facts: pl.DataFrame, distance: int | None) -> pl.DataFrame:
    """Return the pairs whose phashes differ by at most `distance`, or that have the same pixels; all without one.

    More were looked at, as the same pixels may have hashes that differ. Of pictures that are turned no phash tells.
    """
    if not _is_choosing(distance):
        return confirmed
    one, other = of_ends(confirmed, facts.select("file", "pixels"))
    is_near = bits_apart(confirmed, facts, "phash") <= distance
    return confirmed.filter(
        is_near | (one["pixels"] == other["pixels"]).fill_null(value=False) | (confirmed["turn"] > 0)
    )


def told_in_full(facts: pl.DataFrame, known: int, distance: int | None) -> pl.Series:
    """Return the files (UInt32) whose pairs are all compared: the last `known`, and all where `within` is to choose of them."""
    return facts["file"] if _is_choosing(distance) else facts["file"].tail(known)


def _is_choosing(distance: int | None) -> bool:
    return distance is not None and distance < _OF_PIXELS


def _compared(pairs: pl.DataFrame, facts: pl.DataFrame, column: str, function: str, call: Call) -> pl.DataFrame:
    """Return the pairs of which a function of `resemblance` says how alike they are by a column of the facts, with that."""
    short = pl.min_horizontal("width", "height").fill_null(0)
    looks = facts.select("file", column, short=short).drop_nulls(column).sort("file")
    there = pairs.join(looks.select("file"), on="file", how="semi").join(
        looks.select(other="file"), on="other", how="semi"
    )
    length = min(_PAIRS_AT_A_TIME, max(_FEW_PAIRS, -(-there.height // (2 * cores.usable()))))
    if there.height > length:
        there = _side_by_side(there)

    def begin(start: int) -> Callable[[], list[float]]:
        some = there.slice(start, length)
        files = files_of(some)
        numbers = (files.search_sorted(some[name]).to_list() for name in ("file", "other"))
        these = looks.select(column, "short")[looks["file"].search_sorted(files)]
        return call(function, (*(each.to_list() for each in these), *numbers, some["turn"].to_list()))

    starts = range(0, there.height, length)
    # Of millions no more are put together than are compared, and those that come next.
    with ThreadPoolExecutor(cores.usable() + 1) as threads:
        parts = list(threads.map(lambda start: begin(start)(), starts))
    similarity = pl.Series([value for part in parts for value in part], dtype=pl.Float64)
    confirmed = there.with_columns(similarity=similarity).filter(pl.col("similarity").is_not_nan())
    return confirmed.sort("file", "other", "turn").unique(["file", "other"], keep="first", maintain_order=True)


def _side_by_side(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs in such an order that those of a group mostly come together: what is made of a file is made once then."""
    firsts = pairs.group_by("other").agg(first=pl.col("file").min()).select(file="other", first="first")
    once = pairs.join(firsts, on="file", how="left", maintain_order="left").with_columns(
        first=pl.coalesce("first", "file")
    )
    twice = once.join(firsts, left_on="first", right_on="file", how="left", maintain_order="left", suffix="_of_it")
    return twice.sort(pl.coalesce("first_of_it", "first"), "file", "other", "turn").select(*PAIRS)


def groups(facts: pl.DataFrame, confirmed: pl.DataFrame) -> pl.DataFrame:
    """Return `file`, `same_bytes`, `same_pixels` and `same_picture` of all files.

    Each is the lowest `file` of the group (UInt32), null where the file is alone; a group of pixels holds those of
    bytes, a group of pictures those of pixels. Files of which no picture comes out are alone.
    """
    paired = files_of(confirmed)
    # Most files are alone, and need no group to be so.
    several = pl.col("sha256").is_duplicated() | pl.col("pixels").is_not_null() | pl.col("file").is_in(paired.implode())
    keys = (
        facts.select("file", "sha256", "pixels", "phash", "dct_signs", "decodes", "decodes_truncated")
        .filter(several)
        .sort("file")
        .select(
            "file",
            "sha256",
            "pixels",
            print=pl.concat_str("phash", "dct_signs"),
            shows=gives_a_picture().fill_null(value=False),
        )
    )
    file = pl.col("file")
    keys = keys.with_columns(same_bytes=pl.when("shows").then(file.min().over("sha256")).otherwise(file))
    pixels = pl.coalesce(pl.col("pixels").max().over("same_bytes"), pl.col("same_bytes").cast(pl.String))
    keys = keys.with_columns(pixel_key=pixels).with_columns(same_pixels=file.min().over("pixel_key"))
    picture = stars.group(keys["file"], keys["same_pixels"], keys["print"], confirmed)
    keys = keys.with_columns(picture=picture).with_columns(same_picture=file.min().over("picture"))
    names = ("same_bytes", "same_pixels", "same_picture")
    found = keys.select("file", *(pl.when(pl.len().over(name) > 1).then(pl.col(name)) for name in names))
    return facts.select("file").join(found, on="file", how="left", maintain_order="left")


def _chained(pictures: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """Return pairs of each picture with the first one that has the same keys."""
    firsts = pictures.select(other="file", file=pl.col("file").min().over(*keys), turn=pl.lit(0, dtype=pl.UInt8))
    return firsts.filter(pl.col("file") != pl.col("other")).select(*PAIRS)


def _pairs(found: Found, files: pl.Series) -> pl.DataFrame:
    """Return pairs of pictures that are numbered as `files` are."""
    one, other = (files.gather(_numbers(numbers, pl.UInt32(), 4)) for numbers in found[:2])
    return pl.DataFrame({"file": one, "other": other, "turn": _numbers(found[2], pl.UInt8(), 1)}, schema=PAIRS)


def _numbers(data: bytes, dtype: pl.DataType, size: int) -> pl.Series:
    """Return the numbers, of so many bytes each, of a little-endian array."""
    count = len(data) // size
    if not count:
        return pl.Series(dtype=dtype)
    return pl.Series([data]).bin.reinterpret(dtype=pl.Array(dtype, count), endianness="little").explode()


def _packed(hashes: pl.Series, rows: pl.Series) -> bytes:
    """Return hexadecimal hashes as bytes, one after the other."""
    parts = (rows.slice(start, _PICTURES_AT_A_TIME) for start in range(0, len(rows), _PICTURES_AT_A_TIME))
    return b"".join(bytes.fromhex(hashes.gather(some).str.join("").item()) for some in parts)
