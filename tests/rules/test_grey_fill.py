from __future__ import annotations

import io
import random
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFont, ImageOps

from corrupt_samples.encode import exif, jpeg, png, tiff, webp
from corrupt_samples.pictures import gradient, letterboxed, line_art, photo, product, screenshot
from corrupt_samples.surgery import cut, filled
from sanitize.probe.filling import candidates, trace
from sanitize.rules.grey_fill import measure
from tests.batches import batch

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Fired

RULE = "grey-fill"
GREY = (128, 128, 128)
WIDTH, HEIGHT = 240, 176


def arrived(seed: str, share: float, **options: object) -> Image.Image:
    """What a tolerant loader makes of a photo of 240 × 176 pixels of which so large a share arrived."""
    return filled(cut(jpeg(photo(seed, WIDTH, HEIGHT), **options), share))


def stepped(picture: Image.Image, row: int, column: int, step: int, colour: object = GREY) -> Image.Image:
    """The picture with a band from `row` down, which begins `step` rows further up from `column` on."""
    copy = picture.copy()
    copy.paste(colour, (0, row, copy.width, copy.height))  # type: ignore[arg-type]
    copy.paste(colour, (column, row - step, copy.width, copy.height))  # type: ignore[arg-type]
    return copy


def on_canvas(picture: Image.Image, colour: object = GREY, *, below: int = 48, above: int = 0) -> Image.Image:
    canvas = Image.new("RGB", (picture.width, picture.height + above + below), colour)  # type: ignore[arg-type]
    canvas.paste(picture, (0, above))
    return canvas


def decoded(picture: Image.Image) -> Image.Image:
    """The picture as it comes out of a JPEG."""
    return Image.open(io.BytesIO(jpeg(picture, quality=75))).convert("RGB")


def test_finds_what_a_tolerant_loader_filled_however_it_was_saved_again(fired: Fired) -> None:
    files = {
        "again.jpg": jpeg(arrived("a", 0.6), quality=75),
        "progressive.jpg": jpeg(arrived("b", 0.7), progressive=True, optimize=True),
        "444.jpg": jpeg(arrived("c", 0.5, subsampling=0), quality=95),
        "grey.jpg": jpeg(filled(cut(jpeg(photo("d", WIDTH, HEIGHT).convert("L")), 0.6))),
        "restarts.jpg": jpeg(arrived("l", 0.5, restart_marker_blocks=3)),
        "turned.jpg": jpeg(arrived("f", 0.6), exif=exif(6)),
        "mirrored.jpg": jpeg(ImageOps.mirror(arrived("m", 0.6)), quality=90),
        "mirrored.png": png(ImageOps.mirror(arrived("n", 0.7))),
        "again.png": png(arrived("g", 0.8)),
        "again.webp": webp(arrived("h", 0.6)),
        "scaled.png": png(arrived("i", 0.6).resize((200, 147), Image.Resampling.BICUBIC)),
        "enlarged.jpg": jpeg(arrived("j", 0.6).resize((360, 264), Image.Resampling.BILINEAR), quality=90),
    }
    found = fired(RULE, files)
    assert found.keys() == files.keys()
    assert found["again.png"] == (
        "error",
        "the lower 18 % are filled with grey 128: a truncated picture that a loader padded and somebody saved again",
    )


@pytest.mark.parametrize("orientation", [3, 5, 6, 7, 8])
def test_finds_what_was_filled_and_turned_upright_since(fired: Fired, orientation: int) -> None:
    side = {3: "upper", 5: "right", 6: "left", 7: "left", 8: "right"}[orientation]
    files = {}
    for seed in ("a", "c", "d"):
        turned = ImageOps.exif_transpose(Image.open(io.BytesIO(jpeg(arrived(seed, 0.6), exif=exif(orientation)))))
        files |= {f"{seed}.png": png(turned), f"{seed}.jpg": jpeg(turned, quality=90)}
    found = fired(RULE, files)
    assert found.keys() == files.keys()
    assert all(message.startswith(f"the {side} ") for _severity, message in found.values())


