"""What would be an error is looked at closely: copies are the same in each place, and other things, however small, are not."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from corrupt_samples.encode import jpeg, png
from corrupt_samples.pictures import line_art, photo
from sanitize.compare import closer
from sanitize.compare.closer import agree
from tests.compare.copies import (
    COPIES,
    GREEN,
    RED,
    Colour,
    alike,
    brighter,
    form,
    lamp,
    lifted,
    spectacles,
    window,
    written,
)


def pie(*shares: int) -> Image.Image:
    picture = Image.new("RGB", (300, 300), "white")
    pen, start = ImageDraw.Draw(picture), 0
    for share, colour in zip(shares, [(30, 120, 180), (250, 130, 20), (40, 160, 40), (210, 40, 40)], strict=True):
        pen.pieslice((40, 40, 260, 260), start, start + share, fill=colour)
        start += share
    return picture


@pytest.mark.parametrize("copy", COPIES)
@pytest.mark.parametrize("make", [photo, line_art])
def test_copies_are_the_same(make: Callable[[str, int, int], Image.Image], copy: str) -> None:
    for number in range(3):
        picture = make(f"{number}", 320, 240)
        assert alike(png(picture), COPIES[copy](picture))


def test_pages_of_text_are_the_same_as_their_copies_and_no_other_pages() -> None:
    for number in range(3):
        page = written(number)
        for copy in (jpeg(page, quality=40), jpeg(page.resize((240, 320))), png(page.crop((0, 0, 470, 627)))):
            assert alike(png(page), copy)
        assert not alike(png(page), png(written(number + 10)))


def test_a_lamp_of_another_colour_in_a_photo_is_not_the_same() -> None:
    for seed in ("land", "sea"):
        assert not alike(jpeg(lamp(RED, seed)), jpeg(lamp(GREEN, seed)))
        assert alike(jpeg(lamp(RED, seed)), jpeg(lamp(RED, seed), quality=50))
        assert alike(jpeg(lamp(RED, seed)), jpeg(lamp(RED, seed).convert("L")))


def test_the_same_form_with_other_words_is_not_the_same() -> None:
    for number in range(5):
        assert not alike(jpeg(form(number)), jpeg(form(number + 5)))
        assert alike(jpeg(form(number)), jpeg(form(number).resize((360, 510)), quality=60))


def receipt(seed: int) -> Image.Image:
    """A shop's receipt: what is bought is the same each time, and what it costs is not."""
    chance = random.Random(seed)
    page = Image.new("L", (400, 640), 248)
    pen = ImageDraw.Draw(page)
    for row, name in enumerate(("MILK", "BREAD", "CHEESE", "APPLES", "WATER", "BUTTER", "EGGS", "NOODLES", "SUM")):
        pen.text((20, 80 + 32 * row), name, fill=20, font_size=22)
        pen.text((320, 80 + 32 * row), f"{chance.uniform(1, 10):.2f}", fill=20, font_size=22)
    pen.text((20, 420), f"{chance.randint(1, 28):02d}.03.2024 {chance.randint(8, 19):02d}:30", fill=20, font_size=22)
    return page


@pytest.mark.parametrize("share", [0.55, 0.5, 0.4])
def test_a_small_receipt_is_the_same_as_the_large_one_it_was_made_of_and_as_no_other(share: float) -> None:
    size = round(400 * share), round(640 * share)
    for resample in (Image.Resampling.BOX, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS):
        small = [receipt(number).resize(size, resample) for number in range(4)]
        for number in range(4):
            assert alike(png(receipt(number)), png(small[number]))
            assert not alike(png(receipt(number)), png(small[number - 1]))


def table(number: int, ink: str = "black", paper: str = "white") -> Image.Image:
    """A table that fills its frame: no part of it is plain."""
    chance = random.Random(number)
    page = Image.new("RGB", (800, 600), paper)
    pen = ImageDraw.Draw(page)
    for row in range(24):
        pen.line((0, 25 * row, 800, 25 * row), fill=ink)
        for column in range(8):
            text = f"item {row}" if column == 0 else str(chance.randint(0, 9999))
            pen.text((100 * column + 4, 25 * row + 4), text, fill=ink, font_size=14)
    for column in range(8):
        pen.line((100 * column, 0, 100 * column, 600), fill=ink)
    return page


