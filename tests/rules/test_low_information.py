from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw

from corrupt_samples.encode import jpeg, png, webp
from corrupt_samples.pictures import gradient, letterboxed, line_art, photo, product, screenshot
from tests.rules.test_bright import page
from tests.rules.test_dark import sky

if TYPE_CHECKING:
    from tests.conftest import Fired

RULE = "low-information"


def noisy(level: int, span: int, width: int = 200, height: int = 150) -> Image.Image:
    values = random.Random(level).randbytes(width * height)
    return Image.frombytes("L", (width, height), bytes(level + value % span for value in values))


def noise(spread: float, width: int, height: int) -> Image.Image:
    levels = np.random.default_rng(0).normal(128, spread, (height, width))
    return Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8))


def test_noise_is_judged_at_one_scale_however_flat_it_is_once_it_is_reduced(fired: Fired) -> None:
    files = {f"{spread}.jpg": jpeg(noise(spread, 800, 600), quality=90) for spread in (3, 7, 8, 12)}
    assert fired(RULE, files).keys() == files.keys()


def marked(side: int) -> Image.Image:
    """A white card of 320 × 320 pixels with a black square."""
    card = Image.new("RGB", (320, 320), "white")
    ImageDraw.Draw(card).rectangle([(150, 150), (149 + side, 149 + side)], fill=(10, 20, 30))
    return card


def test_finds_walls_and_cards(fired: Fired) -> None:
    files = {"wall.jpg": jpeg(noisy(120, 20)), "card.png": png(marked(16)), "card.webp": webp(marked(16))}
    found = fired(RULE, files)
    assert found.keys() == files.keys()
    assert found["card.png"] == (
        "warning",
        "next to nothing to be seen: 0.0 bits of 8, and edges in 0.8 % of the picture",
    )


def test_few_levels_with_edges_and_many_levels_without_are_pictures(fired: Fired) -> None:
    halves = Image.new("RGB", (90, 60), (200, 30, 40))
    halves.paste((250, 250, 250), (0, 0, 45, 60))
    files = {
        "product.jpg": jpeg(product("a")),
        "product.png": png(product("b")),
        "line_art.png": png(line_art("c")),
        "two_tones.png": png(photo("d").convert("1", dither=Image.Dither.NONE)),
        "letterbox.jpg": jpeg(letterboxed("e")),
        "screenshot.png": png(screenshot("f")),
        "sky.jpg": jpeg(gradient("g")),
        "flag.png": png(halves),
        "page.png": png(page(60)),
        "note.png": png(page(6)),
        "stars.jpg": jpeg(sky(80)),
        "moon.jpg": jpeg(sky(1, size=24)),
        "face.jpg": jpeg(photo("h", 48, 48).convert("L")),
        "foggy.jpg": jpeg(photo("i").point(lambda level: 180 + level // 6)),
    }
    assert fired(RULE, files) == {}


def test_blank_pictures_and_masks_are_told_by_others_or_not_at_all(fired: Fired) -> None:
    mask = Image.new("L", (96, 96))
    ImageDraw.Draw(mask).ellipse([(40, 40), (50, 50)], fill=255)
    files = {f"masks/{number}.png": png(mask) for number in range(4)}
    files |= {"plain.png": png(Image.new("RGB", (64, 64), "white")), "nearly.jpg": jpeg(noisy(120, 4))}
    assert fired(RULE, files) == {}


def test_thresholds_are_settings(fired: Fired) -> None:
    files = {"card.png": png(marked(16)), "larger.png": png(marked(50))}
    assert set(fired(RULE, files)) == {"card.png"}
    assert set(fired(RULE, files, rule_options={RULE: {"edges": 0.05, "fine-edges": 0.05}})) == {
        "card.png",
        "larger.png",
    }
    assert fired(RULE, files, rule_options={RULE: {"entropy": 0.01}}) == {}


def card(areas: np.ndarray) -> Image.Image:
    """A picture of 320 × 320 pixels, given the levels of its 32 × 32 areas."""
    return Image.fromarray(np.kron(areas, np.ones((10, 10))).astype(np.uint8))


@pytest.mark.parametrize(("levels", "fires"), [(7, True), (8, False)])
def test_levels_of_three_bits_are_enough(levels: int, fires: bool, fired: Fired) -> None:
    bands = card(np.tile(100 + 4 * (np.arange(32) * levels // 32), (32, 1)))
    assert bool(fired(RULE, {"a.png": png(bands)})) == fires


@pytest.mark.parametrize(("spots", "fires"), [(5, True), (6, False)])
def test_edges_in_more_than_fifteen_thousandths_are_enough(spots: int, fires: bool, fired: Fired) -> None:
    areas = np.full((32, 32), 128)
    areas[5, 2 : 2 + 3 * spots : 3] = 148  # each has three edges: its own, and those to the right and below
    assert bool(fired(RULE, {"a.png": png(card(areas))})) == fires


@pytest.mark.parametrize(("dots", "fires"), [(68, True), (69, False)])
def test_fine_edges_in_more_than_two_thousandths_are_enough(dots: int, fires: bool, fired: Fired) -> None:
    levels = np.full((320, 320), 255, np.uint8)
    for number in range(dots):
        levels[15 + number // 20 * 20, 15 + number % 20 * 10] = 0  # likewise
    assert bool(fired(RULE, {"a.png": png(Image.fromarray(levels))})) == fires
