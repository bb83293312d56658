"""Finds which files show the same picture: by their bytes, by hashes, and by second looks where hashes are near.

1. *Candidates* are pairs whose `phash`, or the lowest 64 of whose 256 `dct_signs` are near, and all 256 are near too: the
   long hash keeps aligned faces or goods on white, whose coarse shapes agree, from being decoded again by the thousand.
2. They are *looked at*: `pixels` is a digest of all of them, `look` a small picture.
3. A pair is *confirmed* where the looks agree but for brightness and contrast, and a shift as cropping makes it, in luma
   and, unless one is grey, in colour. Flat pictures have nothing to agree in, so only equal pixels make them the same.
4. *Groups* are stars: each member is near the file in their middle, so that no film is one group from end to end.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.ma  # Polars imports it with the first array: this module is imported where there is time for it
import numpy.typing as npt
import polars as pl

from sanitize import cores, hamming
from sanitize.agreement import agree
from sanitize.engine.calls import Call, call_here
from sanitize.look import SIZE, unpack

#: Bits of 64 by which the hashes of the same picture may differ, unless the user says otherwise.
DISTANCE = 8
# Bits by which the hash of the same pixels may differ from format to format, as readers reduce them in their own ways.
_OF_PIXELS = 4
# Bits of the 256 signs by which those of the same picture may differ: crops by 2 % do in up to 57, other pictures in about
# half.
_SIGNS_DISTANCE = 64
# A picture of less contrast, in grey levels, is flat: what is left of it is noise.
_FLAT = 2.0
# Partners of a picture among those before it; more are no news.
_MOST_PARTNERS = 20
# Pairs that are compared at a time, so few that what is made of them stays in a core's cache.
_PAIRS_AT_A_TIME = 1 << 8
# Pictures whose hashes are read, or turned, at a time.
_PICTURES_AT_A_TIME = 1 << 16
# Turns that another one takes back: quarters to the left and to the right. All others take back themselves.
_INVERSE = {5: 6, 6: 5}

#: What of the facts decides which pairs there are.
COLUMNS = ("file", "sha256", "width", "height", "phash", "dct_signs", "contrast")
#: Raised when other pairs come of the same facts.
VERSION = 1
#: The columns of pairs.
PAIRS: dict[str, pl.DataType] = {"file": pl.UInt32(), "other": pl.UInt32(), "turn": pl.UInt8()}

_Files = npt.NDArray[np.uint32]
_SEARCH = "sanitize.hamming:search"


class _Prints(NamedTuple):
    """The hashes of pictures, in the order of their files."""

    files: _Files
    phashes: hamming.Hashes
    signs: npt.NDArray[np.uint64]  #: the 256 bits of each picture, pictures × 4

    def taken(self, rows: npt.NDArray[np.int64]) -> _Prints:
        return _Prints(self.files[rows], self.phashes[rows], self.signs[rows])


def search(
    facts: pl.DataFrame, *, distance: int | None, transforms: bool, call: Call = call_here
) -> Callable[[], pl.DataFrame]:
    """Begin to search for pairs that may show the same picture; what is returned waits for them.

    They have `file` < `other`, and `turn`, by which `other` is turned (0 to 7). `facts` has COLUMNS, in the order of the
    files. The phashes differ by at most `distance` bits; where that is None, either they or the lowest signs by at most
    DISTANCE. With `transforms` mirrored and turned pictures are pairs too, some of them by several turns. Files of the same
    bytes are one. Hashes that are not many are compared by `call`.
    """
    rows = facts["phash"].is_not_null().arg_true()
    rows = rows.filter(facts["sha256"].gather(rows).is_first_distinct())
    contrast = facts["contrast"].gather(rows)
    flat = facts.select("file", "width", "height")[rows.filter(contrast < _FLAT)]
    pictures = _prints(facts, rows.filter(contrast >= _FLAT))
    # Many are compared by all cores at once, and in this process, which has no limits.
    call = call if len(pictures.files) < hamming.MANY else call_here
    near = _near(pictures, distance, call)

    def finish() -> pl.DataFrame:
        found = [_chained(flat, "width", "height"), *near()]
        if transforms:
            found += _turned(pictures, distance)
        return pl.concat(found).unique().sort("file", "other", "turn")

    return finish


def files_to_look_at(pairs: pl.DataFrame) -> pl.Series:
    """Return the files (UInt32) that stand in pairs, each once."""
    return pl.concat([pairs["file"], pairs["other"]]).unique().sort()


def files_to_compare_exactly(pairs: pl.DataFrame, facts: pl.DataFrame) -> pl.Series:
    """Return the files (UInt32) of pairs whose pictures have as many rows and columns, maybe turned, each once."""
    sides = facts.select("file", long=pl.max_horizontal("width", "height"), short=pl.min_horizontal("width", "height"))
    both = pairs.join(sides, on="file").join(sides.rename({"file": "other"}), on="other", suffix="_of_other")
    equal = both.filter(pl.col("long") == pl.col("long_of_other"), pl.col("short") == pl.col("short_of_other"))
    return files_to_look_at(equal)


def confirm(pairs: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs whose looks show the same picture, with `similarity` (-1 to 1)."""
    looks = facts.select("file", "look", "pixels").filter(pl.col("look").bin.size() == SIZE).sort("file")
    there = pairs.join(looks.select("file"), on="file", how="semi").join(
        looks.select(other="file"), on="other", how="semi"
    )
    rows = {name: looks["file"].search_sorted(there[name]).to_numpy() for name in ("file", "other")}
    turns = there["turn"].to_numpy()

    def compare(start: int) -> npt.NDArray[np.float64]:
        some = slice(start, start + _PAIRS_AT_A_TIME)
        return _compare(looks, rows["file"][some], rows["other"][some], turns[some])

    with ThreadPoolExecutor(cores.usable()) as threads:
        parts = list(threads.map(compare, range(0, there.height, _PAIRS_AT_A_TIME)))
    similarity = pl.Series(np.concatenate(parts) if parts else np.zeros(0), dtype=pl.Float64)
    confirmed = there.with_columns(similarity=similarity).filter(pl.col("similarity").is_not_nan())
    return confirmed.unique(["file", "other"], keep="first", maintain_order=True)


