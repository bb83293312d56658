from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from corrupt_samples.encode import (
    animated,
    encode,
    jpeg,
    palette,
    png,
    png_of,
    sixteen_bits,
    tiff,
    transparent,
    webp,
)
from corrupt_samples.pictures import gradient, letterboxed, line_art, photo, product, screenshot
from sanitize.errors import UsageError
from sanitize.probe.statistics import measure
from tests.batches import batch

if TYPE_CHECKING:
    from tests.conftest import Fired

RULE = "blank"
SIZE = (60, 50)
EQUAL = ("error", "all 3000 pixels are equal; standardising divides by zero")


def dotted(base: Image.Image, spot: object) -> Image.Image:
    """A picture with one pixel of another value."""
    copy = base.copy()
    copy.putpixel((41, 17), spot)  # type: ignore[arg-type]
    return copy


def wide(levels: np.ndarray) -> bytes:
    """A PNG of 16-bit RGB."""
    return png_of(*SIZE, 16, 2, b"".join(b"\0" + row.tobytes() for row in levels.astype(">u2")))


def wide_as(suffix: str, levels: np.ndarray) -> bytes:
    """A picture of 16-bit RGB in another format."""
    return cv2.imencode(suffix, levels.astype(np.uint16))[1].tobytes()


def test_pictures_of_one_colour_are_errors_in_every_format_and_mode(fired: Fired) -> None:
    colour, grey = Image.new("RGB", SIZE, (130, 40, 77)), Image.new("L", SIZE, 128)
    files = {
        "a.jpg": jpeg(colour),
        "black.jpg": jpeg(Image.new("RGB", SIZE)),
        "progressive.jpg": jpeg(colour, progressive=True),
        "444.jpg": jpeg(colour, subsampling=0, quality=100),
        "grey.jpg": jpeg(grey),
        "cmyk.jpg": jpeg(colour.convert("CMYK")),
        "a.png": png(colour),
        "grey.png": png(grey),
        "palette.png": png(palette(colour)),
        "bits.png": png(Image.new("1", SIZE, 1)),
        "16.png": png(Image.new("I;16", SIZE, 40000)),
        "alpha.png": png(Image.new("RGBA", SIZE, (1, 2, 3, 90))),
        "wide.png": wide(np.full((*SIZE[::-1], 3), 0x1234)),
        "wide.tif": wide_as(".tiff", np.full((*SIZE[::-1], 3), 0x1234)),
        "wide.ppm": wide_as(".ppm", np.full((*SIZE[::-1], 3), 0x1234)),
        "a.gif": encode(palette(colour), "GIF"),
        "a.webp": webp(colour, lossless=True),
        "a.bmp": encode(colour, "BMP"),
        "a.tif": tiff(colour),
        "float.tif": tiff(Image.new("F", SIZE, 0.25)),
        "a.ppm": encode(colour, "PPM"),
        "turned.jpg": jpeg(Image.new("RGB", (50, 60), (9, 9, 9))),
    }
    assert fired(RULE, files) == dict.fromkeys(files, EQUAL)


def test_one_pixel_that_differs_in_one_channel_or_bit_is_no_error(fired: Fired) -> None:
    colour = Image.new("RGB", SIZE, (130, 40, 77))
    wide = np.full((50, 60), 40000, np.uint16)
    wide[17, 41] += 1
    files = {
        "blue.png": png(dotted(colour, (130, 40, 78))),
        "grey.png": png(dotted(Image.new("L", SIZE, 7), 8)),
        "alpha.png": png(dotted(Image.new("RGBA", SIZE, (255, 255, 255, 255)), (255, 255, 255, 254))),
        "hidden.png": png(dotted(Image.new("RGBA", SIZE, (9, 9, 9, 0)), (200, 0, 0, 0))),
        "16.png": png(Image.fromarray(wide)),
        "float.tif": tiff(dotted(Image.new("F", SIZE, 0.25), 0.2501)),
        "a.webp": webp(dotted(colour, (130, 41, 77)), lossless=True),
        "a.bmp": encode(dotted(colour, (131, 40, 77)), "BMP"),
        "q100.jpg": jpeg(dotted(colour, (255, 255, 255)), quality=100, subsampling=0),
    }
    found = fired(RULE, files)
    assert {severity for severity, _message in found.values()} == {"warning"}
    assert found["16.png"][1].endswith("have one colour in 8 of their 16 bits")
    said = "nearly blank: 99.8 % of the pixels have one colour"
    assert found["blue.png"] == ("warning", said)
    assert found["alpha.png"] == ("warning", f"{said}, seen over white where transparent")


def test_a_bit_that_only_sixteen_have_is_no_error(fired: Fired) -> None:
    levels = np.full((*SIZE[::-1], 3), 0x1234)
    levels[17, 41, 2] += 1
    files = {"a.png": wide(levels), "a.tif": wide_as(".tiff", levels)}
    assert [severity for severity, _message in fired(RULE, files).values()] == ["warning"] * 2


def test_numbers_of_equal_colours_in_a_palette_are_not_equal_as_stored(fired: Fired) -> None:
    def mask(side: int) -> bytes:
        """A mask of two classes without colours of their own."""
        shape = Image.new("P", SIZE)
        shape.putpalette([0, 0, 0, 0, 0, 0])
        shape.paste(1, (5, 5, 5 + side, 5 + side))
        return png(shape)

    files = {f"{number}.png": mask(10 + number) for number in range(4)}
    assert fired(RULE, files) == {}
    labelled = fired(RULE, files, listed=tuple(files))
    assert labelled == dict.fromkeys(files, ("warning", "nearly blank: 99.8 % of the pixels have one colour"))


