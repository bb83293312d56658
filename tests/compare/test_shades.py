"""Shades, the grey levels that come with probing, tell what is a copy and what is not, and leave the rest to looks."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import letterboxed, photo
from sanitize.compare.agreement import ANOTHER
from tests.compare.copies import COPIES, KINDS, Alike, alike_in_shades, brighter, looks_alike, written


@pytest.fixture
def alike(tmp_path: Path) -> Alike:
    return looks_alike(tmp_path)


SHADES_STAY = ("quality 40", "WebP", "GIF", "grey", "half", "double")


@pytest.mark.parametrize("kind", [photo, letterboxed])
@pytest.mark.parametrize("copy", SHADES_STAY)
def test_copies_have_the_same_shades(kind: Callable[[str, int, int], Image.Image], copy: str) -> None:
    picture = kind("a", 400, 336)
    assert alike_in_shades(jpeg(picture), COPIES[copy](picture)) > 0.975


@pytest.mark.parametrize("kind", [photo, letterboxed])
def test_crops_by_two_percent_have_the_same_shades(kind: Callable[[str, int, int], Image.Image]) -> None:
    picture = kind("crop", 400, 300)
    assert alike_in_shades(jpeg(picture), jpeg(picture.crop((8, 6, 392, 294)))) > 0.975


@pytest.mark.parametrize("edge", [0.032, 0.04])
@pytest.mark.parametrize("kind", [photo, letterboxed])
def test_shades_tell_a_part_of_a_picture_from_a_copy(
    alike: Alike, kind: Callable[[str, int, int], Image.Image], edge: float
) -> None:
    picture = kind("crop", 800, 600)
    across, down = round(edge * 800), round(edge * 600)
    whole, part = jpeg(picture), jpeg(picture.crop((across, down, 800 - across, 600 - down)))
    assert math.isnan(alike(whole, part))
    assert math.isnan(alike(part, whole))
    assert (alike_in_shades(whole, part), alike_in_shades(part, whole)) == (ANOTHER, ANOTHER)


@pytest.mark.parametrize("edges", [(1, 1, 1, 1), (2, 0, 0, 0), (2, 2, 0, 0)])
def test_shades_take_no_small_picture_that_is_cropped_like_a_copy_for_another(edges: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = edges
    for number in range(10):
        picture = photo(f"{number}", 100, 75)
        found = alike_in_shades(jpeg(picture), jpeg(picture.crop((left, top, 100 - right, 75 - bottom))))
        assert math.isnan(found) or found > 0.97


def shifted(picture: Image.Image, hue: int) -> Image.Image:
    hues, saturation, value = picture.convert("HSV").split()
    return Image.merge("HSV", (hues.point(lambda one: (one + hue) % 256), saturation, value)).convert("RGB")


@pytest.mark.parametrize("hue", [13, 26, 64, 128])
@pytest.mark.parametrize("kind", KINDS)
def test_shades_do_not_hide_that_a_second_look_finds_other_colours(
    alike: Alike, kind: Callable[[str, int, int], Image.Image], hue: int
) -> None:
    for number in range(3):
        picture = kind(f"{number}", 400, 300)
        one, other = jpeg(picture), jpeg(shifted(picture, hue))
        told, found = alike_in_shades(one, other), alike(one, other)
        assert math.isnan(told) or (told == ANOTHER) == math.isnan(found)


@pytest.mark.parametrize("order", [(2, 1, 0), (1, 0, 2), (0, 2, 1), (1, 2, 0)])
def test_pictures_with_swapped_channels_are_not_confirmed_by_shades(order: tuple[int, int, int]) -> None:
    for number in range(4):
        picture = photo(f"{number}", 400, 300)
        channels = picture.split()
        swapped = Image.merge("RGB", [channels[channel] for channel in order])
        assert not alike_in_shades(jpeg(picture), jpeg(swapped)) > 0


@pytest.mark.parametrize("change", ["brighter", "darker"])
def test_pictures_of_another_brightness_are_left_open_by_shades(change: str) -> None:
    picture = photo("a", 400, 300)
    assert math.isnan(alike_in_shades(jpeg(picture), COPIES[change](picture)))


@pytest.mark.parametrize("kind", KINDS)
def test_different_pictures_of_one_kind_are_not_confirmed_by_shades(kind: Callable[[str], Image.Image]) -> None:
    pictures = [jpeg(kind(f"{number}")) for number in range(6)]
    assert not any(alike_in_shades(one, other) > 0 for one, other in itertools.permutations(pictures, 2))


@pytest.mark.parametrize("change", ["brighter", "brighter and cropped", "darker"])
def test_shades_refuse_no_brighter_copy_that_a_second_look_finds(alike: Alike, change: str) -> None:
    found = 0
    for seed in range(12):
        picture = photo(f"{seed}", 400, 300)
        changed = {
            "brighter": brighter(picture),
            "brighter and cropped": brighter(picture.crop((8, 6, 400, 300))),
            "darker": picture.point(lambda value: value * 4 // 5),
        }[change]
        if alike(jpeg(picture), jpeg(changed)) > 0:
            assert math.isnan(alike_in_shades(jpeg(picture), jpeg(changed)))
            found += 1
    assert found > 3


def test_shades_that_match_nowhere_need_no_second_look() -> None:
    pictures = [jpeg(photo(f"{seed}", 400, 300)) for seed in range(12)]
    assert {alike_in_shades(one, other) for one, other in itertools.pairwise(pictures)} == {ANOTHER}
    mixed = [Image.blend(photo("a", 400, 300), photo(other, 400, 300), 0.35) for other in "bcdefg"]
    assert {alike_in_shades(jpeg(one), jpeg(other)) for one, other in itertools.pairwise(mixed)} == {ANOTHER}


def test_lines_of_text_are_left_to_a_second_look() -> None:
    for seed in range(8):
        page = written(seed)
        assert alike_in_shades(jpeg(page), jpeg(page.crop((10, 13, 480, 640)))) != ANOTHER


@pytest.mark.parametrize("contrast", [1, 4, 8])
def test_shades_of_little_contrast_say_nothing(contrast: int) -> None:
    picture = photo("a", 400, 300).point(lambda value: 100 + value * contrast // 128)
    assert math.isnan(alike_in_shades(jpeg(picture), jpeg(picture, quality=95)))


def test_a_crop_of_a_place_with_a_thing_in_it_is_told_by_shades() -> None:
    for number in range(4):
        empty, box = photo(f"{number}", 400, 300), (150, 120, 168, 138)
        with_it = empty.copy()
        with_it.paste(empty.crop(box).point(lambda value: min(255, value + 60)), box)
        crop = jpeg(with_it.crop((6, 4, 394, 296)))
        assert alike_in_shades(jpeg(empty), crop) == ANOTHER
        assert alike_in_shades(jpeg(with_it), crop) > 0.97
