"""A closer look is taken where something hangs on it, and finds copies whichever file the others were compared with before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations

import polars as pl

from sanitize.copies import alike, disputes
from sanitize.copies.pairs import CLOSELY, CONFIRMED, Stakes


class Look:
    """Tells that pictures are the same which show the same, and those of `also`, and which is `grey`; counts what is asked."""

    def __init__(self, shown: str, also: Collection[tuple[int, int]] = (), grey: Collection[int] = ()) -> None:
        self.shown, self.also, self.grey = shown, also, grey
        self.asked: set[tuple[int, int]] = set()

    def __call__(self, pairs: pl.DataFrame) -> pl.DataFrame:
        rows = [(one, other) for one, other in pairs.select("file", "other").iter_rows()]
        self.asked.update(rows)
        told = [self.shown[one] == self.shown[other] or (one, other) in self.also for one, other in rows]
        greyed = [
            int(other in self.grey) if is_same and (one in self.grey) != (other in self.grey) else None
            for is_same, (one, other) in zip(told, rows, strict=True)
        ]
        return pl.DataFrame({"closely": told, "grey": greyed}, schema=CLOSELY)


def settled(prints: str, near: Sequence[tuple[int, int]], look: Look) -> list[int | None]:
    """The groups of files that have these hashes and a label each, of which small looks call some pairs the same."""
    files = range(len(prints))
    numbers = pl.Series(files, dtype=pl.UInt32)
    facts = pl.DataFrame(
        {
            "file": numbers,
            "sha256": [f"{file:064}" for file in files],
            "phash": "0" * 16,
            "dct_signs": [f"{ord(one):064x}" for one in prints],
            "pixels": pl.Series([None] * len(prints), dtype=pl.String),
            "decodes": True,
            "decodes_truncated": True,
        }
    )
    confirmed = pl.DataFrame([(*pair, 0, 0.9) for pair in near], schema=CONFIRMED, orient="row")
    lines = pl.DataFrame({"list": 0, "file": numbers, "label": [str(file) for file in files]})
    groups = alike.groups(facts, confirmed)
    stakes = Stakes(lines, known=0, drops=False)
    candidates = confirmed.select("file", "other", "turn")
    _sure, found = disputes.settle(confirmed, groups, facts, stakes, candidates=lambda: candidates, look=look)
    return found["same_picture"].to_list()


def to_first(count: int) -> list[tuple[int, int]]:
    return [(0, file) for file in range(1, count)]


def test_copies_with_the_hashes_of_a_faded_one_are_found() -> None:
    assert settled("aaa", to_first(3), Look("fcc")) == [None, 1, 1]


def test_a_copy_with_the_hashes_of_a_faded_one_is_found_by_what_that_was_paired_with() -> None:
    assert settled("aab", to_first(3), Look("fcc")) == [None, 1, 1]
    assert settled("baa", [(0, 1), (1, 2)], Look("cfc")) == [0, None, 0]


def test_a_copy_is_found_by_one_that_a_faded_one_is_a_copy_of() -> None:
    assert settled("aaa", to_first(3), Look("fgc", also=[(0, 1), (1, 2)])) == [0, 0, 0]


def test_two_faded_ones_hide_no_copies() -> None:
    assert settled("aabb", [(0, 1), (0, 2), (2, 3)], Look("fcec")) == [None, 1, None, 1]


def test_different_pictures_of_equal_hashes_stay_apart_after_few_looks() -> None:
    look = Look("".join(map(chr, range(100))))
    assert settled("a" * 100, to_first(100), look) == [None] * 100
    assert len(look.asked) < 4 * 100


def test_copies_of_equal_hashes_are_looked_at_once_each() -> None:
    look = Look("c" * 20)
    assert settled("a" * 20, to_first(20), look) == [0] * 20
    assert look.asked == set(to_first(20))


def settled_crowd(count: int, also: Collection[tuple[int, int]], grey: Collection[int]) -> dict[int, int]:
    """The group of each file that has one, of so many near each other, which are too many to be compared each with each."""
    names = "".join(map(chr, range(100, 100 + count)))
    pairs = list(combinations(range(count), 2))
    look = Look(names, also, grey)
    found = settled(names, pairs, look)
    return {file: group for file, group in enumerate(found) if group is not None}


def test_a_grey_picture_of_a_crowd_is_a_copy_of_one_in_colour() -> None:
    assert settled_crowd(20, {(0, 19)}, {19}) == {0: 0, 19: 0}


def test_a_grey_picture_that_may_come_from_one_it_was_not_compared_with_as_well_is_a_copy_of_none() -> None:
    assert settled_crowd(20, {(0, 19), (8, 19)}, {19}) == {}


def test_nearer_grey_pictures_do_not_hide_one_in_colour_that_a_grey_one_may_come_from() -> None:
    grey = {*range(8, 16), 23}
    copies = {(0, file) for file in grey}
    assert 23 in settled_crowd(24, copies, grey)
    assert 23 not in settled_crowd(24, copies | {(16, 23)}, grey)


def test_a_copy_that_is_found_among_what_a_grey_picture_may_come_from_is_kept() -> None:
    assert settled_crowd(20, {(0, 19), (8, 19)}, {8, 19}) == {0: 0, 8: 0, 19: 0}
