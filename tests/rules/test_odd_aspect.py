from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

from corrupt_samples.encode import exif, jpeg, png
from corrupt_samples.pictures import letterboxed, photo, product

if TYPE_CHECKING:
    from tests.conftest import Fired

RULE = "odd-aspect"


def test_finds_strips(fired: Fired) -> None:
    files = {
        "banner.jpg": jpeg(photo("a", 320, 40)),
        "border.png": png(photo("b", 20, 90)),
        "turned.jpg": jpeg(photo("c", 200, 50), exif=exif(6)),
        "photo.jpg": jpeg(photo("d")),
    }
    assert fired(RULE, files) == {
        "banner.jpg": ("warning", "320 × 40 pixels: 8.0 times as long as it is high"),
        "border.png": ("warning", "20 × 90 pixels: 4.5 times as long as it is wide"),
        "turned.jpg": ("warning", "200 × 50 pixels: 4.0 times as long as it is high"),
    }


def test_panoramas_films_and_tall_screens_are_usual(fired: Fired) -> None:
    files = {
        "panorama.jpg": jpeg(photo("a", 300, 100)),
        "film.jpg": jpeg(photo("b", 239, 100)),
        "letterbox.png": png(letterboxed("c")),
        "phone.png": png(product("d", 90, 200)),
        "square.jpg": jpeg(photo("e")),
    }
    assert fired(RULE, files) == {}


def test_where_many_are_long_it_is_what_they_are_like(fired: Fired) -> None:
    lines = {f"line{number}.png": png(product("a", 60, 60).resize((100 + number, 16))) for number in range(8)}
    photos = {f"photo{number}.png": png(product("b", 60, 60)) for number in range(30)}
    assert fired(RULE, lines | photos) == {}


def test_a_tenth_that_are_banners_are_odd(fired: Fired) -> None:
    banners = {f"banner{number}.png": png(product("a", 60, 60).resize((100 + number, 16))) for number in range(3)}
    photos = {f"photo{number}.png": png(product("b", 60, 60)) for number in range(27)}
    assert set(fired(RULE, banners | photos)) == set(banners)


def test_one_among_many_is_odd(fired: Fired) -> None:
    photos = {f"photo{number}.png": png(product("b", 60, 60)) for number in range(30)}
    assert set(fired(RULE, photos | {"line.png": png(photo("a", 160, 32))})) == {"line.png"}


def test_the_ratio_is_a_setting(fired: Fired) -> None:
    files = {"a.jpg": jpeg(photo("a", 200, 100)), "cut.jpg": jpeg(photo("b", 400, 40))[:2000]}
    assert fired(RULE, files) == {}
    assert set(fired(RULE, files, rule_options={RULE: {"ratio": 1.5}})) == {"a.jpg"}


@pytest.mark.parametrize(("long", "of", "fires"), [(4, 20, True), (5, 20, False), (5, 19, True)])
def test_more_than_a_fifth_of_twenty_are_usual(long: int, of: int, fires: bool, fired: Fired) -> None:
    files = {f"{number}.png": png(Image.new("L", (91 if number < long else 90, 30))) for number in range(of)}
    assert len(fired(RULE, files)) == fires * long
