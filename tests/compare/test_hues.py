"""Copies are the same though they have lost some of their colours, or all of such as stand in few places."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageEnhance

from corrupt_samples.encode import jpeg, png
from corrupt_samples.pictures import photo
from tests.compare.test_closer import alike


def test_photos_are_the_same_as_their_copies_of_few_colours() -> None:
    for seed in ("1", "3"):
        picture = ImageEnhance.Color(photo(seed, 320, 240)).enhance(0.3)
        assert alike(png(picture), png(picture.quantize(64)))


def plan(mark: str) -> Image.Image:
    """A plan in black, with small marks all over it: on average it has no colour, and in a large window hardly any."""
    picture = Image.new("RGB", (480, 480), "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((20, 20, 460, 460), outline="black", width=3)
    pen.line((40, 440, 180, 200, 300, 260, 440, 60), fill="black", width=4)
    for left in range(60, 440, 56):
        for top in range(60, 440, 56):
            pen.rectangle((left, top, left + 6, top + 6), fill=mark)
    return picture


def test_a_plan_with_small_marks_in_colour_is_the_same_as_its_grey_copy() -> None:
    for mark in ("#dc2828", "#2828dc"):
        assert alike(png(plan(mark)), jpeg(plan(mark).convert("L")))