def test_a_film_that_begins_with_one_colour_is_a_warning(fired: Fired) -> None:
    first, then = palette(Image.new("RGB", SIZE, (5, 5, 5))), palette(photo("a").resize(SIZE))
    files = {"a.gif": encode(first, "GIF", save_all=True, append_images=[then]), "b.gif": animated(photo("b"), "GIF")}
    assert fired(RULE, files) == {"a.gif": ("warning", "all pixels of the first of 2 frames are equal")}


def test_nearly_blank_is_a_warning_up_to_so_many_levels(fired: Fired) -> None:
    rows, columns = np.mgrid[:80, :80]

    def even(span: int) -> bytes:
        return png(Image.fromarray((120 + (rows * 7 + columns * 3) % (span + 1)).astype(np.uint8)).convert("RGB"))

    said = "nearly blank: 99.8 % of the pixels lie within {} of 256 levels"
    files = {"3.png": even(3), "10.png": even(10), "11.png": even(11)}
    assert fired(RULE, files) == {f"{span}.png": ("warning", said.format(span)) for span in (3, 10)}
    assert fired(RULE, files, rule_options={RULE: {"levels": 2}}) == {}
    files = {f"{span}.png": even(span) for span in (3, 10, 11, 16, 17)}
    assert fired(RULE, files, rule_options={RULE: {"levels": 16}}).keys() == files.keys() - {"17.png"}


def test_a_slope_of_so_many_levels_is_nearly_blank(fired: Fired) -> None:
    def slope(span: int) -> bytes:
        return png(
            Image.fromarray(np.tile((90 + np.arange(320) * span // 319).astype(np.uint8), (240, 1))).convert("RGB")
        )

    files = {f"{span}.png": slope(span) for span in (8, 9, 10, 11)}
    assert set(fired(RULE, files)) == {"8.png", "9.png", "10.png"}


def test_levels_beyond_what_is_measured_are_refused(fired: Fired) -> None:
    with pytest.raises(UsageError, match=r"^.*blank\.levels.* 0 to 16.*$"):
        fired(RULE, {"a.png": png(photo("a"))}, rule_options={RULE: {"levels": 17}})


def test_dark_smooth_and_empty_looking_pictures_are_not_blank(fired: Fired) -> None:
    night = Image.new("L", (640, 480), 6)
    ImageDraw.Draw(night).ellipse([(500, 60), (530, 90)], fill=240)
    signed = Image.new("L", (1200, 900), 255)
    ImageDraw.Draw(signed).line([(700, 800), (800, 760), (850, 820), (1000, 780)], fill=0, width=4)
    title = Image.new("L", (850, 1100), 255)
    ImageDraw.Draw(title).text((380, 540), "Chapter 1", fill=0)
    isoluminant = Image.new("RGB", SIZE, (200, 0, 0))
    isoluminant.paste((0, 102, 0), (0, 0, 30, 50))
    files = {
        "night.jpg": jpeg(night),
        "signed.png": png(signed),
        "title.png": png(title),
        "isoluminant.png": png(isoluminant),
        "dark.jpg": jpeg(photo("a").point(lambda level: level // 6)),
        "sky.jpg": jpeg(gradient("b")),
        "product.jpg": jpeg(product("c")),
        "letterbox.png": png(letterboxed("d")),
        "line_art.png": png(line_art("e")),
        "screenshot.webp": webp(screenshot("f")),
        "photo.jpg": jpeg(photo("g")),
        "alpha.png": png(transparent(photo("h"))),
    }
    assert fired(RULE, files) == {}


def test_blank_masks_are_as_they_should_be_unless_they_have_labels(fired: Fired) -> None:
    mask = Image.new("L", SIZE)
    ImageDraw.Draw(mask).rectangle([(5, 5), (30, 30)], fill=1)
    files = {f"masks/{number}.png": png(mask) for number in range(3)} | {"masks/empty.png": png(Image.new("L", SIZE))}
    files |= {f"images/{number}.jpg": jpeg(photo(str(number))) for number in range(4)}
    assert fired(RULE, files) == {}
    labelled = fired(RULE, files, listed=tuple(files))
    assert labelled.pop("masks/empty.png") == EQUAL
    assert {severity for severity, _message in labelled.values()} == {"warning"}


def test_a_blank_scan_among_scans_of_16_bits_is_no_mask(fired: Fired) -> None:
    scans = {f"{number}.png": photo(str(number), *SIZE).convert("L") for number in range(6)}
    files = {name: png(sixteen_bits(picture)) for name, picture in scans.items()}
    blank = {"blank.png": png(Image.fromarray(np.full(SIZE[::-1], 23_130, np.uint16)))}
    assert fired(RULE, files | blank) == {"blank.png": EQUAL}


def test_the_reduced_picture_hides_no_constant_one() -> None:
    colours = [(0, 0, 0), (255, 255, 255), (1, 0, 0), (127, 128, 129), (3, 250, 99)]
    sizes = [(1, 1), (7, 300), (31, 33), (500, 375), (1000, 70)]
    files = []
    for colour in colours:
        for size in sizes:
            plain = Image.new("RGB", size, colour)
            files += [jpeg(plain), png(plain), webp(plain, lossless=True), jpeg(plain.convert("L"), quality=30)]
    found = measure(batch(files))
    assert set(found["constant"]) == {True}