def test_says_how_much_of_a_side_is_filled() -> None:
    lower = stepped(photo("a", WIDTH, HEIGHT), 96, 112, 16)
    found = measure(batch([png(lower.transpose(Image.Transpose.ROTATE_270))]))
    assert [found[name][0] for name in ("fill_side", "fill_row", "fill_step")] == ["left", 96, 16]


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_says_how_much_of_a_tiff_that_lies_on_its_side_is_filled(fired: Fired, orientation: int) -> None:
    upright = arrived("a", 0.6)
    stored = upright.transpose(
        {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}[orientation]
    )
    found = fired(RULE, {"upright.tif": tiff(upright), "lying.tif": tiff(stored, tiffinfo={274: orientation})})
    assert found["lying.tif"] == found["upright.tif"]


def test_borders_on_any_side_are_no_filling(fired: Fired) -> None:
    files = {}
    for seed in range(4):
        wide = Image.new("RGB", (WIDTH + 60, HEIGHT + 60), GREY)
        for name, place in {"left": (60, 30), "right": (0, 30), "upper": (30, 60), "all": (30, 30)}.items():
            framed = wide.copy()
            framed.paste(photo(f"{seed}", WIDTH, HEIGHT), place)
            files |= {f"{seed} {name}.png": png(framed), f"{seed} {name}.jpg": jpeg(framed, quality=80)}
    assert fired(RULE, files) == {}


@pytest.mark.parametrize(("seed", "quality"), [("0", 85), ("26", 85), ("5", 90), ("7", 90), ("8", 90)])
def test_what_was_saved_again_at_the_quality_it_had_is_filled_and_not_damaged(
    fired: Fired, seed: str, quality: int
) -> None:
    data = jpeg(arrived(seed, 0.6, quality=quality), quality=quality)
    assert bytes(32) in data  # the unit in which it was cut off
    assert fired(RULE, {"again.jpg": data}).keys() == {"again.jpg"}
    assert not fired("corrupt-data", {"again.jpg": data})


def test_zeros_in_a_filled_picture_that_are_more_than_a_unit_are_damage(fired: Fired) -> None:
    data = bytearray(jpeg(arrived("a", 0.6)))
    start = data.index(b"\xff\xda") + 400
    data[start : start + 256] = bytes(256)
    assert fired("corrupt-data", {"again.jpg": bytes(data)}).keys() == {"again.jpg"}


def test_zeros_far_above_what_is_filled_are_damage(fired: Fired) -> None:
    base = photo("a", WIDTH, HEIGHT)
    files = {}
    for height in (16, 60):
        picture = base.copy()
        picture.paste(GREY, (0, HEIGHT - height, WIDTH, HEIGHT))
        data = bytearray(jpeg(picture, quality=90))
        start = data.index(b"\xff\xda") + 600
        data[start : start + 96] = bytes(96)
        files[f"{height}.jpg"] = bytes(data)
    assert fired("corrupt-data", files).keys() == files.keys()


def test_a_filling_whose_white_balance_was_changed_is_found(fired: Fired) -> None:
    files = {}
    for seed in ("a", "b", "c"):
        warm = np.asarray(arrived(seed, 0.6), np.float32) * (1.08, 1, 0.92)
        files[f"{seed}.jpg"] = jpeg(Image.fromarray(np.clip(warm, 0, 255).astype(np.uint8)), quality=92)
    assert fired(RULE, files).keys() == files.keys()


def test_opencv_fills_as_pillow_does(tmp_path: Path) -> None:
    import cv2

    data = cut(jpeg(photo("a", WIDTH, HEIGHT)), 0.6)
    (tmp_path / "a.jpg").write_bytes(data)
    pillow = np.asarray(filled(data).convert("L"))
    opencv = cv2.imread(str(tmp_path / "a.jpg"), cv2.IMREAD_GRAYSCALE)
    assert opencv is not None
    fill = trace(pillow)
    assert fill
    assert (pillow[fill.row :] == 128).all()
    assert trace(opencv) == fill


def test_says_where_the_band_begins() -> None:
    found = measure(batch([png(stepped(photo("a", WIDTH, HEIGHT), 96, 112, 16))]))
    assert {name: values[0] for name, values in found.items()} == {
        "fill_side": "lower",
        "fill_row": 96,
        "fill_rows": HEIGHT - 96,
        "fill_grey": 128,
        "fill_step": 16,
        "fill_column": 112,
        "fill_fit": pytest.approx(1, abs=0.05),
        "fill_on_grid": True,
    }


