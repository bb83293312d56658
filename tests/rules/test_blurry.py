from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from corrupt_samples.encode import exif, jpeg, png, webp
from corrupt_samples.pictures import gradient, letterboxed, line_art, photo, product, screenshot

if TYPE_CHECKING:
    from tests.conftest import Fired

RULE = "blurry"


def blurred(picture: Image.Image, radius: float) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(radius))


def test_finds_what_is_out_of_focus_or_enlarged(fired: Fired) -> None:
    thumbnail = photo("d").resize((14, 14), Image.Resampling.BOX)
    files = {
        "a.jpg": jpeg(blurred(photo("a", 400, 300), 12)),
        "b.png": png(blurred(photo("b", 200, 300), 8)),
        "c.webp": webp(blurred(photo("c"), 4)),
        "d.jpg": jpeg(thumbnail.resize((400, 400), Image.Resampling.BICUBIC)),
        "turned.jpg": jpeg(blurred(photo("e", 400, 300), 12), exif=exif(6)),
    }
    found = fired(RULE, files)
    assert found.keys() == files.keys()
    assert found["b.png"] == (
        "warning",
        "blurry: even in the reduced picture no step is steeper than 24 levels of a climb of 83",
    )


@pytest.mark.parametrize("height", [250, 640, 1200, 2000])
def test_a_large_picture_is_judged_as_a_small_one(height: int, fired: Fired) -> None:
    files = {}
    for seed in "abe":
        soft = blurred(photo(seed, height * 4 // 3, height), height * 0.03)
        files |= {f"{seed}.jpg": jpeg(soft), f"{seed}.png": png(soft, compress_level=1)}
    files["sharp.jpg"] = jpeg(photo("a", height * 4 // 3, height))
    assert fired(RULE, files).keys() == files.keys() - {"sharp.jpg"}


@pytest.mark.parametrize("share", [0.03, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15])
def test_the_stronger_a_blur_the_surer_it_is_found(share: float, fired: Fired) -> None:
    files = {f"{seed}.jpg": jpeg(blurred(photo(f"{seed}", 400, 300), 300 * share)) for seed in range(20)}
    sharp = {f"sharp {seed}.jpg": jpeg(photo(f"{seed}", 400, 300)) for seed in range(20)}
    found = fired(RULE, files | sharp)
    assert found.keys() <= files.keys()
    assert len(found) >= 16


def test_one_sharp_thing_is_enough(fired: Fired) -> None:
    soft = blurred(photo("a", 400, 300), 14)
    subject, captioned = soft.copy(), soft.copy()
    subject.paste(photo("b", 60, 80), (170, 120))
    ImageDraw.Draw(captioned).rectangle([(20, 270), (160, 290)], fill="white")
    horizon = gradient("c", 400, 300)
    horizon.paste((20, 30, 20), (0, 260, 400, 300))
    files = {
        "subject.jpg": jpeg(subject),
        "captioned.jpg": jpeg(captioned),
        "horizon.jpg": jpeg(horizon),
        "letterbox.jpg": jpeg(letterboxed("d")),
        "soft_letterbox.jpg": jpeg(Image.composite(soft, Image.new("RGB", soft.size), _middle(soft.size))),
    }
    assert fired(RULE, files) == {}


def _middle(size: tuple[int, int]) -> Image.Image:
    mask = Image.new("1", size)
    mask.paste(1, (0, size[1] // 5, size[0], size[1] * 4 // 5))
    return mask


def test_ordinary_pictures_are_sharp_enough(fired: Fired) -> None:
    rows = np.mgrid[:300, :400][0]
    files = {
        "photo.jpg": jpeg(photo("a", 500, 375)),
        "slightly.jpg": jpeg(blurred(photo("b", 500, 375), 2)),
        "face.jpg": jpeg(photo("c", 192, 192).convert("L").resize((48, 48)), quality=60),
        "cifar.png": png(photo("d", 128, 128).resize((32, 32))),
        "sky.jpg": jpeg(gradient("e")),
        "dusk.jpg": jpeg(Image.fromarray((rows * 220 // 300).astype(np.uint8))),
        "snow.jpg": jpeg(photo("f", 480, 320).point(lambda level: 205 + level // 6)),
        "night.jpg": jpeg(photo("g", 480, 320).point(lambda level: level // 6)),
        "product.jpg": jpeg(product("h")),
        "line_art.png": png(line_art("i")),
        "screenshot.webp": webp(screenshot("j")),
        "banner.jpg": jpeg(photo("k", 600, 100)),
        "strip.jpg": jpeg(blurred(photo("l", 200, 100).resize((200, 12)), 3)),
        "plain.png": png(Image.new("RGB", (64, 64), (40, 90, 20))),
    }
    assert fired(RULE, files) == {}


def test_skies_are_smooth_and_not_blurred(fired: Fired) -> None:
    files = {f"{seed}.jpg": jpeg(gradient(str(seed), 320, 240)) for seed in range(60)}
    assert fired(RULE, files) == {}


def test_light_that_only_falls_off_is_smooth_and_not_blurred(fired: Fired) -> None:
    down, across = np.mgrid[:240, :320] / 240
    chance = np.random.default_rng(0)
    files = {}
    for seed in range(40):
        row, column, width = chance.uniform(0, 1), chance.uniform(0, 4 / 3), chance.uniform(0.3, 0.8)
        away = np.hypot(down - row, across - column)
        sky = 60 + 90 * np.exp(-down / width) + 30 * across
        lights = {
            "dusk": sky,
            "sun": sky * (1 - 0.4 * away**2) + 120 * np.exp(-((away / width) ** 2)),
            "lamp": 20 + 230 / (1 + (away / width) ** 2),
            "fog": 90 + 120 / (1 + np.exp((down - row) / 0.3)),
        }
        for name, light in lights.items():
            files[f"{name} {seed}.jpg"] = jpeg(Image.fromarray(np.clip(light, 0, 255).astype(np.uint8)))
    assert fired(RULE, files) == {}


def test_thresholds_are_settings(fired: Fired) -> None:
    files = {"a.jpg": jpeg(blurred(photo("a", 400, 300), 10))}
    assert set(fired(RULE, files)) == {"a.jpg"}
    assert fired(RULE, files, rule_options={RULE: {"sharpness": 0.2}}) == {}
    assert fired(RULE, files, rule_options={RULE: {"min-climb": 200}}) == {}


def test_a_strongly_blurred_picture_climbs_slowly_and_far(fired: Fired) -> None:
    files = {f"{seed}.jpg": jpeg(blurred(photo(f"{seed}", 400, 300), 70)) for seed in (0, 10)}
    sharp = {"sharp.jpg": jpeg(photo("a", 400, 300))}
    assert fired(RULE, files | sharp).keys() == files.keys()
    assert fired(RULE, files | sharp, rule_options={RULE: {"min-climb": 60}}) == {}


@pytest.mark.parametrize("side", [128, 160, 224, 240, 256, 384, 480, 500, 512])
def test_a_thumbnail_of_16_pixels_is_told_at_any_size_and_in_any_format(side: int, fired: Fired) -> None:
    files = {}
    for seed in "abcd":
        scene = photo(seed, 640, 480)
        large = scene.resize((21, 16), Image.Resampling.LANCZOS).resize((side * 4 // 3, side), Image.Resampling.BICUBIC)
        files |= {f"{seed}.jpg": jpeg(large, quality=90), f"{seed}.png": png(large, compress_level=1)}
    sharp = {f"sharp {seed}.png": png(photo(seed, side * 4 // 3, side), compress_level=1) for seed in "abcd"}
    assert fired(RULE, files | sharp).keys() == files.keys()


@pytest.mark.parametrize("size", [(300, 200), (96, 96), (40, 400)])
def test_the_cheap_step_hides_no_picture_that_climbs_slowly(size: tuple[int, int], fired: Fired) -> None:
    shorter = min(size)
    files = {
        f"{seed}.png": png(blurred(photo(f"{seed}", *size), share * shorter))
        for seed in range(6)
        for share in (0.03, 0.05)
    }
    assert fired(RULE, files).keys() == files.keys()