@pytest.mark.parametrize(("ink", "paper"), [("black", "white"), ("#ddd", "#1e1e1e")])
def test_tables_that_fill_their_frame_are_the_same_as_their_copies_and_no_other_tables(ink: str, paper: str) -> None:
    for number in range(3):
        assert not alike(jpeg(table(number, ink, paper)), jpeg(table(number + 3, ink, paper)))
        assert alike(jpeg(table(number, ink, paper)), jpeg(table(number, ink, paper).resize((400, 300)), quality=60))


def letter(number: int) -> Image.Image:
    """A page full of text, and a number on it."""
    chance = random.Random(1)
    page = Image.new("RGB", (800, 1000), "white")
    pen = ImageDraw.Draw(page)
    for row in range(30):
        words = " ".join("".join(chance.choices("abcdefghilmnoprstu", k=chance.randint(2, 9))) for _ in range(10))
        pen.text((60, 80 + 28 * row), words, fill=(20, 20, 20), font_size=16)
    pen.text((560, 40), f"No. {1000 + 617 * number}", fill="black", font_size=24)
    return page


def test_pages_of_small_text_are_the_same_as_their_crops_and_those_of_another_number_are_not() -> None:
    pages = [letter(1), letter(1)]
    for page, number in zip(pages, ("1617", "2234"), strict=True):
        ImageDraw.Draw(page).rectangle((300, 480, 480, 520), fill="white")
        ImageDraw.Draw(page).text((310, 486), f"No. {number}", fill="black", font_size=24)
    for crop in ((16, 20, 784, 980), (16, 20, 800, 1000)):
        assert alike(png(pages[0]), jpeg(pages[0].crop(crop)))
        assert not alike(png(pages[0]), jpeg(pages[1].crop(crop)))


@pytest.mark.parametrize("share", [0.5, 0.7])
def test_a_small_page_full_of_text_is_no_copy_of_a_large_one_of_another_number(share: float) -> None:
    size = round(800 * share), round(1000 * share)
    for number in (3, 6, 9):
        assert alike(png(letter(number)), png(letter(number).resize(size)))
        assert not alike(png(letter(number)), jpeg(letter(number + 1).resize(size), quality=40))


def test_windows_in_light_grey_are_the_same_as_their_brighter_copies_and_no_others() -> None:
    for copy in (brighter, lifted):
        assert alike(png(window(1)), jpeg(copy(window(1))))
        assert not alike(png(window(1)), jpeg(copy(window(2))))


