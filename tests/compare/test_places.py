"""Pictures that agree on the whole and show other things in some place do not agree; copies do in every place."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from corrupt_samples.encode import jpeg, png
from corrupt_samples.pictures import night_sky, photo, shirt
from sanitize.compare.resemblance import similarities
from tests.compare.copies import COPIES, Alike, look_at, looks_alike, shorter_sides


@pytest.fixture
def alike(tmp_path: Path) -> Alike:
    return looks_alike(tmp_path)


def share_that_agrees(pictures: list[Image.Image], folder: Path) -> float:
    files = [jpeg(picture) for picture in pictures]
    looks = [look_at(data, folder) for data in files]
    one, other = zip(*itertools.combinations(range(len(looks)), 2), strict=True)
    told = similarities((looks, shorter_sides(files).tolist(), one, other, [0] * len(one)))
    return sum(not math.isnan(value) for value in told) / len(told)


def test_shirts_with_other_designs_do_not_agree(tmp_path: Path) -> None:
    photographs = [shirt(photo(f"{number}", 48, 48)) for number in range(20)]
    plain = [shirt(Image.new("RGB", (48, 48), (level, level, level))) for level in range(20, 240, 20)]
    assert share_that_agrees(photographs + plain, tmp_path) == 0


def test_skies_with_the_same_moon_and_other_stars_do_not_agree(tmp_path: Path) -> None:
    assert share_that_agrees([night_sky(f"{seed}") for seed in range(40)], tmp_path) == 0


@pytest.mark.parametrize("copy", COPIES)
def test_copies_of_both_agree(alike: Alike, copy: str) -> None:
    for picture in (shirt(photo("a", 48, 48)), night_sky("0")):
        assert alike(png(picture), COPIES[copy](picture)) > 0.975


CUT_OFF: dict[str, Callable[[int], int]] = {
    "darker": lambda level: max(0, level - 20),
    "much darker": lambda level: max(0, level - 30),
    "lighter": lambda level: min(255, level + 30),
}


@pytest.mark.parametrize("way", CUT_OFF)
def test_copies_of_which_black_or_white_is_cut_off_agree(alike: Alike, way: str) -> None:
    for number in range(4):
        picture = photo(f"{number}", 300, 225)
        ImageDraw.Draw(picture).rectangle((20, 150, 130, 215), fill=(8, 8, 8))
        assert alike(jpeg(picture), jpeg(picture.point([CUT_OFF[way](level) for level in range(256)] * 3))) > 0.97
