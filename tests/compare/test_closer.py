"""What would be an error is looked at closely: copies are the same in each place, and other things, however small, are not."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from corrupt_samples.encode import jpeg, png
from corrupt_samples.pictures import line_art, photo
from sanitize.compare import closer
from sanitize.compare.closer import agree
from tests.compare.copies import (
    COPIES,
    alike,
    brighter,
    form,
    lifted,
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
