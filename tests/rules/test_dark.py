from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw

from corrupt_samples.encode import jpeg, png, webp
from corrupt_samples.pictures import letterboxed, line_art, photo, product
from sanitize.probe.statistics import measure
from tests.batches import batch

if TYPE_CHECKING:
    from tests.conftest import Fired

RULE = "dark"


def dimmed(picture: Image.Image, parts: int) -> Image.Image:
    return picture.point(lambda level: level // parts)


def sky(stars: int, size: int = 3) -> Image.Image:
    """A night sky of 480 × 320 pixels."""
    chance = random.Random("sky")
    night = Image.fromarray((np.mgrid[:320, :480][0] // 20 + 4).astype(np.uint8))
    draw = ImageDraw.Draw(night)
    for _ in range(stars):
        left, top = chance.randrange(480), chance.randrange(320)
        draw.rectangle([(left, top), (left + size - 1, top + size - 1)], fill=chance.randrange(160, 256))
    return night


def editor(lines: int) -> Image.Image:
    """Lines of text on a dark screen of 1920 × 1080 pixels."""
    screen = Image.new("RGB", (1920, 1080), (30, 30, 30))
    for line in range(lines):
        ImageDraw.Draw(screen).text((60, 20 + line * 26), "import the pictures of a folder", fill=(212, 212, 212))
    return screen


def test_finds_what_is_dark_all_over(fired: Fired) -> None:
    files = {
        "a.jpg": jpeg(dimmed(photo("a", 300, 200), 4)),
        "b.png": png(dimmed(photo("b"), 8).convert("L")),
        "c.webp": webp(dimmed(photo("c", 640, 480), 5)),
        "night.jpg": jpeg(sky(0)),
    }
    found = fired(RULE, files)
    assert found.keys() == files.keys()
    assert found["b.png"] == ("warning", "dark: 99.99 % of the pixels are no brighter than 29 of 255")


def test_lights_in_the_dark_are_a_picture(fired: Fired) -> None:
    lamp = dimmed(photo("a", 480, 320), 6)
    ImageDraw.Draw(lamp).ellipse([(200, 40), (224, 64)], fill=(255, 240, 200))
    portrait = Image.new("RGB", (320, 400), (5, 5, 6))
    portrait.paste(photo("b", 90, 110), (110, 80))
    files = {
        "stars.jpg": jpeg(sky(80)),
        "few_stars.jpg": jpeg(sky(12)),
        "editor.png": png(editor(8)),
        "editor.jpg": jpeg(editor(20), quality=80),
        "moon.jpg": jpeg(sky(1, size=24)),
        "lamp.jpg": jpeg(lamp),
        "portrait.png": png(portrait),
        "letterbox.jpg": jpeg(letterboxed("c")),
        "chalk.png": png(line_art("d").point(lambda level: 255 - level)),
        "product.png": png(product("e").point(lambda level: 255 - level)),
        "shade.jpg": jpeg(dimmed(photo("f"), 2)),
        "photo.jpg": jpeg(photo("g")),
    }
    assert fired(RULE, files) == {}


def test_noise_of_a_sensor_and_of_a_jpeg_is_no_light(fired: Fired) -> None:
    chance = np.random.default_rng(0)
    files = {}
    for seed in "abcd":
        night = np.asarray(photo(seed, 480, 320)) * 0.25 + chance.normal(0, 8, (320, 480, 3))
        files[f"{seed}.jpg"] = jpeg(Image.fromarray(np.clip(night, 0, 255).astype(np.uint8)), quality=30)
    assert fired(RULE, files).keys() == files.keys()


def test_thresholds_are_settings_over_kept_numbers(fired: Fired) -> None:
    files = {"a.png": png(dimmed(photo("a"), 4))}
    assert fired(RULE, files, rule_options={RULE: {"brightness": 30}}) == {}
    assert fired(RULE, files, rule_options={RULE: {"light": 30}}) == {}


def test_masks_are_not_judged(fired: Fired) -> None:
    mask = Image.new("L", (96, 96))
    ImageDraw.Draw(mask).ellipse([(20, 20), (70, 70)], fill=2)
    assert fired(RULE, {f"masks/{number}.png": png(mask) for number in range(4)}) == {}


def test_the_reduced_picture_hides_none_that_is_dark_in_detail() -> None:
    pictures = [dimmed(photo(str(seed), *size), parts) for seed in range(4) for size in ((96, 96), (500, 333))
                for parts in (3, 4, 6, 10)]  # fmt: skip
    found = measure(batch([jpeg(picture) for picture in pictures]))
    for picture, brightest in zip(pictures, found["brightest"], strict=True):
        values = np.asarray(picture.convert("L"))
        if np.quantile(values, 0.99) <= 80:
            assert brightest is not None
            assert abs(int(brightest) - float(np.quantile(values, 0.9999))) < 12


def test_light_of_one_colour_is_light(fired: Fired) -> None:
    night = Image.new("RGB", (480, 360))
    files = {"photo.jpg": jpeg(dimmed(photo("a", 480, 360), 6))}
    for number, colour in enumerate(((255, 20, 40), (40, 40, 255), (30, 40, 255))):
        sign = night.copy()
        ImageDraw.Draw(sign).text((120, 120), "OPEN", fill=colour, font_size=90)
        files |= {f"neon{number}.png": png(sign), f"neon{number}.jpg": jpeg(sign)}
    noise = np.random.default_rng(0).normal(0, 1, (360, 480, 3)) * (40, 20, 34)
    dim = np.asarray(dimmed(photo("b", 480, 360), 8))
    files["noisy.png"] = png(Image.fromarray(np.clip(dim + noise, 0, 255).astype(np.uint8)))
    lamp = dimmed(photo("c", 480, 360), 8)
    lamp.paste((0, 0, 200), (100, 100, 106, 106))
    files["lamp.png"] = png(lamp)
    assert fired(RULE, files).keys() == {"photo.jpg", "noisy.png", "lamp.png"}


@pytest.mark.parametrize(("brightness", "light", "fires"), [(80, 127, True), (81, 127, False), (80, 128, False)])
def test_a_level_decides_by_default(brightness: int, light: int, fires: bool, fired: Fired) -> None:
    picture = Image.new("L", (320, 320), brightness)
    picture.paste(light, (100, 100, 110, 110))
    assert bool(fired(RULE, {"a.png": png(picture)})) == fires