def test_another_grey_must_lie_on_the_grid_of_blocks_and_no_other_colour_fills(fired: Fired) -> None:
    lighter, base = (150, 150, 150), decoded(photo("a", WIDTH, HEIGHT))
    files = {
        "on.png": png(stepped(base, 96, 104, 8, lighter)),
        "on-large.png": png(stepped(base, 96, 112, 16, lighter)),
        "row.png": png(stepped(base, 99, 104, 8, lighter)),
        "column.png": png(stepped(base, 96, 100, 8, lighter)),
        "column-of-8.png": png(stepped(base, 96, 104, 16, lighter)),
        "row-of-8.png": png(stepped(base, 104, 112, 16, lighter)),
        "height.png": png(stepped(base, 96, 104, 11, lighter)),
        "black.png": png(stepped(base, 96, 104, 8, (0, 0, 0))),
        "white.png": png(stepped(base, 96, 104, 8, (255, 255, 255))),
        "dark.png": png(stepped(base, 96, 104, 8, (60, 60, 60))),
        "light.png": png(stepped(base, 96, 104, 8, (200, 200, 200))),
        "blue.png": png(stepped(base, 96, 104, 8, (43, 87, 151))),
        "sepia.png": png(stepped(base, 96, 104, 8, (110, 96, 70))),
    }
    said = "are filled with grey 150: a truncated picture that a loader padded and somebody saved again"
    assert fired(RULE, files) == dict.fromkeys(("on.png", "on-large.png"), ("error", f"the lower 45 % {said}"))


def test_another_grey_below_what_never_was_a_jpeg_of_a_photo_is_no_filling(fired: Fired) -> None:
    files = {}
    for grey in ((100,) * 3, (127,) * 3, (150,) * 3, (64,) * 3):
        for seed in range(3):
            above = {kind.__name__: kind(f"{seed}", WIDTH, HEIGHT) for kind in (photo, screenshot, line_art, gradient)}
            files |= {
                f"{name} {seed} {grey[0]}.png": png(stepped(picture, 96, 112, 16, grey))
                for name, picture in above.items()
            }
            files[f"pages {seed} {grey[0]}.jpg"] = jpeg(
                stepped(decoded(line_art(f"{seed}", WIDTH, HEIGHT)), 96, 112, 16, grey), quality=85
            )
    assert fired(RULE, files) == {}


@pytest.mark.parametrize("row", [96, 99])
def test_the_usual_grey_below_a_drawing_that_never_was_a_jpeg_is_no_filling(fired: Fired, row: int) -> None:
    files = {
        f"{kind.__name__} {seed} {step}.png": png(stepped(kind(f"{seed}", WIDTH, HEIGHT), row, 112, step))
        for kind in (screenshot, line_art)
        for seed in range(4)
        for step in (8, 16)
    }
    assert fired(RULE, files) == {}


def test_a_drawing_that_was_cut_off_as_a_jpeg_is_filled(fired: Fired) -> None:
    files = {}
    for kind, seed in ((screenshot, "0"), (screenshot, "1"), (line_art, "0"), (line_art, "2")):
        whole = filled(cut(jpeg(kind(seed, WIDTH, HEIGHT), quality=90), 0.7))
        files |= {f"{kind.__name__} {seed}.png": png(whole), f"{kind.__name__} {seed}.jpg": jpeg(whole, quality=85)}
    assert fired(RULE, files).keys() == files.keys()


def test_the_floor_of_a_picture_of_tiles_is_no_filling(fired: Fired) -> None:
    files = {}
    for seed in range(4):
        chance = random.Random(seed)
        whole = photo(f"{seed}", 80, 32)
        tiles = [whole.crop((left, 8, left + 16, 24)) for left in range(0, 80, 16)]
        level = Image.new("RGB", (WIDTH, HEIGHT))
        for top in range(0, HEIGHT, 16):
            for left in range(0, WIDTH, 16):
                level.paste(chance.choice(tiles), (left, top))
        files |= {f"{seed}.png": png(stepped(level, 128, 112, 16)), f"{seed}.jpg": jpeg(stepped(level, 128, 112, 16))}
    assert fired(RULE, files) == {}