def groups(facts: pl.DataFrame, confirmed: pl.DataFrame) -> pl.DataFrame:
    """Return `file`, `same_bytes`, `same_pixels` and `same_picture` of all files.

    Each is the lowest `file` of the group (UInt32), null where the file is alone; a group of pixels holds those of
    bytes, a group of pictures those of pixels. Files of which no picture comes out are alone.
    """
    paired = files_to_look_at(confirmed)
    # Most files are alone, and need no group to be so.
    several = pl.col("sha256").is_duplicated() | pl.col("pixels").is_not_null() | pl.col("file").is_in(paired.implode())
    keys = (
        facts.select("file", "sha256", "pixels", "phash", "dct_signs", "decodes")
        .filter(several)
        .select(
            "file",
            "sha256",
            "pixels",
            print=pl.concat_str("phash", "dct_signs"),
            shows=pl.col("decodes").fill_null(value=False),
        )
    )
    file = pl.col("file")
    keys = keys.with_columns(same_bytes=pl.when("shows").then(file.min().over("sha256")).otherwise(file))
    pixels = pl.coalesce(pl.col("pixels").max().over("same_bytes"), pl.col("same_bytes").cast(pl.String))
    keys = keys.with_columns(pixel_key=pixels).with_columns(same_pixels=file.min().over("pixel_key"))
    keys = keys.with_columns(same_picture=_stars(keys["file"], keys["same_pixels"], keys["print"], confirmed))
    names = ("same_bytes", "same_pixels", "same_picture")
    found = keys.select("file", *(pl.when(pl.len().over(name) > 1).then(pl.col(name)) for name in names))
    return facts.select("file").join(found, on="file", how="left", maintain_order="left")


