from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw

from corrupt_samples.encode import jpeg, png, webp
from corrupt_samples.pictures import line_art, photo, product, screenshot
from sanitize.probe.statistics import measure
from tests.batches import batch

if TYPE_CHECKING:
    from tests.conftest import Fired

RULE = "bright"


def faded(picture: Image.Image, least: int) -> Image.Image:
    return picture.point(lambda level: least + level * (255 - least) // 255)


def page(words: int) -> Image.Image:
    """A page of 620 × 877 pixels with short lines."""
    paper = Image.new("L", (620, 877), 255)
    for number in range(words):
        left, top = 60 + number * 97 % 480, 60 + number * 41 % 760
        ImageDraw.Draw(paper).rectangle([(left, top), (left + 30, top + 3)], fill=20)
    return paper


def test_finds_what_is_bright_all_over(fired: Fired) -> None:
    files = {
        "a.jpg": jpeg(faded(photo("a", 300, 200), 240)),
        "b.png": png(faded(photo("b"), 240)),
        "c.webp": webp(faded(photo("c", 640, 480), 241)),
    }
    found = fired(RULE, files)
    assert found.keys() == files.keys()
    assert found["b.png"] == ("warning", "bright: 99.99 % of the pixels are at least as bright as 240 of 255")


def test_what_has_dark_parts_is_a_picture(fired: Fired) -> None:
    snow = faded(photo("snow", 480, 320), 205)
    skier = snow.copy()
    ImageDraw.Draw(skier).rectangle([(230, 150), (244, 180)], fill=(30, 20, 60))
    small = Image.new("RGB", (400, 400), "white")
    small.paste(photo("small", 30, 30), (180, 190))
    drawing = Image.new("L", (1500, 1500), 255)
    for end in (100, 700, 1400):
        ImageDraw.Draw(drawing).line([(200, 300), (end, 1300)], fill=0, width=2)
    files = {
        "drawing.png": png(drawing),
        "snow.jpg": jpeg(snow),
        "skier.jpg": jpeg(skier),
        "fog.jpg": jpeg(faded(photo("fog"), 180)),
        "small.jpg": jpeg(small),
        "page.png": png(page(12)),
        "line_art.png": png(line_art("a")),
        "product.jpg": jpeg(product("b")),
        "screenshot.png": png(screenshot("c")),
        "photo.jpg": jpeg(photo("d")),
    }
    assert fired(RULE, files) == {}


def test_thresholds_are_settings_over_kept_numbers(fired: Fired) -> None:
    files = {"a.png": png(faded(photo("a"), 239))}
    assert fired(RULE, files, rule_options={RULE: {"brightness": 254}}) == {}
    assert fired(RULE, files, rule_options={RULE: {"shade": 254}}) == {}


def test_the_reduced_picture_hides_none_that_is_bright_in_detail() -> None:
    pictures = [faded(photo(str(seed), *size), least) for seed in range(4) for size in ((96, 96), (500, 333))
                for least in (220, 230, 240)]  # fmt: skip
    found = measure(batch([jpeg(picture, quality=90) for picture in pictures]))
    for picture, darkest in zip(pictures, found["darkest"], strict=True):
        values = np.asarray(picture.convert("L"))
        if np.quantile(values, 0.05) >= 242:
            assert darkest is not None
            assert abs(int(darkest) - float(np.quantile(values, 0.0001))) < 6


@pytest.mark.parametrize(("brightness", "shade", "fires"), [(242, 128, True), (241, 128, False), (242, 127, False)])
def test_a_level_decides_by_default(brightness: int, shade: int, fires: bool, fired: Fired) -> None:
    picture = Image.new("L", (320, 320), brightness)
    picture.paste(shade, (100, 100, 110, 110))
    assert bool(fired(RULE, {"a.png": png(picture)})) == fires
