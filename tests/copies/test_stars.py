"""Pictures that are the same are grouped around middles, and what is not compared for that changes no group."""

from __future__ import annotations

import random
from collections.abc import Sequence

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanitize.copies import stars
from sanitize.copies.pairs import PAIRS

NOBODY = pl.Series([], dtype=pl.UInt32)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let stars save comparisons however few there are."""
    monkeypatch.setattr(stars, "_FEW", 0)
    monkeypatch.setattr(stars, "_WORTH_SAVING", 0.0)


def paired(places: Sequence[int], *, reach: int) -> list[tuple[int, int]]:
    count = len(places)
    return [(a, b) for a in range(count) for b in range(a + 1, count) if abs(places[a] - places[b]) <= reach]


def table(rows: Sequence[tuple[int, ...]]) -> pl.DataFrame:
    return pl.DataFrame([(*row[:2], *(row[2:] or (0,))) for row in rows], schema=PAIRS, orient="row")


def facts(prints: Sequence[object]) -> pl.DataFrame:
    """Files with these hashes."""
    files = pl.Series(range(len(prints)), dtype=pl.UInt32)
    return pl.DataFrame({"file": files, "phash": "0" * 16, "dct_signs": [str(one) for one in prints]})


class Judge:
    """Compares pictures that stand in places on a line: some pairs it cannot tell, which a second look does."""

    def __init__(self, places: Sequence[int], *, reach: int, seed: int = 0, doubts: float = 0.0) -> None:
        self.places, self.reach = places, reach
        chance = random.Random(seed)
        self.doubted = {pair for pair in paired(places, reach=99) if chance.random() < doubts}
        self.compared: list[tuple[int, int]] = []

    def __call__(self, pairs: pl.DataFrame) -> pl.DataFrame:
        rows = pairs.select("file", "other").rows()
        self.compared += rows
        told = [row not in self.doubted for row in rows]
        values = [1.0 if self.are_same(*row) else -1.0 for row in rows]
        return pairs.with_columns(similarity=pl.Series(values, dtype=pl.Float64)).filter(
            pl.Series(told, dtype=pl.Boolean)
        )

    def are_same(self, one: int, other: int) -> bool:
        return abs(self.places[one] - self.places[other]) <= self.reach

    def groups(self, pairs: pl.DataFrame, prints: Sequence[str]) -> list[int]:
        """The groups that come of some pairs, all of which are compared closely."""
        confirmed = pairs.filter(pl.Series([self.are_same(*row[:2]) for row in pairs.rows()], dtype=pl.Boolean))
        files = pl.Series(range(len(self.places)), dtype=pl.UInt32)
        return stars.group(files, files, pl.Series(prints), confirmed).to_list()


@given(
    places=st.lists(st.integers(0, 40), min_size=2, max_size=30),
    seed=st.integers(0, 1000),
    doubts=st.sampled_from([0.0, 0.2]),
    missed=st.sampled_from([0.0, 0.3]),
    extra=st.sampled_from([0.0, 0.5]),
)
def test_no_group_changes_by_what_is_not_compared(
    places: list[int], seed: int, doubts: float, missed: float, extra: float
) -> None:
    chance = random.Random(seed)
    compare = Judge(places, reach=3, seed=seed, doubts=doubts)
    # Of equal hashes most often only the first is in pairs with others.
    prints = [f"{place}" if chance.random() < 0.3 else f"{place} {number}" for number, place in enumerate(places)]
    first = {text: number for number, text in reversed(list(enumerate(prints)))}
    near = [pair for pair in paired(places, reach=5) if chance.random() >= missed]
    rows = [
        (a, b) for a, b in near if (first[prints[a]] == a and first[prints[b]] in (a, b)) or chance.random() < extra
    ]
    rows += [(first[text], number) for number, text in enumerate(prints) if first[text] != number]
    pairs = table(sorted(set(rows)))
    files = facts(prints)
    judged, spared = stars.judge(pairs, files, NOBODY, compare)
    assert sorted(compare.compared) == sorted(set(compare.compared))
    assert not set(compare.compared) & set(spared.select("file", "other").rows())
    left = pairs.join(spared, on=["file", "other"], how="anti")
    assert compare.groups(left, prints) == compare.groups(pairs, prints)
    assert set(judged.select("file", "other").rows()) == set(compare.compared) - compare.doubted


def test_copies_are_compared_with_the_middle_alone() -> None:
    pairs = table(paired([0] * 20, reach=0))
    compare = Judge([0] * 20, reach=0)
    _judged, spared = stars.judge(pairs, facts(range(20)), NOBODY, compare)
    assert compare.compared == [(0, other) for other in range(1, 20)]
    assert spared.height == 19 * 18 // 2


def test_a_star_from_which_a_pair_leads_is_compared_in_full() -> None:
    places = [0, 0, 0, 0, 2]  # the last one is near all, and the same as some
    pairs = table(paired(places, reach=2))
    for same, compared in ((1, 4 + 3), (2, 4)):
        compare = Judge(places, reach=same)
        stars.judge(pairs, facts(range(5)), NOBODY, compare)
        assert len(compare.compared) == compared
    turned = table([*[(a, b) for a, b in paired(places[:4], reach=0)], (3, 4, 1)])
    compare = Judge(places, reach=0)
    assert stars.judge(turned, facts(range(5)), NOBODY, compare)[1].is_empty()


def crowd(count: int) -> tuple[pl.DataFrame, list[str]]:
    """Pairs of all of so many files, and signs by which those with neighbouring numbers are the closest."""
    rows = [(a, b) for a in range(count) for b in range(a + 1, count)]
    return table(rows), [f"{(1 << number) - 1:x}" for number in range(count)]


def test_of_a_crowd_of_pictures_that_only_resemble_each_other_the_closest_pairs_are_compared() -> None:
    pairs, signs = crowd(100)
    places = [5 * number for number in range(100)]
    compare = Judge(places, reach=1)
    _judged, spared = stars.judge(pairs, facts(signs), NOBODY, compare)
    assert {(number, number + 1) for number in range(99)} <= set(compare.compared)
    assert len(compare.compared) == len(set(compare.compared)) < 1200
    assert spared.height + len(compare.compared) == pairs.height


def test_in_a_crowd_files_that_are_told_in_full_are_compared_with_all() -> None:
    pairs, signs = crowd(100)
    compare = Judge([5 * number for number in range(100)], reach=1)
    stars.judge(pairs, facts(signs), pl.Series([99], dtype=pl.UInt32), compare)
    assert {(number, 99) for number in range(99)} <= set(compare.compared)


def test_a_crowd_of_copies_is_no_crowd_of_strangers() -> None:
    pairs, signs = crowd(100)
    places = [0] * 50 + [1] * 50
    compare = Judge(places, reach=0)
    _judged, spared = stars.judge(pairs, facts(signs), NOBODY, compare)
    left = pairs.join(spared, on=["file", "other"], how="anti")
    assert compare.groups(left, signs) == compare.groups(pairs, signs)


def test_a_pair_that_is_also_turned_stays_in_a_crowd() -> None:
    pairs, signs = crowd(100)
    turned = pl.concat([pairs, table([(0, 99, 3)])])
    _judged, spared = stars.judge(turned, facts(signs), NOBODY, Judge([5 * number for number in range(100)], reach=1))
    assert spared.filter(file=0, other=99).is_empty()
    assert not spared.is_empty()


def test_where_the_first_pairs_cannot_be_told_the_others_are_left_to_a_closer_look() -> None:
    pairs = table(paired([0] * 17, reach=0))
    compare = Judge([0] * 17, reach=0, doubts=1.0)
    judged, spared = stars.judge(pairs, facts(range(17)), NOBODY, compare)
    assert compare.compared == [(0, other) for other in range(1, 17)]
    assert judged.is_empty()
    assert spared.is_empty()


def sparingly(judge: Judge, pairs: Sequence[tuple[int, int]], known: pl.Series = NOBODY) -> pl.DataFrame:
    apart = pl.Series([abs(judge.places[one] - judge.places[other]) for one, other in pairs], dtype=pl.Float64)
    return stars.judge_sparingly(table(pairs).with_columns(apart=apart), known, judge)


@given(st.lists(st.integers(0, 40), min_size=2, max_size=60))
def test_sparingly_no_pair_is_compared_twice_and_what_is_told_is_true(places: list[int]) -> None:
    judge = Judge(places, reach=2)
    told = sparingly(judge, paired(places, reach=10))
    assert len(judge.compared) == len(set(judge.compared)) == told.height
    for one, other, similarity in told.select("file", "other", "similarity").rows():
        assert judge.are_same(one, other) == (similarity > 0)


def test_sparingly_a_crowd_of_strangers_is_compared_with_a_few_each() -> None:
    places = list(range(0, 3000, 10))
    judge = Judge(places, reach=2)
    pairs = paired(places, reach=700)
    sparingly(judge, pairs)
    assert len(pairs) > 60 * len(places)
    assert len(judge.compared) < 16 * len(places)


def test_sparingly_copies_that_hide_in_a_crowd_are_found() -> None:
    places = [place for place in range(0, 1000, 10) for _ in range(1 + (place % 70 == 0))]
    judge = Judge(places, reach=2)
    told = sparingly(judge, paired(places, reach=500))
    assert told.filter(pl.col("similarity") > 0).height == len(places) - 100


def test_sparingly_copies_of_one_picture_are_compared_hardly_more_than_once_each() -> None:
    places = [0] * 500
    judge = Judge(places, reach=2)
    pairs = [(one, other) for one, other in paired(places, reach=0) if other - one <= 64]
    told = sparingly(judge, pairs)
    assert len(judge.compared) < 2 * len(places)
    assert told.filter(pl.col("similarity") > 0)["file"].n_unique() > 1


def test_sparingly_a_known_picture_is_compared_with_all_that_are_the_same_as_others() -> None:
    places = [0] * 30
    judge = Judge(places, reach=2)
    sparingly(judge, paired(places, reach=0), pl.Series([29], dtype=pl.UInt32))
    assert {one for one, other in judge.compared if other == 29} == set(range(29))


@given(st.lists(st.integers(0, 30), min_size=2, max_size=30), st.lists(st.integers(0, 30), min_size=2, max_size=30))
def test_sparingly_what_comes_of_pictures_hangs_on_no_others(places: list[int], others: list[int]) -> None:
    alone, together = Judge(places, reach=2), Judge([*places, *(place + 99 for place in others)], reach=2)
    told = sparingly(alone, paired(places, reach=8))
    among = sparingly(together, paired(together.places, reach=8))
    assert among.filter(pl.col("other") < len(places)).sort("file", "other").equals(told.sort("file", "other"))