def _near(pictures: _Prints, distance: int | None, call: Call) -> Callable[[], list[pl.DataFrame]]:
    """Begin to search for the pairs of pictures whose hashes are near."""
    allowed = DISTANCE if distance is None else distance
    prints, equal = _distinct(pictures)
    files, signs = prints.files, prints.signs
    keys = [prints.phashes]
    if distance is None:
        # A coefficient near the median changes its bit in one hash, and one near zero its sign in the other: of a crop,
        # or of a picture that another reader reduced, one of them may be near where the other is not.
        keys.append(_lowest(signs))
    # Hashes below the distance at which pixels are the same are looked at anyway.
    searches = [call(_SEARCH, (hashes, max(allowed, _OF_PIXELS), _MOST_PARTNERS)) for hashes in keys]

    def finish() -> list[pl.DataFrame]:
        found = [equal]
        for search in searches:
            first, second = search()
            close = _distance(signs[first], signs[second]) <= _SIGNS_DISTANCE
            found.append(_pairs(files[first[close]], files[second[close]]))
        return found

    return finish


def _distinct(pictures: _Prints) -> tuple[_Prints, pl.DataFrame]:
    """Return the first picture of each hash, in the order of phash and file, and the pairs of it with the others."""
    order = np.argsort(pictures.phashes, kind="stable")
    sorted_hashes = pictures.phashes[order]
    follows = np.zeros(len(order) + 1, np.bool_)
    follows[1:-1] = sorted_hashes[1:] == sorted_hashes[:-1]
    places = np.flatnonzero(follows[1:] | follows[:-1])
    signs = pictures.signs[order[places]]
    shared = pl.DataFrame({"place": places, "phash": sorted_hashes[places], **{str(n): signs[:, n] for n in range(4)}})
    again = (
        shared.select("place", first=pl.col("place").min().over("phash", *map(str, range(4))))
        .filter(pl.col("place") != pl.col("first"))
        .to_dict()
    )
    first, other = (pictures.files[order[again[name].to_numpy()]] for name in ("first", "place"))
    return pictures.taken(np.delete(order, again["place"].to_numpy())), _pairs(first, other)