def test_a_band_that_ends_in_a_straight_line_was_put_there(fired: Fired) -> None:
    base = photo("a", WIDTH, HEIGHT)
    captioned = on_canvas(base, below=40)
    ImageDraw.Draw(captioned).text((10, HEIGHT + 8), "a caption below the picture", fill="white")
    files = {
        f"{below}.{name}": write(on_canvas(photo(f"{below}{name}", WIDTH, HEIGHT), below=below))
        for below in (16, 32, 45)
        for name, write in _writers().items()
    }
    files |= {
        "both.png": png(on_canvas(base, above=40, below=40)),
        "letterbox.png": png(letterboxed("b").point(lambda level: max(level, 128))),
        "square.jpg": jpeg(on_canvas(base, below=WIDTH - HEIGHT).resize((224, 224)), quality=75),
        "captioned.png": png(captioned),
        "film.jpg": jpeg(letterboxed("c")),
        "plain.png": png(Image.new("RGB", (64, 64), GREY)),
    }
    assert fired(RULE, files) == {}


def _writers() -> dict[str, Callable[[Image.Image], bytes]]:
    return {
        "png": png,
        "jpg": lambda picture: jpeg(picture, quality=60),
        "webp": lambda picture: webp(picture, quality=50),
        "scaled.jpg": lambda picture: jpeg(picture.resize((179, 160), Image.Resampling.BICUBIC), quality=75),
    }


def test_other_shapes_on_grey_are_no_filling(fired: Fired) -> None:
    base = photo("a", WIDTH, HEIGHT)
    collage = Image.new("RGB", (WIDTH, HEIGHT), GREY)
    collage.paste(photo("b", 120, 128), (0, 0))
    collage.paste(photo("c", 120, 112), (120, 0))
    before = Image.new("RGB", (2 * WIDTH, HEIGHT + 24), GREY)
    before.paste(base, (0, 0))
    after = before.copy()
    before.paste(ImageOps.mirror(base).crop((0, 0, WIDTH, HEIGHT - 16)), (WIDTH, 0))
    after.paste(base.crop((0, 0, WIDTH, HEIGHT - 16)), (WIDTH, 0))
    turned = base.rotate(1, Image.Resampling.BICUBIC, fillcolor=GREY)
    goods = np.array(product("d", WIDTH, HEIGHT))
    goods[(goods == 255).all(axis=2)] = 128
    portrait = Image.new("RGB", (WIDTH, HEIGHT), GREY)
    portrait.paste(photo("e", 120, 120), (60, 56))
    tab = on_canvas(base)
    ImageDraw.Draw(tab).rectangle([(0, HEIGHT), (79, HEIGHT + 7)], fill=(20, 20, 20))
    wave = on_canvas(base)
    ImageDraw.Draw(wave).ellipse([(-120, HEIGHT - 20), (360, HEIGHT + 200)], fill=GREY)
    desktop = on_canvas(screenshot("f", WIDTH, HEIGHT))
    files = {
        "collage.png": png(collage),
        "mirrored.jpg": jpeg(before),
        "repeated.jpg": jpeg(after),
        "turned.png": png(on_canvas(turned)),
        "turned.jpg": jpeg(on_canvas(turned), quality=60),
        "goods.png": png(Image.fromarray(goods)),
        "portrait.jpg": jpeg(portrait),
        "tab.png": png(tab),
        "wave.png": png(wave),
        "desktop.png": png(desktop),
        "stairs.png": png(stepped(Image.new("RGB", (WIDTH, HEIGHT), (200, 180, 160)), 96, 104, 8)),
    }
    assert fired(RULE, files) == {}


