"""All pairs of near hashes are found, whatever the hashes."""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanitize.copies import hamming

Hashes = npt.NDArray[np.uint64]


def brute_force(hashes: Hashes, distance: int) -> list[tuple[int, int]]:
    near = np.bitwise_count(hashes[:, None] ^ hashes) <= distance
    return [(int(first), int(second)) for first, second in np.argwhere(near) if first < second]


def found(hashes: Hashes, distance: int, *, most: int | None = None) -> list[tuple[int, int]]:
    first, second = hamming.pairs(hashes, distance, most=most)
    return list(zip(first.tolist(), second.tolist(), strict=True))


def clustered(seed: int, count: int, *, clusters: int, flips: int) -> Hashes:
    """Return about `count` hashes, each of which has up to `flips` bits other than one of a few."""
    chance = np.random.default_rng(seed)
    hashes = chance.integers(0, 1 << 64, clusters, np.uint64)[chance.integers(0, clusters, count)]
    for flip in range(flips):
        bits = np.uint64(1) << chance.integers(0, 64, count, np.uint64)
        hashes = np.where(chance.integers(0, flips + 1, count) > flip, hashes ^ bits, hashes)
    return np.unique(hashes)


@pytest.fixture
def tables_for_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hamming, "_FEW", 4)


@pytest.mark.parametrize("few", [4, 3_000])
@pytest.mark.parametrize("long", [1, 3, 256])
def test_finds_what_comparing_all_finds(few: int, long: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hamming, "_FEW", few)
    monkeypatch.setattr(hamming, "_LONG", long)
    monkeypatch.setattr(hamming, "_BLOCK", 64)

    @settings(max_examples=40, database=None)
    @given(
        seed=st.integers(0, 1 << 32),
        count=st.integers(0, 120),
        clusters=st.integers(1, 40),
        flips=st.integers(0, 16),
        distance=st.integers(0, 12),
    )
    def check(seed: int, count: int, clusters: int, flips: int, distance: int) -> None:
        hashes = clustered(seed, count, clusters=clusters, flips=flips)
        assert found(hashes, distance) == brute_force(hashes, distance)

    check()


@settings(max_examples=50, database=None)
@given(values=st.sets(st.integers(0, (1 << 64) - 1), max_size=30), distance=st.integers(0, 64))
def test_any_few_hashes_at_any_distance(values: set[int], distance: int) -> None:
    hashes = np.array(sorted(values), np.uint64)
    assert found(hashes, distance) == brute_force(hashes, distance)


@pytest.mark.parametrize("distance", [0, 1, 4, 8, 10, 12])
def test_tables_find_all_pairs_of_thousands(distance: int) -> None:
    hashes = clustered(distance, 6_000, clusters=900, flips=14)
    assert len(hashes) > hamming._FEW
    assert found(hashes, distance) == brute_force(hashes, distance)


def test_bits_that_are_nearly_always_the_same_hide_no_pair(tables_for_few: None) -> None:
    chance = np.random.default_rng(3)
    bits = chance.random((2_000, 64)) < chance.choice([0.02, 0.5, 0.98], 64)
    hashes = np.unique(np.packbits(bits, axis=1).view(">u8").astype(np.uint64))
    assert found(hashes, 8) == brute_force(hashes, 8)


@pytest.mark.parametrize("distance", [31, 32, 64])
def test_large_distances(distance: int) -> None:
    hashes = clustered(1, 300, clusters=300, flips=0)
    assert found(hashes, distance) == brute_force(hashes, distance)


@pytest.mark.parametrize("few", [4, 3_000])
@pytest.mark.parametrize("long", [1, 256])
def test_a_hash_has_a_few_partners_before_it_where_so_many_are_enough(
    few: int, long: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hamming, "_FEW", few)
    monkeypatch.setattr(hamming, "_LONG", long)
    monkeypatch.setattr(hamming, "_BLOCK", 512)
    hashes = clustered(7, 500, clusters=3, flips=3)
    every, some = brute_force(hashes, 6), found(hashes, 6, most=5)
    assert set(some) <= set(every)
    assert len(set(some)) == len(some)
    before, kept = Counter(second for _, second in every), Counter(second for _, second in some)
    # Whoever has partners keeps as many of them as there are, up to five.
    assert kept == {second: min(count, 5) for second, count in before.items()}


@pytest.mark.parametrize("hashes", [[2, 1], [1, 1]])
def test_refuses_hashes_in_another_order(hashes: list[int]) -> None:
    with pytest.raises(ValueError, match="ascending and distinct"):
        hamming.pairs(np.array(hashes, np.uint64), 4)


@pytest.mark.parametrize("count", [0, 1])
def test_none_and_one_are_no_pair(count: int) -> None:
    assert found(np.zeros(count, np.uint64), 8) == []


def test_a_place_has_a_few_partners_before_it_though_many_hashes_are_equal() -> None:
    hashes = np.repeat(np.arange(64, dtype=np.uint64), 30)
    np.random.default_rng(0).shuffle(hashes)
    one, other = hamming.search(hashes, 6, most=8)
    assert len(one) == len(set(zip(one.tolist(), other.tolist(), strict=True)))
    partners = Counter(one.tolist()) + Counter(other.tolist())
    # Those of other hashes and those of the same, each before a place and behind it.
    assert sum(partners.values()) // 2 <= len(hashes) * 2 * 8
    assert len({int(hashes[place]) for place in other}) == 64


@given(values=st.lists(st.integers(0, 40), max_size=40), distance=st.integers(0, 6))
def test_of_hashes_some_of_which_are_equal_all_near_places_are_found_where_there_is_room(
    values: list[int], distance: int
) -> None:
    hashes = np.array(values, np.uint64)
    one, other = hamming.search(hashes, distance, most=1000)
    found = {frozenset(pair) for pair in zip(one.tolist(), other.tolist(), strict=True)}
    assert len(found) == len(one)
    assert found == {
        frozenset((a, b))
        for a in range(len(values))
        for b in range(a)
        if (values[a] ^ values[b]).bit_count() <= distance
    }
