from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from corrupt_samples.encode import jpeg, png
from corrupt_samples.pictures import photo, product

if TYPE_CHECKING:
    from tests.conftest import Fired

RULE = "odd-size"


def files_of(sizes: list[tuple[int, int]]) -> dict[str, bytes]:
    made = {size: png(product("a", 96, 96).resize(size)) for size in set(sizes)}
    return {f"{number:03}.png": made[size] for number, size in enumerate(sizes)}


def test_finds_thumbnails_and_giants_among_the_others(fired: Fired) -> None:
    sizes = [(90 + 3 * number, 120) for number in range(98)] + [(16, 12), (2400, 1000)]
    assert fired(RULE, files_of(sizes)) == {
        "098.png": ("warning", "16 × 12 pixels; the median picture is 12.1 times as large"),
        "099.png": ("warning", "2400 × 1000 pixels, 9.2 times as large as the median picture"),
    }


def test_finds_a_tenth_that_are_thumbnails(fired: Fired) -> None:
    sizes = [(180 + 3 * number, 240) for number in range(54)] + [(20, 15)] * 6
    assert set(fired(RULE, files_of(sizes))) == {f"{number:03}.png" for number in range(54, 60)}


def test_finds_the_one_that_batches_cannot_be_stacked_with(fired: Fired) -> None:
    turned = [(64, 48)] * 60 + [(48, 64)] * 59
    found = fired(RULE, files_of([*turned, (64, 50)]))
    assert found == {"119.png": ("warning", "64 × 50 pixels, where 119 of 120 pictures have 64 × 48")}


_CHANCE = random.Random("sizes")


@pytest.mark.parametrize(
    "sizes",
    [
        [(64, 48)] * 60,
        [(64, 48)] * 30 + [(640, 480)] * 30,
        [(64, 48)] * 80 + [(640, 480)] * 20,
        [(64, 48)] * 120 + [(48, 64)] * 3,
        [(64, 48)] * 19 + [(640, 480)],
        [(round(24 * 2 ** _CHANCE.uniform(0, 5)), round(24 * 2 ** _CHANCE.uniform(0, 5))) for _ in range(80)],
        [(100, 75)] * 40 + [(75, 100)] * 20 + [(100, 67)] * 20 + [(60, 60), (256, 205), (130, 98), (50, 38)],
    ],
    ids=["one size", "two sizes", "few of another", "turned", "too few", "wide spread", "as crawled"],
)
def test_an_honest_set_has_no_odd_size(fired: Fired, sizes: list[tuple[int, int]]) -> None:
    assert fired(RULE, files_of(sizes)) == {}


def test_what_does_not_decode_is_not_counted(fired: Fired) -> None:
    files = files_of([(64, 48)] * 120) | {"cut.jpg": jpeg(photo("a", 900, 900))[:4000], "page.jpg": b"<html></html>"}
    assert fired(RULE, files) == {}


def test_thresholds_are_settings(fired: Fired) -> None:
    files = files_of([(64, 48)] * 40 + [(192, 144)])
    assert fired(RULE, files) == {}
    options = {"factor": 2.0, "share": 0.1}
    assert set(fired(RULE, files, rule_options={RULE: options})) == {"040.png"}
    assert fired(RULE, files, rule_options={RULE: {**options, "least": 50}}) == {}


@pytest.mark.parametrize("odd", [(6, 5), (600, 400)])
@pytest.mark.parametrize(("count", "fires"), [(9, True), (10, False)])
def test_more_than_three_twentieths_are_a_kind_of_their_own(
    odd: tuple[int, int], count: int, fires: bool, fired: Fired
) -> None:
    found = fired(RULE, files_of([(60 + number, 60) for number in range(60 - count)] + [odd] * count))
    assert set(found) == ({f"{number:03}.png" for number in range(60 - count, 60)} if fires else set())


@pytest.mark.parametrize(
    ("size", "fires"), [((10, 10), False), ((10, 9), True), ((250, 250), False), ((250, 251), True)]
)
def test_a_factor_of_five_is_not_odd_yet(size: tuple[int, int], fires: bool, fired: Fired) -> None:
    assert bool(fired(RULE, files_of([(50, 50)] * 40 + [size]))) == fires


@pytest.mark.parametrize(("size", "fires"), [((512, 512), False), ((512, 513), True)])
def test_three_times_the_distance_of_the_quartiles_is_not_odd_yet(
    size: tuple[int, int], fires: bool, fired: Fired
) -> None:
    assert bool(fired(RULE, files_of([(32, 32)] * 20 + [(64, 64)] * 20 + [size]))) == fires


@pytest.mark.parametrize(("usual", "others", "fires"), [(99, 1, True), (98, 2, False), (98, 1, False)])
def test_ninety_nine_of_a_hundred_make_any_other_odd(usual: int, others: int, fires: bool, fired: Fired) -> None:
    assert bool(fired(RULE, files_of([(64, 48)] * usual + [(64, 50)] * others))) == fires


@pytest.mark.parametrize(("usual", "fires"), [(29, True), (28, False)])
def test_thirty_pictures_are_enough(usual: int, fires: bool, fired: Fired) -> None:
    assert bool(fired(RULE, files_of([(64, 48)] * usual + [(6, 5)]))) == fires