def test_pictures_of_unequal_height_beside_each_other_are_no_filling(fired: Fired) -> None:
    files = {}
    for seed in range(6):
        base = photo(f"{seed}", WIDTH, HEIGHT)
        # The halves of one picture go on in each other, and only the grid tells.
        halves = on_canvas(base)
        halves.paste(GREY, (WIDTH // 2, HEIGHT - 12, WIDTH, HEIGHT))
        files[f"halves {seed}.png"] = png(halves)
        files[f"halves {seed}.jpg"] = jpeg(halves, quality=92)
        beside = Image.new("RGB", (2 * WIDTH, HEIGHT + 48), GREY)
        beside.paste(ImageOps.mirror(base), (0, 0))
        beside.paste(base.resize((WIDTH, HEIGHT - 16)), (WIDTH, 0))
        files[f"stretched {seed}.png"] = png(beside)
    assert fired(RULE, files) == {}


def test_a_small_picture_that_hangs_into_a_bar_is_no_step_of_a_row_of_blocks(fired: Fired) -> None:
    files = {}
    for number, hangs in enumerate((5, 7, 9, 11, 13, 14, 19, 21)):
        barred = on_canvas(photo(f"{number}", 320, 200), below=60)
        barred.paste(photo(f"inset {number}", 97, 60), (0, 140 + hangs))
        files |= {f"{hangs}.png": png(barred), f"{hangs}.jpg": jpeg(barred, quality=90)}
    assert len(fired(RULE, files)) <= 1


def test_a_seam_along_the_whole_column_of_the_step_is_of_two_pictures(fired: Fired) -> None:
    files = {}
    for seed in (1, 4, 10, 12, 13):
        base = photo(f"seam {seed}", 480, 352)
        halves = Image.new("RGB", base.size, GREY)
        halves.paste(base.crop((0, 8, 240, 296)), (0, 0))
        halves.paste(base.crop((240, 0, 480, 280)), (240, 0))
        files[f"{seed}.png"] = png(halves)
    assert fired(RULE, files) == {}


def test_what_was_cut_off_below_an_even_road_is_found(fired: Fired) -> None:
    files = {}
    for seed in range(6):
        crowd = np.random.default_rng(seed).integers(0, 255, (30, 60, 3), dtype=np.uint8)
        shades = np.linspace(40, 90, 480)[None, :, None] + np.linspace(0, 20, 112)[:, None, None]
        street = Image.fromarray(crowd).resize((480, 352))
        street.paste(Image.fromarray(np.tile(shades, 3).astype(np.uint8)), (0, 240))
        files[f"{seed}.png"] = png(stepped(decoded(street), 272, 240, 16))
    assert fired(RULE, files).keys() == files.keys()


def test_what_was_cut_off_in_the_last_block_of_a_row_is_found(fired: Fired) -> None:
    files = {f"{seed}.png": png(stepped(decoded(photo(f"{seed}", 244, HEIGHT)), 96, 240, 16)) for seed in range(4)}
    assert fired(RULE, files).keys() == files.keys()


def test_grey_of_the_picture_itself_above_the_band_hides_no_step(fired: Fired) -> None:
    files = {}
    for seed in range(1, 4):
        picture = decoded(photo(f"{seed}", WIDTH, HEIGHT))
        for number in range(3):  # stones of the band's grey in the last rows
            ImageDraw.Draw(picture).ellipse((4 + 40 * number, 79 - 4 * number, 12 + 40 * number, 110), fill=GREY)
        files[f"{seed}.png"] = png(stepped(picture, 96, 176, 16))
        narrow = decoded(photo(f"{seed}", WIDTH, HEIGHT))
        ImageDraw.Draw(narrow).ellipse((4, 70, 17, 110), fill=GREY)  # it takes up more than a quarter of the tread
        files[f"narrow {seed}.png"] = png(stepped(narrow, 96, 48, 16))
    assert fired(RULE, files).keys() == files.keys()


def test_bars_of_another_grey_below_photos_that_were_scaled_are_no_filling(fired: Fired) -> None:
    files = {}
    for seed in range(40):
        scaled = photo(f"bar {seed}", 400, 300).resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        files[f"{seed}.png"] = png(stepped(scaled, 128, 112, 16, (150, 150, 150)))
    assert len(fired(RULE, files)) <= 1


def test_pictures_beside_each_other_that_were_scaled_together_are_no_filling(fired: Fired) -> None:
    chance = random.Random("scaled pairs")
    files = {}
    for seed in range(24):
        widths = [chance.randrange(160, 280) for _side in range(2)]
        heights = [height := chance.randrange(180, 260), height - chance.randrange(8, 28)]
        pair = Image.new("RGB", (sum(widths), height + 40), GREY)
        pair.paste(photo(f"left {seed}", widths[0], heights[seed % 2]), (0, 0))
        pair.paste(photo(f"right {seed}", widths[1], heights[1 - seed % 2]), (widths[0], 0))
        size = pair.width * 2 // 3, pair.height * 2 // 3
        files[f"{seed}.jpg"] = jpeg(pair.resize(size, chance.choice(list(Image.Resampling)[1:])), quality=90)
    assert fired(RULE, files) == {}


def test_sheets_of_small_pictures_whose_last_row_is_not_full_are_no_filling(fired: Fired) -> None:
    chance = random.Random("sheets")
    files = {}
    for seed in range(9):
        side, across = (16, 16, 24)[seed % 3], 20
        sheet = Image.new("RGB", (side * across, side * 12), GREY)
        small = [photo(f"{seed} {number}").resize((side, side)) for number in range(12)]
        for place in range(across * chance.randrange(3, 9) + chance.randrange(3, across - 3)):
            sheet.paste(chance.choice(small), (place % across * side, place // across * side))
        files[f"{seed}.jpg"] = jpeg(sheet, quality=90)
    assert fired(RULE, files) == {}


def test_a_small_picture_that_hangs_into_a_bar_by_a_row_of_blocks_is_no_filling(fired: Fired) -> None:
    chance = random.Random("hanging")
    files = {}
    for seed in range(24):
        barred = on_canvas(photo(f"{seed}", 320, 203), below=61)
        size = chance.randrange(80, 200), chance.randrange(60, 120)
        barred.paste(photo(f"inset {seed}", *size), (0, 203 + (8, 16)[seed % 2] - size[1]))
        files[f"{seed}.jpg"] = jpeg(barred, quality=90)
    assert len(fired(RULE, files)) <= 2


def test_writing_at_the_edge_of_a_bar_is_no_step_of_it(fired: Fired) -> None:
    files = {}
    for seed, (size, quality, x, y) in enumerate(
        (size, quality, x, y) for size in (10, 14, 20) for quality in (30, 50, 85) for x in (8, 352) for y in (1, 4)
    ):
        captioned = on_canvas(photo(f"{seed}", 360, 272), below=36)
        ImageDraw.Draw(captioned).text(
            (x, 272 + y),
            ("IMG 4711", "DSC_0012", "Fig. 3")[seed % 3],
            fill=("white", "black", "yellow")[seed % 3],
            font=ImageFont.load_default(size),
            anchor="la" if x == 8 else "ra",
        )
        files |= {
            f"{seed}.jpg": jpeg(captioned, quality=quality),
            f"scaled {seed}.jpg": jpeg(captioned.resize((270, 231), Image.Resampling.BICUBIC), quality=quality),
        }
    assert fired(RULE, files) == {}


def test_a_tab_with_a_headline_below_a_dark_line_is_no_step_of_the_bar(fired: Fired) -> None:
    files = {}
    for seed in range(6):
        lined = photo(f"{seed}", 320, 245).point(lambda level: level // 2)
        ImageDraw.Draw(lined).rectangle((0, 0, 319, 244), outline="black", width=2)
        tab = on_canvas(lined, below=80)
        draw = ImageDraw.Draw(tab)
        draw.rectangle((0, 245, 131, 275), fill="black")
        draw.text((6, 247), "Breaking news", fill="red", font=ImageFont.load_default(12))
        files |= {f"{seed}.png": png(tab), f"{seed}.jpg": jpeg(tab, quality=90)}
    assert fired(RULE, files) == {}


def test_a_strip_of_another_picture_that_hangs_into_a_bar_off_the_grid_is_no_step_of_it(fired: Fired) -> None:
    files = {}
    for seed in range(10, 16):
        barred = on_canvas(photo(f"{seed}", 320, 203), below=61)
        barred.paste(photo(f"strip {seed}", 320, 203).resize((70 + 3 * seed, 8)), (0, 203))
        files |= {f"{seed}.png": png(barred), f"{seed}.jpg": jpeg(barred, quality=90)}
    assert fired(RULE, files) == {}


def test_an_edge_that_scaling_made_soft_may_begin_some_rows_off(fired: Fired) -> None:
    files = {}
    for seed in range(6):
        whole = filled(cut(jpeg(photo(f"{seed}", 320, 240)), 0.6))
        files |= {
            f"twice {seed}.png": png(whole.resize((640, 480), Image.Resampling.LANCZOS)),
            f"twice {seed}.jpg": jpeg(whole.resize((640, 480), Image.Resampling.LANCZOS), quality=75),
        }
    assert len(fired(RULE, files)) >= 10


def test_what_was_cut_off_below_a_plain_sky_is_found(fired: Fired) -> None:
    files = {}
    for seed in range(9):
        picture = photo(f"{seed}", WIDTH, HEIGHT)
        picture.paste((170, 190, 215), (0, 0, 80, HEIGHT))
        files[f"{seed}.png"] = png(stepped(picture, 96, (16, 32, 48)[seed % 3], 16))
    assert fired(RULE, files).keys() == files.keys()


def test_a_filling_in_ink_is_found(fired: Fired) -> None:
    files = {}
    for seed in ("a", "b", "c"):
        inks = photo(seed, WIDTH, HEIGHT).convert("CMYK")
        kinds = {
            "inks": jpeg(inks, quality=90, subsampling=0),
            "fewer pixels": jpeg(inks, quality=90, subsampling=2),
            "luma and colour": _as_luma_and_colour(inks),
        }
        for name, data in kinds.items():
            whole = filled(cut(data, 0.6))
            files |= {
                f"{seed} {name}.png": png(whole.convert("RGB")),
                f"{seed} {name}.jpg": jpeg(whole, quality=90),
                f"{seed} {name}.tif": tiff(whole),
            }
    found = fired(RULE, files)
    assert len(found) >= len(files) - 1
    assert all("with grey 64" in message or "with grey 65" in message for _severity, message in found.values())


def _as_luma_and_colour(inks: Image.Image) -> bytes:
    """The JPEG of a picture in ink that has luma and colour instead of the first three, as Adobe's programs write it."""
    *coloured, black = inks.split()
    planes = Image.merge("RGB", coloured).convert("YCbCr").split()
    data = jpeg(Image.merge("CMYK", (*planes, black)), quality=90)
    return data.replace(b"Adobe\0d\0\0\0\0\0", b"Adobe\0d\0\0\0\0\2")


def test_bars_in_the_dark_grey_of_ink_are_no_filling(fired: Fired) -> None:
    dark, base = (64, 64, 64), photo("a", WIDTH, HEIGHT)
    files = {
        "straight.png": png(on_canvas(base, dark)),
        "straight.jpg": jpeg(on_canvas(base, dark), quality=80),
        "row.png": png(stepped(base, 99, 104, 8, dark)),
        "column.png": png(stepped(base, 96, 100, 8, dark)),
        "height.png": png(stepped(base, 96, 104, 11, dark)),
        "turned.png": png(stepped(base, 96, 104, 8, dark).transpose(Image.Transpose.ROTATE_90)),
    }
    assert fired(RULE, files) == {}


def test_a_corner_cut_out_of_a_shifted_picture_is_no_step_of_a_row_of_blocks(fired: Fired) -> None:
    chance = random.Random("corners")
    files = {}
    for seed in range(12):
        shifted = on_canvas(photo(f"{seed}", 320, 240).crop((0, 48, 320, 240)), below=48)
        high, wide = chance.choice((21, 26, 29, 34)), chance.randrange(50, 150)
        shifted.paste(GREY, (320 - wide, 192 - high, 320, 192))
        files[f"{seed}.{('png', 'jpg')[seed % 2]}"] = (png, jpeg)[seed % 2](shifted)
    assert len(fired(RULE, files)) <= 1


def test_a_filling_is_found_whatever_the_picture_was_cut_or_scaled_to_since(fired: Fired) -> None:
    files = {}
    for seed in range(6):
        whole = filled(cut(jpeg(photo(f"{seed}", 480, 352)), 0.6))
        files |= {
            f"cut {seed}.png": png(whole.crop((37, 29, 443, 352))),
            f"smaller {seed}.png": png(whole.resize((336, 246), Image.Resampling.BOX)),
            f"square {seed}.jpg": jpeg(whole.resize((256, 256), Image.Resampling.BOX), quality=90),
            f"enlarged {seed}.png": png(whole.resize((720, 528), Image.Resampling.BICUBIC)),
        }
    assert len(fired(RULE, files)) >= 0.75 * len(files)


def test_mist_above_a_bar_is_no_step_of_it(fired: Fired) -> None:
    files = {}
    for seed in range(6):
        pixels = np.array(on_canvas(photo(f"{seed}", WIDTH, HEIGHT - 48)))
        mist = np.random.default_rng(seed).integers(121, 136, (16, 40, 1))
        pixels[HEIGHT - 64 : HEIGHT - 48, -40:] = mist
        files[f"{seed}.png"] = png(Image.fromarray(pixels))
        files[f"{seed}.jpg"] = jpeg(Image.fromarray(pixels), quality=90)
    assert fired(RULE, files) == {}


def test_ordinary_pictures_are_not_filled(fired: Fired) -> None:
    files = {
        "sky.jpg": jpeg(gradient("a").transpose(Image.Transpose.FLIP_TOP_BOTTOM)),
        "product.jpg": jpeg(product("b")),
        "line_art.png": png(line_art("c")),
        "screenshot.png": png(screenshot("d")),
        "posterised.png": png(photo("e").quantize(4, dither=Image.Dither.NONE).convert("RGB")),
        "face.jpg": jpeg(photo("f", 48, 48).convert("L")),
    }
    files |= {f"{seed}.jpg": jpeg(photo(str(seed), 120, 90)) for seed in range(20)}
    assert fired(RULE, files) == {}


def test_what_stands_on_grey_below_a_smooth_sky_is_no_filling(fired: Fired) -> None:
    files = {}
    for column in (64, 112, 160):
        picture = gradient(f"{column}", WIDTH, HEIGHT)
        picture.paste(GREY, (0, 96, WIDTH, HEIGHT))
        picture.paste((200, 60, 40), (0, 80, column, 96))
        picture.paste(GREY, (column, 80, WIDTH, 96))
        beside = picture.copy()
        beside.paste(ImageOps.mirror(gradient("b", WIDTH, 96)).crop((0, 0, column, 96)), (0, 0))
        files |= {f"tab {column}.jpg": jpeg(picture, quality=90), f"pair {column}.jpg": jpeg(beside, quality=90)}
    assert fired(RULE, files) == {}


def test_a_few_rows_are_not_worth_a_word(fired: Fired) -> None:
    base = photo("a", 320, 640)
    files = {"few.png": png(stepped(base, 624, 104, 8)), "more.png": png(stepped(base, 608, 104, 8))}
    assert set(fired(RULE, files)) == {"more.png"}
    assert fired(RULE, files, rule_options={RULE: {"min-share": 0.2}}) == {}


def test_most_fillings_are_found_and_the_reduced_picture_hides_none() -> None:
    chance = random.Random("fillings")
    files = []
    for seed in range(24):
        size = chance.choice([(240, 176), (160, 120), (333, 250)])
        data = jpeg(photo(f"recall {seed}", *size), quality=chance.choice((75, 90)), subsampling=chance.choice((0, 2)))
        picture = filled(cut(data, chance.uniform(0.3, 0.8)))
        files.append(chance.choice((jpeg, png, webp))(picture))
    found = batch(files)
    traced = []
    for number, picture in enumerate(found.pictures):
        full = found.grey(number)
        assert full is not None
        traced.append(trace(full) is not None)
        assert "lower" in candidates(picture, *full.shape) or not traced[-1]
    assert sum(traced) >= 20


def test_a_filling_below_a_photo_of_which_8_rows_were_cropped_off_is_found(fired: Fired) -> None:
    files = {}
    for seed in range(8):
        whole = filled(cut(jpeg(photo(f"crop {seed}", 480, 352), quality=85), 0.6))
        files[f"{seed}.jpg"] = jpeg(whole.crop((0, 8, 480, 352)), quality=85)
    assert len(fired(RULE, files)) >= 7


def test_a_filling_that_was_made_brighter_is_found_where_the_photo_goes_on_in_its_step(fired: Fired) -> None:
    files = {}
    for seed in range(8):
        whole = filled(cut(jpeg(photo(f"bright {seed}", 480, 352), quality=92), 0.6))
        files[f"{seed}.jpg"] = jpeg(ImageEnhance.Brightness(whole).enhance(1.2), quality=95)
    assert len(fired(RULE, files)) >= 6


def test_strips_of_another_photo_on_a_bar_of_another_grey_or_8_rows_off_are_no_filling(fired: Fired) -> None:
    files = {}
    for seed in range(12):
        for grey, row in ((128, 200), (150, 208)):
            bar = on_canvas(photo(f"strip {seed}", 320, row), (grey, grey, grey))
            files[f"plain {seed} {grey}.jpg"] = jpeg(bar, quality=95)
            bar.paste(photo(f"other {seed}", 320, row).crop((0, 0, 112, 16)), (0, row))
            files[f"strip {seed} {grey}.jpg"] = jpeg(bar, quality=95)
    assert fired(RULE, files) == {}