def board(missing: int) -> Image.Image:
    """A circuit board on which one part is missing."""
    chance = random.Random(2)
    picture = Image.new("RGB", (640, 480), (25, 95, 50))
    pen = ImageDraw.Draw(picture)
    for _track in range(80):
        left, top = chance.randint(0, 640), chance.randint(0, 480)
        end = left + chance.randint(-120, 120), top + chance.randint(-120, 120)
        pen.line((left, top, *end), fill=(45, 125, 70), width=3)
    for number in range(54):
        left, top = 20 + 68 * (number % 9) + chance.randint(0, 24), 20 + 76 * (number // 9) + chance.randint(0, 24)
        shade, width = chance.randint(120, 220), chance.randint(12, 22)
        if number != missing:
            pen.rectangle((left, top, left + width, top + 12), fill=(shade, shade, shade))
    return picture


@pytest.mark.parametrize("make", [letter, board])
def test_pictures_full_of_things_are_not_the_same_where_they_differ_in_one_place(
    make: Callable[[int], Image.Image],
) -> None:
    one, other = (jpeg(make(number), quality=90) for number in (3, 8))
    copy = jpeg(make(3), quality=40)
    assert not alike(one, other)
    assert alike(one, copy)


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


def suit(number: int, size: tuple[int, int]) -> Image.Image:
    """A small card of black pips, of three leaves each or of two and a point."""
    card = Image.new("RGB", (640, 896), "white")
    pen = ImageDraw.Draw(card)
    pen.rectangle((12, 12, 628, 884), outline="black", width=8)
    for left, top in ((60, 60), (240, 180), (400, 180), (240, 620), (400, 620), (500, 740)):
        pen.polygon([(left + 50, top + 60), (left + 35, top + 110), (left + 65, top + 110)], "black")
        for across in (0, 48):
            pen.ellipse((left + across, top + 40, left + across + 52, top + 92), "black")
        if number:
            pen.ellipse((left + 24, top, left + 76, top + 52), "black")
        else:
            pen.polygon([(left + 2, top + 54), (left + 50, top - 6), (left + 98, top + 54)], "black")
    return card.resize(size, Image.Resampling.LANCZOS)


@pytest.mark.parametrize("size", [(160, 224), (224, 224)])
def test_a_small_card_of_another_suit_is_not_the_same(size: tuple[int, int]) -> None:
    one, other = suit(0, size), suit(1, size)
    assert not alike(png(one), png(other))
    assert not alike(jpeg(one, quality=90), jpeg(other, quality=90))
    for resample in (Image.Resampling.NEAREST, Image.Resampling.LANCZOS):
        for share in (0.5, 0.8, 1.5):
            copy = one.resize((round(share * size[0]), round(share * size[1])), resample)
            assert alike(png(one), jpeg(copy, quality=60))
    assert alike(png(one), jpeg(one, quality=40))
    assert alike(png(one), jpeg(one.crop((1, 2, size[0] - 2, size[1] - 2))))


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


def test_a_grey_copy_of_a_table_is_the_same_though_darker() -> None:
    page = table(1, "#a33", "#ddd")
    assert alike(png(page), jpeg(page.convert("L").point(lambda level: level * 0.8)))


def part(length: int, seed: int, noise: float = 3) -> Image.Image:
    """A ring on a bench, with a scratch on it, and the noise of a camera."""
    picture = Image.new("RGB", (512, 512), (175, 175, 175))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((120, 120, 392, 392), (90, 90, 95))
    pen.ellipse((200, 200, 312, 312), (170, 170, 165))
    if length:
        pen.line((250, 250, 250 + length, 250 + length // 2), (215, 215, 210), width=4)
    added = np.random.default_rng(seed).normal(0, noise, (512, 512, 3))
    return Image.fromarray((np.asarray(picture) + added).clip(0, 255).astype(np.uint8))


def test_a_part_with_a_scratch_is_not_the_same_as_one_without() -> None:
    for length in (16, 25, 40):
        for noise in (0, 1, 3):
            assert not alike(png(part(0, 1, noise)), png(part(length, 2, noise)))
        assert alike(png(part(length, 2)), jpeg(part(length, 2), quality=40))
        assert alike(png(part(length, 2)), jpeg(part(length, 2).resize((256, 256)), quality=75))


def lid(seed: int, angle: float) -> Image.Image:
    """A lid of rings on which there is a dark spot, and the noise of a camera."""
    rows, columns = np.mgrid[:300, :300] - 150
    across = np.hypot(rows, columns)
    levels = np.where(across < 130, 120 + 60 * np.cos(across / 9), 230)
    levels += np.random.default_rng(seed).normal(0, 3, levels.shape)
    picture = Image.fromarray(levels.clip(0, 255).astype(np.uint8))
    column, row = 150 + 90 * np.cos(angle), 150 + 90 * np.sin(angle)
    ImageDraw.Draw(picture).ellipse((column - 8, row - 6, column + 8, row + 6), 30)
    return picture


def grained(seed: int, *, has_scratch: bool) -> Image.Image:
    """A disc of grain, in which there is a thin scratch, in the noise of a camera."""
    rows, columns = np.mgrid[:256, :256] - 128
    grain = 128 + np.kron(np.random.default_rng(7).normal(0, 5, (32, 32)), np.ones((8, 8)))
    levels = np.where(np.hypot(rows, columns) < 110, grain, 40.0)
    levels += np.random.default_rng(seed).normal(0, 3, levels.shape)
    picture = Image.fromarray(levels.clip(0, 255).astype(np.uint8))
    if has_scratch:
        ImageDraw.Draw(picture).line((100, 110, 150, 130), 70, width=3)
    return picture


def test_lids_with_a_spot_in_another_place_are_not_the_same_though_the_one_is_small() -> None:
    for number in range(4):
        one, other = (lid(number, angle) for angle in (number, number + 1))
        for small in (
            png(one.resize((150, 150), Image.Resampling.NEAREST)),
            jpeg(one.resize((150, 150), Image.Resampling.LANCZOS), quality=40),
        ):
            assert alike(png(one), small)
            assert not alike(png(other), small)


def test_a_thin_scratch_in_grain_is_not_overseen() -> None:
    for number in range(3):
        good, scratched = (grained(seed, has_scratch=seed % 2 == 1) for seed in (2 * number, 2 * number + 1))
        for size in (256, 128):
            assert not alike(png(good), png(scratched.resize((size, size))))
            assert alike(png(scratched), jpeg(scratched.resize((size, size)), quality=60))


def shaded(seed: int) -> Image.Image:
    """What casts a soft shadow: its windows show nothing."""
    rows, columns = np.mgrid[0:256, 0:256] / 255
    levels = np.full((256, 256), 40.0)
    for row, column, wide, high in np.random.default_rng(seed).uniform(0.2, 0.8, (5, 4)):
        levels += 90 * high * np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / (0.05 + 0.1 * wide))
    return Image.fromarray(levels.clip(0, 255).astype(np.uint8))


def test_other_soft_shades_are_not_the_same_though_no_window_shows_any() -> None:
    for seed in range(0, 20, 2):
        assert not alike(png(shaded(seed)), png(shaded(seed + 1)))
        assert alike(png(shaded(seed)), jpeg(shaded(seed).resize((200, 200)), quality=60))


def test_a_pie_of_other_shares_is_not_the_same_though_each_edge_is_near_one() -> None:
    one, other = pie(50, 60, 70, 180), pie(56, 64, 73, 167)
    assert not alike(png(one), png(other))
    assert alike(png(one), jpeg(one.crop((3, 3, 297, 297))))


@given(st.tuples(*[st.integers(1, 70)] * 4))
@settings(max_examples=60, deadline=None)
def test_pictures_of_any_size_are_the_same_as_themselves(sides: tuple[int, int, int, int]) -> None:
    rows, columns, *others = sides
    picture = np.asarray(photo("a").resize((columns, rows)))
    assert agree(picture, picture)
    assert agree(picture, np.zeros((*others, 3), np.uint8)) in (True, False)


def test_nothing_is_told_of_a_file_that_is_gone() -> None:
    assert closer.compare((b"a", "jpeg", "RGB", 1, b"b", "jpeg", "RGB", 1), root=b"/nowhere") is None


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


def corridor(figure: int) -> Image.Image:
    """A corridor with a brown floor, and somebody in dark red on it."""
    picture = Image.new("RGB", (160, 120), (60, 60, 70))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 50, 160, 120), (80, 70, 50))
    pen.polygon([(0, 0), (30, 30), (30, 65), (0, 100)], (100, 60, 40))
    pen.polygon([(160, 0), (130, 30), (130, 65), (160, 100)], (110, 64, 44))
    if figure:
        pen.rectangle((80 - figure / 3, 58 - figure, 80 + figure / 3, 50 + figure), (120, 30, 30))
    pen.rectangle((0, 100, 160, 120), (40, 40, 40))
    return picture


def test_a_figure_on_ground_of_nearly_its_level_is_not_overseen() -> None:
    for figure in (12, 13, 14):
        assert not alike(png(corridor(figure)), png(corridor(0)))
        assert alike(png(corridor(figure)), jpeg(corridor(figure), quality=40))
