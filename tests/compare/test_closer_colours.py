"""What is in another colour, shade or grey is not the same picture; copies that have lost their colours, or are brighter, are."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from corrupt_samples.encode import jpeg, png
from corrupt_samples.pictures import photo
from tests.compare.copies import (
    GREEN,
    RED,
    Colour,
    alike,
    brighter,
    lamp,
    lifted,
    spectacles,
)


def test_a_lamp_of_another_colour_in_a_photo_is_not_the_same() -> None:
    for seed in ("land", "sea"):
        assert not alike(jpeg(lamp(RED, seed)), jpeg(lamp(GREEN, seed)))
        assert alike(jpeg(lamp(RED, seed)), jpeg(lamp(RED, seed), quality=50))
        assert alike(jpeg(lamp(RED, seed)), jpeg(lamp(RED, seed).convert("L")))


def face(ground: Colour, skin: Colour) -> Image.Image:
    picture = Image.new("RGB", (224, 224), ground)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((40, 30, 184, 210), fill=skin)
    for left in (80, 130):
        pen.ellipse((left, 90, left + 14, 104), fill="black")
    pen.arc((85, 130, 139, 175), 20, 160, fill=(150, 40, 40), width=6)
    return picture


def test_plain_ground_and_skin_in_other_colours_are_not_the_same() -> None:
    one = face((107, 124, 181), (245, 210, 185))
    assert not alike(png(one), png(face((75, 140, 190), (245, 210, 185))))
    assert not alike(png(one), png(face((107, 124, 181), (222, 222, 214))))
    assert alike(png(one), jpeg(one.resize((180, 180)), quality=50))


def light(colour: Colour, seed: int) -> Image.Image:
    """A small light in the dark, as a camera sees it."""
    noise = np.random.default_rng(seed).normal(22, 1.5, (256, 256, 3))
    picture = Image.fromarray(noise.clip(0, 255).astype(np.uint8))
    ImageDraw.Draw(picture).ellipse((116, 132, 124, 140), fill=colour)
    return picture.filter(ImageFilter.GaussianBlur(1))


def test_a_small_light_of_another_colour_is_not_the_same() -> None:
    red, blue, green, yellow = (255, 60, 50), (80, 110, 255), (60, 255, 90), (255, 230, 90)
    for number in range(3):
        assert not alike(jpeg(light(red, number)), jpeg(light(blue, number + 10)))
        assert not alike(jpeg(light(green, number)), jpeg(light(yellow, number + 10)))
        assert alike(jpeg(light(red, number)), jpeg(light(red, number + 10), quality=60))


def lipstick(colour: Colour) -> Image.Image:
    """A small thing on white: gold, black, and a stick of some colour."""
    picture = Image.new("RGB", (500, 500), "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((210, 260, 290, 460), (25, 25, 25))
    pen.rectangle((218, 200, 282, 260), (200, 170, 90))
    pen.polygon([(225, 200), (225, 110), (275, 80), (275, 200)], colour)
    return picture


def test_a_small_thing_on_white_in_another_colour_is_not_the_same() -> None:
    red, *others = (lipstick(colour) for colour in ((190, 40, 45), (110, 70, 45), (30, 40, 90), (120, 120, 122)))
    assert alike(png(red), jpeg(red.convert("L"), quality=60))
    assert not any(alike(jpeg(red), jpeg(other)) for other in others)


def car(colour: Colour) -> Image.Image:
    """A car on white: tyres and panes are of other colours."""
    picture = Image.new("RGB", (500, 500), "white")
    pen = ImageDraw.Draw(picture)
    pen.polygon([(40, 300), (110, 290), (170, 220), (330, 220), (400, 290), (465, 305), (465, 350), (40, 350)], colour)
    pen.polygon([(180, 232), (320, 232), (370, 288), (140, 288)], (60, 70, 80))
    for left in (90, 330):
        pen.ellipse((left, 310, left + 80, 390), (30, 30, 30))
    return picture


def test_a_thing_on_white_in_a_hue_beside_it_is_not_the_same() -> None:
    mustard = car((190, 160, 60))
    assert alike(png(mustard), jpeg(mustard.point(lambda level: level * 0.8), quality=60))
    assert not alike(png(mustard), png(car((190, 190, 55))))
    assert not alike(png(car((60, 190, 85))), png(car((60, 190, 110))))


SHADES = {
    "brown": ((120, 70, 30), (240, 140, 20)),
    "maroon": ((128, 0, 0), (230, 20, 20)),
    "navy": ((20, 30, 100), (50, 80, 230)),
    "black": ((25, 25, 25), (140, 140, 140)),
    "teal": ((0, 100, 110), (0, 200, 220)),
    "red": ((200, 30, 60), (255, 130, 160)),
}


@pytest.mark.parametrize("dark", SHADES)
def test_thin_things_on_white_in_another_shade_are_not_the_same(dark: str) -> None:
    one, other = SHADES[dark]
    assert not alike(png(spectacles(one)), png(spectacles(other)))


@pytest.mark.parametrize("dark", ["brown", "navy", "black", "teal"])
def test_nor_are_those_of_which_one_is_smaller(dark: str) -> None:
    one, other = SHADES[dark]
    assert not alike(png(spectacles(other)), jpeg(spectacles(one).resize((300, 300))))


@pytest.mark.parametrize("dark", SHADES)
def test_thin_things_on_white_are_the_same_as_copies_that_are_brighter_by_a_fifth(dark: str) -> None:
    picture = spectacles(SHADES[dark][0])
    for copy in (brighter(picture), lifted(picture), brighter(picture).resize((200, 200)), picture.resize((150, 150))):
        assert alike(png(picture), jpeg(copy, quality=80))


def test_a_thing_without_colour_is_the_same_as_one_in_colour_only_in_its_levels() -> None:
    green, navy = car((40, 130, 70)), car((30, 40, 90))
    assert alike(jpeg(green), jpeg(green.convert("L")))
    assert alike(jpeg(navy), jpeg(navy.convert("L")))
    assert not alike(jpeg(green), jpeg(car((105, 105, 105)).convert("L")))
    assert not alike(jpeg(navy), jpeg(car((28, 28, 30))))


def pips(ink: Colour) -> Image.Image:
    """A playing card of small pips."""
    card = Image.new("RGB", (224, 224), "white")
    pen = ImageDraw.Draw(card)
    pen.rectangle((3, 3, 220, 220), outline="black", width=2)
    for left, top in ((40, 50), (140, 50), (40, 150), (140, 150)):
        pen.polygon([(left + 12, top), (left + 24, top + 15), (left + 12, top + 30), (left, top + 15)], ink)
    return card


def test_black_ink_on_white_is_no_grey_copy_of_red_ink() -> None:
    for size in (224, 160, 90):
        red, black = (pips(ink).resize((size, size)) for ink in ((200, 20, 20), (0, 0, 0)))
        assert not alike(jpeg(red), jpeg(black))
        assert not alike(png(red), jpeg(black.convert("L")))
        assert alike(jpeg(red), jpeg(red.convert("L")))


def curve(ink: Colour) -> Image.Image:
    """A plot of a thin curve, with a black frame and numbers."""
    plot = Image.new("RGB", (640, 480), "white")
    pen = ImageDraw.Draw(plot)
    pen.rectangle((60, 40, 600, 420), outline="black")
    for row in range(6):
        pen.text((36, 45 + 70 * row), str(50 - 10 * row), fill="black")
    pen.line([(x, 230 + 90 * math.sin(x / 40) * math.cos(x / 170)) for x in range(60, 600, 4)], fill=ink, width=2)
    return plot


@pytest.mark.parametrize("draw", [curve, spectacles])
@pytest.mark.parametrize("save", [jpeg, png])
@pytest.mark.parametrize("ink", [(200, 30, 30), (30, 60, 190)])
def test_thin_black_lines_are_no_grey_copy_of_coloured_ones(
    draw: Callable[[Colour], Image.Image], save: Callable[[Image.Image], bytes], ink: Colour
) -> None:
    coloured = draw(ink)
    assert not alike(save(coloured), save(draw((25, 25, 25))))
    assert alike(save(coloured), save(coloured.convert("L")))
    assert alike(save(coloured), jpeg(coloured.convert("L"), quality=50))
    assert alike(save(coloured), save(coloured.convert("L").crop((8, 6, coloured.width - 8, coloured.height - 6))))


def test_grey_copies_are_the_same_whatever_the_channels_of_a_photo_weigh_in_them() -> None:
    for number in (1, 2):
        levels = np.asarray(ImageEnhance.Color(photo(f"{number}", 320, 240)).enhance(0.3))
        for weights in ((0.2126, 0.7152, 0.0722), (1 / 3, 1 / 3, 1 / 3)):
            grey = Image.fromarray((levels @ weights).round().astype(np.uint8))
            assert alike(jpeg(Image.fromarray(levels)), jpeg(grey))
            assert alike(jpeg(Image.fromarray(levels)), jpeg(grey.crop((0, 0, 315, 236))))


def test_a_grey_copy_of_a_photo_is_the_same_though_darker_or_of_more_contrast() -> None:
    picture = photo("land", 320, 240)
    assert alike(png(picture), jpeg(picture.convert("L").point(lambda level: level * 0.8)))
    assert alike(png(picture), jpeg(ImageEnhance.Contrast(picture.convert("L")).enhance(1.2)))


def plaid(tones: tuple[Colour, Colour, Colour]) -> Image.Image:
    """Draw stripes across stripes, of hard edges and so narrow that no window is plain."""
    picture = Image.new("RGB", (240, 240), tones[0])
    pen = ImageDraw.Draw(picture)
    for start in range(0, 240, 15):
        pen.rectangle((start, 0, start + 5, 240), tones[1])
    for start in range(0, 240, 20):
        pen.rectangle((0, start, 240, start + 7), tones[2])
    return picture


def test_a_pattern_in_grey_is_no_copy_of_one_in_red_that_was_never_made_grey() -> None:
    red = plaid(((40, 0, 10), (200, 40, 60), (250, 220, 225)))
    assert not alike(png(red), png(plaid(((20, 20, 20), (150, 150, 150), (230, 230, 230)))))
    assert alike(png(red), png(red.convert("L")))


def noisy(picture: Image.Image, seed: int) -> Image.Image:
    added = np.random.default_rng(seed).normal(0, 2, (picture.height, picture.width, 3))
    return Image.fromarray((np.asarray(picture) + added).clip(0, 255).astype(np.uint8))


def ball(colour: Colour, seed: int) -> Image.Image:
    """A ball with a highlight on a table, and the noise of a camera: no window is plain."""
    rows, columns = np.mgrid[0:128, 0:128] - 64
    ground = 150 + 30 * np.exp(-(rows**2 + columns**2) / 4000)
    picture = Image.fromarray(np.repeat(ground[:, :, None], 3, axis=2).astype(np.uint8))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((46, 48, 82, 84), colour)
    pen.ellipse((55, 55, 62, 62), (240, 240, 240))
    return noisy(picture, seed)


def test_a_thing_in_another_colour_of_the_same_level_is_not_the_same_amid_noise() -> None:
    red, brown, green = (173, 35, 35), (129, 74, 25), (40, 110, 25)
    for colour, others in ((red, (brown, green)), (brown, (red, green))):
        one = ball(colour, 1)
        assert not any(alike(png(one), png(ball(other, 2))) for other in others)
        for copy in (
            jpeg(one, quality=40, subsampling=2),
            png(one.convert("P", palette=Image.Palette.ADAPTIVE)),
            jpeg(one.crop((2, 2, 128, 128)), quality=60),
        ):
            assert alike(png(one), copy)


def test_a_grey_thing_before_a_camera_is_no_grey_copy_of_one_in_colour() -> None:
    brown, grey = ball((129, 74, 25), 1), ball((85, 85, 85), 2)
    assert not alike(png(brown), png(grey))
    assert alike(png(brown), jpeg(brown.convert("L")))
    assert alike(png(grey), jpeg(grey.convert("L")))