def _chained(pictures: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """Return pairs of each picture with the first one that has the same keys."""
    firsts = pictures.select("file", first=pl.col("file").min().over(*keys)).filter(pl.col("file") != pl.col("first"))
    return _pairs(firsts["first"].to_numpy(), firsts["file"].to_numpy())


def _turned(pictures: _Prints, distance: int | None) -> list[pl.DataFrame]:
    """Return the pairs of which one is the other, mirrored or turned."""
    allowed = DISTANCE if distance is None else distance
    files, own = pictures.files, _lowest(pictures.signs)
    found = []
    for turn in range(1, 8):
        variant = _turned_prints(pictures.signs, turn)
        one, other = hamming.search((np.r_[own, _lowest(variant)], allowed, _MOST_PARTNERS))
        across = (one < len(own)) != (other < len(own))
        stored, changed = np.minimum(one, other)[across], np.maximum(one, other)[across] - len(own)
        close = (_distance(pictures.signs[stored], variant[changed]) <= _SIGNS_DISTANCE) & (stored != changed)
        one_file, other_file = files[stored[close]], files[changed[close]]
        turns = np.where(one_file < other_file, turn, _INVERSE.get(turn, turn))
        found.append(_pairs(one_file, other_file, turns))
    return found


def _turned_prints(signs: npt.NDArray[np.uint64], turn: int) -> npt.NDArray[np.uint64]:
    turned = np.empty_like(signs)
    for start in range(0, len(signs), _PICTURES_AT_A_TIME):
        some = signs[start : start + _PICTURES_AT_A_TIME].astype(">u8").view(np.uint8)
        bits = _turned_signs(np.unpackbits(some, axis=1).reshape(-1, 16, 16), turn)
        turned[start : start + len(bits)] = np.packbits(bits.reshape(len(bits), -1), axis=1).view(">u8")
    return turned


def _turned_signs(bits: npt.NDArray[np.uint8], turn: int) -> npt.NDArray[np.uint8]:
    """Return the signs that a picture has when it is transposed (4), then its rows (2) and its columns (1) are mirrored."""
    turned = bits.swapaxes(1, 2).copy() if turn & 4 else bits.copy()
    if turn & 2:
        turned[:, 1::2] ^= 1
    if turn & 1:
        turned[:, :, 1::2] ^= 1
    return turned


def _lowest(signs: npt.NDArray[np.uint64]) -> hamming.Hashes:
    """Return the signs of the 8 × 8 lowest coefficients: the upper left quarter of the 16 × 16 that there are."""
    rows = signs.astype(">u8").view(np.uint8).reshape(-1, 16, 2)
    return np.ascontiguousarray(rows[:, :8, 0]).view(">u8").astype(np.uint64).ravel()


def _compare(
    looks: pl.DataFrame, one: npt.NDArray[np.int64], other: npt.NDArray[np.int64], turn: npt.NDArray[np.uint8]
) -> npt.NDArray[np.float64]:
    """Return how alike the looks of pairs are; NaN where they are not the same picture."""
    first, second = (unpack(looks["look"].gather(rows).to_list()) for rows in (one, other))
    for number in np.unique(turn[turn > 0]).tolist():
        which = turn == number
        for part in second:
            changed = part[which].swapaxes(1, 2) if number & 4 else part[which]
            changed = changed[:, ::-1] if number & 2 else changed
            part[which] = changed[:, :, ::-1] if number & 1 else changed
    return agree(first, second)


def _stars(files: pl.Series, nodes: pl.Series, prints: pl.Series, confirmed: pl.DataFrame) -> pl.Series:
    """Return the group of each file: `nodes`, their groups so far, are joined where one is near the middle one.

    Those whose hashes are equal, too (`prints`), were compared with the first of them only, and are one node.
    """
    group = dict(zip(files.to_list(), nodes.to_list(), strict=True))
    hashes = dict(zip(files.to_list(), prints.to_list(), strict=True))
    pairs = list(confirmed.select("file", "other").iter_rows())
    merged: dict[int, int] = {}
    for one, other in pairs:
        if hashes[one] == hashes[other]:
            low, high = sorted((_root(merged, group[one]), _root(merged, group[other])))
            if low != high:
                merged[high] = low
    partners: dict[int, set[int]] = {}
    for one, other in pairs:
        first, second = _root(merged, group[one]), _root(merged, group[other])
        if first != second:
            partners.setdefault(first, set()).add(second)
            partners.setdefault(second, set()).add(first)
    middle: dict[int, int] = {}
    for node in sorted(partners, key=lambda node: (-len(partners[node]), node)):
        if node not in middle:
            free = [partner for partner in partners[node] if partner not in middle]
            middle |= dict.fromkeys([node, *free], min([node, *free]))
    roots = (_root(merged, node) for node in nodes.to_list())
    return pl.Series([middle.get(root, root) for root in roots], dtype=pl.UInt32)


def _root(merged: dict[int, int], node: int) -> int:
    while node in merged:
        node = merged[node]
    return node


def _pairs(
    one: npt.NDArray[np.generic], other: npt.NDArray[np.generic], turn: int | npt.NDArray[np.integer] = 0
) -> pl.DataFrame:
    turns = np.broadcast_to(np.asarray(turn, np.uint8), len(one))
    table = {"file": np.minimum(one, other), "other": np.maximum(one, other), "turn": turns}
    return pl.DataFrame({name: pl.Series(values, dtype=PAIRS[name]) for name, values in table.items()})


def _prints(facts: pl.DataFrame, rows: pl.Series) -> _Prints:
    files = facts["file"].gather(rows).to_numpy()
    return _Prints(files, _as_numbers(facts["phash"], rows, 1)[:, 0], _as_numbers(facts["dct_signs"], rows, 4))


def _as_numbers(hashes: pl.Series, rows: pl.Series, words: int) -> npt.NDArray[np.uint64]:
    """Return hexadecimal hashes as so many numbers each, the highest first."""
    numbers = np.empty((len(rows), words), np.uint64)
    for start in range(0, len(rows), _PICTURES_AT_A_TIME):
        digits = hashes.gather(rows.slice(start, _PICTURES_AT_A_TIME)).str.join("").item()
        some = np.frombuffer(bytes.fromhex(digits), ">u8").reshape(-1, words)
        numbers[start : start + len(some)] = some
    return numbers


def _distance(one: npt.NDArray[np.uint64], other: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    bits: npt.NDArray[np.uint64] = np.bitwise_count(one ^ other).sum(axis=1, dtype=np.uint64)
    return bits
