"""Looks agree of what shows one picture, and of nothing else."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFont, ImageOps

from corrupt_samples.encode import jpeg, png
from corrupt_samples.pictures import letterboxed, line_art, photo, product
from sanitize.compare.agreement import ANOTHER, agree
from sanitize.compare.look import unpack
from sanitize.compare.resemblance import Compared, different_shades, same_shades, similarities
from tests.compare.copies import (
    COPIES,
    KINDS,
    Alike,
    alike_in_shades,
    brighter,
    lifted,
    looks_alike,
    printed,
    window,
    written,
)

Pixels = npt.NDArray[np.float64]


@pytest.fixture
def alike(tmp_path: Path) -> Alike:
    return looks_alike(tmp_path)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("copy", COPIES)
def test_copies_agree(alike: Alike, kind: Callable[[str, int, int], Image.Image], copy: str) -> None:
    picture = kind("a", 256, 224)
    assert alike(png(picture), COPIES[copy](picture)) > 0.975


@pytest.mark.parametrize("edges", [(0.02, 0, 0, 0), (0.02, 0.02, 0, 0), (0, 0.02, 0.02, 0), (0.02, 0.02, 0.02, 0.02)])
@pytest.mark.parametrize("kind", [photo, letterboxed])
def test_crops_by_two_percent_agree_either_way(
    alike: Alike, kind: Callable[[str, int, int], Image.Image], edges: tuple[float, ...]
) -> None:
    picture = kind("crop", 400, 300)
    left, top, right, bottom = edges
    crop = jpeg(
        picture.crop((round(left * 400), round(top * 300), round(400 - right * 400), round(300 - bottom * 300)))
    )
    assert alike(png(picture), crop) > 0.975
    assert alike(crop, png(picture)) > 0.975


@pytest.mark.parametrize("kind", [photo, letterboxed, product])
def test_crops_of_small_pictures_agree_though_they_seem_to_be_cropped_by_more(
    alike: Alike, kind: Callable[[str, int, int], Image.Image]
) -> None:
    for number in range(10):
        picture = kind(f"{number}", 100, 75)
        assert alike(png(picture), jpeg(picture.crop((2, 1, 98, 74)))) > 0.975


@pytest.mark.parametrize("seed", range(6))
def test_a_cropped_page_of_text_agrees_and_another_page_does_not(alike: Alike, seed: int) -> None:
    page = written(seed)
    for edges in ((10, 13, 480, 640), (5, 6, 475, 634), (0, 0, 480, 634)):
        assert alike(jpeg(page), jpeg(page.crop(edges))) >= 0.97
    assert math.isnan(alike(jpeg(page), jpeg(written(seed + 100))))


def under_a_letterhead(seed: int) -> Image.Image:
    letter = printed(seed)
    ImageDraw.Draw(letter).rectangle((0, 0, 560, 140), fill=(120, 20, 30))
    return letter


def on_a_black_bed(seed: int) -> Image.Image:
    scan = Image.new("RGB", (700, 960), (12, 12, 12))
    scan.paste(
        printed(seed).point(lambda value: value * 243 // 255), (70, 80)
    )  # grey paper, whose lines are nearly white
    return scan


@pytest.mark.parametrize("make", [under_a_letterhead, on_a_black_bed])
def test_pages_of_small_text_are_others_though_all_that_is_dark_is_the_same(
    alike: Alike, make: Callable[[int], Image.Image]
) -> None:
    pages = [make(seed) for seed in range(4)]
    for one, other in itertools.combinations(pages, 2):
        assert math.isnan(alike(jpeg(one), jpeg(other)))
    for page in pages:
        width, height = page.size
        halved, cropped = page.resize((width // 2, height // 2)), page.crop((6, 9, width - 6, height - 9))
        for copy in (jpeg(page, quality=40), jpeg(halved, quality=60), jpeg(cropped), jpeg(page.convert("L"))):
            assert alike(jpeg(page), copy) > 0.97


def drawn(chance: random.Random, ground: Colour = (160, 220, 230)) -> Image.Image:
    """A house of strong colours in a meadow, somewhere."""
    picture = Image.new("RGB", (400, 400), ground)
    pen = ImageDraw.Draw(picture)
    dx, dy = chance.randint(-40, 40), chance.randint(-20, 20)
    pen.rectangle((0, 260 + dy, 400, 400), fill=(150, 70, 180))
    pen.rectangle((120 + dx, 150 + dy, 260 + dx, 290 + dy), fill=(40, 220, 180))
    pen.polygon([(100 + dx, 150 + dy), (190 + dx, 80 + dy), (280 + dx, 150 + dy)], fill=(240, 60, 110))
    pen.ellipse((280, 30, 360, 110), fill=(250, 220, 60))
    return picture


@pytest.mark.parametrize("seed", range(4))
def test_a_brighter_drawing_agrees_though_strong_colours_have_not_grown_as_much_brighter(
    alike: Alike, seed: int
) -> None:
    picture = drawn(random.Random(seed))
    for pair in ((png(picture), jpeg(brighter(picture))), (jpeg(brighter(picture)), png(picture))):
        assert alike(*pair) > 0.97


@pytest.mark.parametrize("copy", [brighter, lifted], ids=["by a fifth", "by 40 levels"])
def test_a_brighter_window_agrees_though_its_light_bars_have_gone_white(
    alike: Alike, copy: Callable[[Image.Image], Image.Image]
) -> None:
    for number in range(3):
        assert alike(png(window(number)), jpeg(copy(window(number)))) > 0.97
        assert math.isnan(alike(png(window(number)), jpeg(copy(window(number + 3)))))


def test_a_brighter_copy_agrees_though_it_is_cropped_too(alike: Alike) -> None:
    for seed in range(6):
        chance = random.Random(seed)
        pie = Image.new("RGB", (400, 300), "white")
        pen, start = ImageDraw.Draw(pie), 0
        while start < 360:
            end = min(360, start + chance.randint(25, 110))
            pen.pieslice((70, 20, 330, 280), start, end, fill=tuple(chance.randrange(40, 250) for _ in range(3)))
            start = end
        cropped = pie.crop((8, 6, 392, 294))
        assert alike(png(pie), jpeg(brighter(cropped))) > 0.97


def test_a_brighter_copy_of_a_snowy_picture_agrees_though_nearly_all_of_it_has_gone_white(alike: Alike) -> None:
    for number in range(3):
        chance = np.random.default_rng(number)
        snow = Image.fromarray(chance.integers(222, 240, (300, 400, 3), np.uint8))
        pen = ImageDraw.Draw(snow)
        for left in chance.integers(20, 360, 5).tolist():
            pen.polygon([(left, 240), (left + 15, 150), (left + 30, 240)], fill=(40, 70, 50))
        assert alike(png(snow), jpeg(brighter(snow))) > 0.97


def test_a_print_in_a_lighter_grey_is_no_brighter_copy(alike: Alike) -> None:
    def shirt(level: int) -> bytes:
        picture = thing((40, 60, 110))
        ImageDraw.Draw(picture).ellipse((160, 180, 240, 260), fill=(level,) * 3)
        return png(picture)

    for darker in (180, 200):
        assert math.isnan(alike(shirt(darker), shirt(255)))
        assert math.isnan(alike(shirt(255), shirt(darker)))


def test_a_card_of_a_brighter_fill_with_another_number_is_no_brighter_copy(alike: Alike) -> None:
    def card(number: str, fill: Colour) -> bytes:
        picture = Image.new("RGB", (300, 200), "white")
        pen = ImageDraw.Draw(picture)
        pen.rounded_rectangle((30, 20, 270, 180), 16, fill=fill)
        pen.text((150, 100), number, fill=(20, 20, 20), font=ImageFont.load_default(110), anchor="mm")
        return png(picture)

    dark, bright = (180, 180, 220), (205, 205, 250)
    assert alike(card("18", dark), card("18", bright)) > 0.97
    assert math.isnan(alike(card("18", dark), card("42", bright)))


@pytest.mark.parametrize("side", [28, 32, 40])
def test_copies_of_small_pictures_agree_though_each_pixel_was_changed(side: int, alike: Alike) -> None:
    for number in range(6):
        picture = photo(f"land{number}", 256, 256).resize((side, side), Image.Resampling.LANCZOS)
        half, most = (picture.resize((round(share * side),) * 2, Image.Resampling.LANCZOS) for share in (0.5, 0.7))
        for copy in (jpeg(picture, quality=40), jpeg(picture.convert("L"), quality=50), png(half), png(most)):
            assert alike(png(picture), copy) > 0.97
            assert alike_in_shades(png(picture), copy) != ANOTHER


def test_small_pictures_of_other_things_do_not_agree(alike: Alike) -> None:
    pictures = [photo(f"land{number}", 256, 256).resize((32, 32)) for number in range(6)]
    for one, other in itertools.combinations([png(picture) for picture in pictures], 2):
        assert math.isnan(alike(one, other))


def spot(seed: int, side: int = 28) -> Image.Image:
    """A dark spot in the middle, round but for its outline, as pictures of cells and lesions have it."""
    chance = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:side, 0:side] / side - 0.5
    angle = np.arctan2(rows, columns)
    waves = [chance.normal(0, 0.04) * np.cos(times * angle + chance.uniform(0, 6)) for times in range(2, 5)]
    inside = 1 / (1 + np.exp(60 * (np.hypot(rows, columns) - 0.25 - np.sum(waves, axis=0))))
    levels = np.array([225, 180, 160]) - inside[..., None] * np.array([100, 110, 90]) * chance.uniform(0.7, 1.2)
    return Image.fromarray((levels + chance.normal(0, 4, levels.shape)).clip(0, 255).astype(np.uint8))


def test_small_spots_of_other_outlines_do_not_agree_and_their_copies_do(alike: Alike) -> None:
    spots = [spot(seed) for seed in (29, 48, *range(10))]
    for one, other in itertools.combinations(map(png, spots), 2):
        assert math.isnan(alike(one, other))
    for picture in spots:
        assert alike(png(picture), jpeg(picture, quality=75)) > 0.97


def gradient(top: Colour, bottom: Colour) -> Image.Image:
    return Image.fromarray(np.repeat(np.linspace(top, bottom, 120).astype(np.uint8)[:, None], 120, axis=1))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (((130, 115, 135), (175, 160, 180)), ((28, 38, 36), (58, 68, 66))),
        (((20, 0, 40), (0, 0, 20)), ((240, 245, 255), (220, 230, 250))),
        (((90, 100, 120), (140, 150, 170)), ((105, 115, 135), (155, 165, 185))),
        (((90, 100, 120), (140, 150, 170)), ((115, 95, 95), (165, 145, 145))),
        (((106, 140, 190), (160, 180, 205)), ((104, 144, 196), (158, 186, 212))),
        (((106, 140, 190), (160, 180, 205)), ((107, 140, 196), (163, 180, 216))),
    ],
)
def test_gradients_that_run_the_same_way_in_other_levels_or_colours_do_not_agree(
    alike: Alike, one: tuple[Colour, Colour], other: tuple[Colour, Colour]
) -> None:
    assert math.isnan(alike(png(gradient(*one)), png(gradient(*other))))


def test_copies_of_a_gradient_agree(alike: Alike) -> None:
    sky = gradient((90, 100, 120), (140, 150, 170))
    for copy in (
        jpeg(sky, quality=40),
        jpeg(sky.convert("L")),
        jpeg(sky.crop((2, 2, 118, 118))),
        png(sky.resize((60, 60))),
    ):
        assert alike(png(sky), copy) > 0.97


def test_the_crop_of_a_gradient_from_black_to_white_agrees(alike: Alike) -> None:
    ramp = gradient((0, 0, 0), (255, 255, 255))
    assert alike(png(ramp), jpeg(ramp.crop((2, 2, 118, 118)))) > 0.97


def test_a_copy_that_is_lighter_by_a_fifth_of_all_levels_agrees_though_white_is_cut_off(alike: Alike) -> None:
    for number in range(3):
        picture = photo(f"land{number}", 320, 240).point(lambda value: 20 + value * 200 // 255)
        lifted = picture.point(lambda value: min(255, value + 51))
        for pair in ((png(picture), jpeg(lifted)), (png(lifted), jpeg(picture))):
            assert alike(*pair) > 0.97
            assert alike_in_shades(*pair) != ANOTHER
        other = photo(f"sea{number}", 320, 240).point(lambda value: min(255, 71 + value * 200 // 255))
        assert math.isnan(alike(png(picture), jpeg(other)))


@pytest.mark.parametrize("share", [0.35, 0.5])
def test_a_brighter_copy_agrees_though_its_sky_has_gone_white(alike: Alike, share: float) -> None:
    for number in range(3):
        picture, sky = photo(f"land{number}", 320, 240), photo(f"c{number}", 320, round(share * 240))
        picture.paste(sky.point(lambda value: 150 + value * 105 // 255))
        assert alike(png(picture), jpeg(brighter(picture))) > 0.97
        assert alike(jpeg(brighter(picture)), png(picture)) > 0.97


def test_pictures_that_are_mostly_white_do_not_agree_because_white_is_all_there_is(alike: Alike) -> None:
    pages = [png(line_art(f"{number}", 200, 200).point(lambda value: min(255, value + 60))) for number in range(5)]
    assert all(math.isnan(alike(one, other)) for one in pages for other in pages if one is not other)


def with_sign(picture: Image.Image, text: str, share: float) -> Image.Image:
    """Put a sign of that share of the height in the middle of a picture."""
    sign, radius = picture.copy(), round(share * picture.height / 2)
    pen = ImageDraw.Draw(sign)
    middle = picture.width // 2, picture.height // 2
    pen.circle(middle, radius, fill="white", outline="red", width=max(2, radius // 4))
    pen.text(middle, text, fill="black", font=ImageFont.load_default(radius), anchor="mm")
    return sign


@pytest.mark.parametrize("share", [0.4, 0.6, 0.8])
@pytest.mark.parametrize("size", [(400, 300), (96, 72)])
def test_signs_with_other_numbers_on_one_photo_do_not_agree(alike: Alike, size: tuple[int, int], share: float) -> None:
    for number in range(4):
        one, other = (with_sign(photo(f"{number}", *size), text, share) for text in ("30", "80"))
        assert math.isnan(alike(jpeg(one), jpeg(other, quality=80)))
        told = alike_in_shades(jpeg(one), jpeg(other, quality=80))
        assert told == ANOTHER or (math.isnan(told) and share > 0.6)  # of a large sign whole areas differ
        for copy in (jpeg(one, quality=60), jpeg(brighter(one)), jpeg(one.resize((size[0] // 2, size[1] // 2)))):
            assert alike(jpeg(one), copy) > 0.97


@pytest.mark.parametrize("share", [0.12, 0.16, 0.2])
def test_pictures_of_one_place_with_and_without_a_thing_do_not_agree(alike: Alike, share: float) -> None:
    for number in range(4):
        empty, thing = photo(f"{number}", 400, 300), product(f"{number}", 128, 128).crop((8, 8, 108, 108))
        with_it, side = empty.copy(), round(share * 300)
        with_it.paste(ImageOps.invert(thing).resize((side, side)), (120, 160))
        moved = jpeg(with_it.crop((3, 2, 400, 300)).resize((320, 240)))
        assert math.isnan(alike(jpeg(empty), jpeg(with_it)))
        assert math.isnan(alike(moved, jpeg(empty)))
        assert (
            math.isnan(alike_in_shades(jpeg(empty), jpeg(with_it))) or alike_in_shades(jpeg(empty), jpeg(with_it)) < 0
        )
        assert alike(moved, jpeg(with_it)) > 0.97


def test_a_brighter_copy_agrees_though_white_beside_dark_grew_less_bright(alike: Alike) -> None:
    for number in range(4):
        one = with_sign(photo(f"{number}", 400, 300).point(lambda value: value * 2 // 3), "80", 0.2)
        assert alike(jpeg(one), jpeg(brighter(one))) > 0.97


CASTS: dict[str, Callable[[Pixels], Pixels]] = {
    "grey of Rec. 709": lambda pixels: (pixels @ [0.2126, 0.7152, 0.0722])[..., None] + np.zeros(3),
    "warmer": lambda pixels: pixels * (1.1, 1, 0.9),
    "cooler": lambda pixels: pixels * (0.9, 1, 1.1),
}


@pytest.mark.parametrize("cast", CASTS)
def test_photos_agree_whose_colours_were_changed_on_the_whole(alike: Alike, cast: str) -> None:
    for seed in range(5):
        picture = ImageEnhance.Color(photo(f"{seed}", 320, 240)).enhance(0.4)  # of colours like a photograph's
        changed = np.clip(CASTS[cast](np.asarray(picture, np.float64)), 0, 255).astype(np.uint8)
        assert alike(jpeg(picture), jpeg(Image.fromarray(changed))) > 0.97


Colour = tuple[int, int, int]
WHITE, BLACK, ORANGE, RED, GREY = (255, 255, 255), (25, 25, 25), (255, 140, 0), (200, 40, 40), (120, 120, 120)


def thing(colour: Colour, ground: Colour = WHITE) -> Image.Image:
    picture = Image.new("RGB", (400, 400), ground)
    ImageDraw.Draw(picture).rounded_rectangle((140, 100, 260, 300), 20, fill=colour)
    return picture


@pytest.mark.parametrize("ground", [WHITE, (200, 200, 200), (180, 200, 220)])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(RED, (40, 130, 60), id="red, green"),
        pytest.param(RED, (60, 80, 220), id="red, blue"),
        pytest.param(RED, (200, 160, 40), id="red, yellow"),
        pytest.param(RED, (105, 50, 80), id="red, purple"),
        pytest.param(BLACK, ORANGE, id="black, orange"),
        pytest.param((60, 100, 80), ORANGE, id="green, orange"),
        pytest.param((20, 30, 110), (51, 137, 224), id="navy, blue"),
        pytest.param(GREY, (105, 50, 80), id="grey, purple"),
        pytest.param(BLACK, (120, 70, 30), id="black, brown"),
        pytest.param(BLACK, (20, 30, 110), id="black, navy"),
        pytest.param(BLACK, GREY, id="black, grey"),
        pytest.param(GREY, (170, 170, 170), id="grey, light grey"),
    ],
)
def test_one_thing_in_another_colour_on_plain_ground_does_not_agree(
    alike: Alike, one: Colour, other: Colour, ground: Colour
) -> None:
    pictures = jpeg(thing(one, ground)), jpeg(thing(other, ground))
    for pair in (pictures, pictures[::-1]):
        assert math.isnan(alike(*pair))
        assert not alike_in_shades(*pair) > 0


@pytest.mark.parametrize("colour", [RED, BLACK, ORANGE, GREY, (20, 30, 110)])
def test_copies_of_one_thing_on_white_agree_whatever_its_colour(alike: Alike, colour: Colour) -> None:
    one = thing(colour)
    for copy in (jpeg(one.convert("L")), jpeg(one, quality=40), jpeg(one.crop((4, 4, 396, 396))), jpeg(brighter(one))):
        assert alike(jpeg(one), copy) > 0.97


def test_shades_do_not_tell_which_colour_of_one_level_a_thing_on_plain_ground_has(alike: Alike) -> None:
    # 0.299, 0.587 and 0.114 of red, green and blue are luma.
    one, other = jpeg(thing((140, 40, 40))), jpeg(thing((29, 97, 40)))
    assert math.isnan(alike_in_shades(one, other))
    assert math.isnan(alike(one, other))


def test_a_card_that_says_another_number_in_small_print_agrees(alike: Alike) -> None:
    def card(text: str) -> bytes:
        picture = Image.new("RGB", (400, 300), "white")
        pen = ImageDraw.Draw(picture)
        pen.rectangle((150, 60, 250, 140), outline=(120, 120, 120), width=6)
        for place, words, height in ((180, "Photo no longer available", 28), (240, text, 14)):
            pen.text((200, place), words, fill=(60, 60, 60), font=ImageFont.load_default(height), anchor="mm")
        return jpeg(picture)

    assert alike(card("request 4711-03"), card("request 8206-55")) > 0.99


@pytest.mark.parametrize("share", [0.08, 0.15, 0.3])
def test_other_parts_of_a_scene_do_not_agree(alike: Alike, share: float) -> None:
    scene = photo("scene", 500, 300)
    moved = round(share * 400)
    one, other = scene.crop((0, 0, 400, 300)), scene.crop((min(moved, 100), 0, min(moved, 100) + 400, 300))
    assert math.isnan(alike(jpeg(one), jpeg(other)))


@pytest.mark.parametrize("kind", KINDS)
def test_pictures_of_one_kind_do_not_agree(alike: Alike, kind: Callable[[str], Image.Image]) -> None:
    pictures = [png(kind(f"{number}")) for number in range(6)]
    assert all(math.isnan(alike(one, other)) for one in pictures for other in pictures if one is not other)


def test_the_same_shapes_in_other_colours_do_not_agree(alike: Alike) -> None:
    red, green, blue = photo("a").split()
    assert math.isnan(alike(png(photo("a")), png(Image.merge("RGB", (blue, red, green)))))


def test_faces_that_have_their_shape_in_common_do_not_agree(alike: Alike) -> None:
    common = photo("head", 48, 48).convert("L")
    faces = [png(Image.blend(common, photo(f"{number}", 48, 48).convert("L"), 0.3)) for number in range(6)]
    assert all(math.isnan(alike(one, other)) for one in faces for other in faces if one is not other)


def brushed(seed: int) -> Image.Image:
    """Return brushed steel, whose contrast is gone once it is reduced to 32 x 32."""
    noise = np.random.default_rng(seed).normal(0, 1, (288, 320, 1))
    strokes = sum(np.roll(noise, shift, axis=1) for shift in range(40)) / 40**0.5
    return Image.fromarray(np.clip(130 + 7 * np.repeat(strokes, 3, axis=2), 0, 255).astype(np.uint8))


def test_steel_agrees_with_its_copies_though_hardly_any_contrast_is_left_of_it(alike: Alike) -> None:
    steel = brushed(0)
    half = steel.resize((160, 144), Image.Resampling.LANCZOS)
    for copy in (jpeg(steel, quality=75), jpeg(half, quality=85), png(half)):
        assert alike(png(steel), copy) > 0.975
    for other in range(1, 6):
        assert math.isnan(alike(png(steel), png(brushed(other))))


@pytest.mark.parametrize("level", [0, 6, 128, 255])
def test_flat_pictures_do_not_agree(alike: Alike, level: int) -> None:
    chance = np.random.default_rng(level)
    flat = [np.clip(chance.normal(level, 1.5, (64, 64)), 0, 255).astype(np.uint8) for _ in range(3)]
    files = [png(Image.fromarray(picture)) for picture in flat]
    assert all(math.isnan(alike(one, other)) for one in files for other in files)


def test_a_picture_with_something_added_does_not_agree(alike: Alike) -> None:
    plain, changed = photo("a", 200, 200), photo("a", 200, 200)
    changed.paste(photo("b", 60, 60), (70, 70))
    assert math.isnan(alike(png(plain), png(changed)))


def test_nothing_agrees_with_nothing() -> None:
    assert len(agree(unpack([]), *np.empty((3, 0), np.int64))) == 0
    nothing: Compared = ([], [], [], [], [])
    assert same_shades(nothing) == different_shades(nothing) == similarities(nothing) == []


@pytest.mark.parametrize("share", [0.025, 0.03, 0.035])
def test_pictures_agree_or_not_whichever_comes_first(alike: Alike, share: float) -> None:
    for number in range(8):
        picture = photo(f"{number}", 240, 180)
        crop = picture.crop((round(share * 240), round(share * 90), 240 - round(share * 120), 180))
        one, other = jpeg(picture), jpeg(crop)
        assert math.isnan(alike(one, other)) == math.isnan(alike(other, one))
        verdicts = alike_in_shades(one, other), alike_in_shades(other, one)
        assert [math.isnan(verdict) for verdict in verdicts] in ([True, True], [False, False])
        assert (verdicts[0] == ANOTHER) == (verdicts[1] == ANOTHER)
