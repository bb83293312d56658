"""Pictures and copies of them, and how alike these are."""

from __future__ import annotations

import io
import os
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from corrupt_samples.encode import encode, jpeg, palette, webp
from corrupt_samples.pictures import gradient, letterboxed, line_art, photo, product, screenshot
from sanitize.compare import closer
from sanitize.compare.agreement import agree, agree_in_shades
from sanitize.compare.look import SIDE, look, pack, unpack
from tests.batches import batch

Alike = Callable[[bytes, bytes], float]
Colour = tuple[int, int, int]
RED, GREEN = (220, 40, 40), (30, 120, 40)  # of nearly the same luma
KINDS = [photo, gradient, letterboxed, line_art, product, screenshot]


def look_at(data: bytes, folder: Path) -> bytes:
    """Return the look of a picture, which is written into `folder`."""
    (folder / "file").write_bytes(data)
    with Image.open(io.BytesIO(data)) as picture:
        item = (b"file", (picture.format or "").lower(), picture.mode, None, *picture.size, False)
    root = os.fsencode(folder)
    (found,) = pack([look(item, root=root)], root=root)
    assert found is not None
    return found["look"]  # type: ignore[return-value]


def shorter_sides(pictures: Sequence[bytes]) -> npt.NDArray[np.int64]:
    """Return the shorter sides of pictures, pixels."""
    return np.array([min(Image.open(io.BytesIO(data)).size) for data in pictures])


def looks_alike(folder: Path) -> Alike:
    """Return a function that returns how alike two pictures look; NaN where they are not the same. It writes into `folder`."""

    def alike(*pictures: bytes) -> float:
        looks = unpack([look_at(data, folder) for data in pictures])
        return float(agree(looks, shorter_sides(pictures), np.array([0]), np.array([1]))[0])

    return alike


def alike_in_shades(one: bytes, other: bytes) -> float:
    """Return how alike two pictures are by their shades alone; NaN where these are not the same."""
    levels = batch([one, other]).shades.reshape(2, SIDE, SIDE)
    return float(agree_in_shades(levels, shorter_sides([one, other]), np.array([0]), np.array([1]))[0])


def brighter(picture: Image.Image) -> Image.Image:
    return picture.point(lambda value: min(255, value * 6 // 5))


def lifted(picture: Image.Image) -> Image.Image:
    return picture.point(lambda value: min(255, value + 40))


def written(seed: int, width: int = 480, height: int = 640) -> Image.Image:
    """A page of lines of words, with a blank line here and there."""
    chance = random.Random(seed)
    page = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(page)
    top = 30
    while top < height - 30:
        left, end = 40, chance.choice([width - 40, width - 40, width // 2])
        while left < end:
            word = chance.randint(8, 50)
            pen.rectangle((left, top, min(left + word, end), top + 6), fill=(20, 20, 20))
            left += word + 7
        top += chance.choice([13, 13, 13, 26])
    return page


def printed(seed: int, width: int = 560, height: int = 800) -> Image.Image:
    """A page full of lines of letters that are too small to be seen in a small picture."""
    chance = random.Random(seed)
    page = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(page)
    for top in range(60, height - 40, 12):
        left = 40
        while left < width - 40:
            end = left + chance.randint(6, 40)
            for stroke in range(left, min(end, width - 40), 4):
                pen.line((stroke, top, stroke, top + chance.choice((4, 5, 7))), fill=(60, 60, 60))
            left = end + 5
    return page


COPIES: dict[str, Callable[[Image.Image], bytes]] = {
    "quality 40": lambda picture: jpeg(picture, quality=40),
    "WebP": webp,
    "GIF": lambda picture: encode(palette(picture, 256), "GIF"),
    "grey": lambda picture: jpeg(picture.convert("L")),
    "half": lambda picture: jpeg(picture.resize((picture.width // 2, picture.height // 2))),
    "double": lambda picture: jpeg(picture.resize((picture.width * 2, picture.height * 2))),
    "brighter": lambda picture: jpeg(brighter(picture)),
    "darker": lambda picture: jpeg(picture.point(lambda value: value * 4 // 5)),
}


def window(number: int) -> Image.Image:
    """A program's window in a light theme: print on white, between bars of light grey."""
    chance = random.Random(number)
    picture = Image.new("RGB", (1024, 768), "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 1024, 34), fill=(222, 225, 230))
    pen.rectangle((0, 34, 220, 768), fill=(245, 245, 246))
    for row in range(30):
        left, words = 250 + 20 * chance.randint(0, 3), chance.randint(1, 9)
        text = " ".join("".join(chance.choices("abcdefghilmnoprstu", k=chance.randint(2, 9))) for _ in range(words))
        pen.text((14 + 12 * chance.randint(0, 2), 50 + 23 * row), text[:12], fill=(40, 40, 40), font_size=13)
        pen.text((left, 60 + 22 * row), text, fill=(40, 40, 40), font_size=14)
    return picture


def alike(one: bytes, other: bytes) -> bool:
    pictures = [np.asarray(Image.open(io.BytesIO(data)).convert("RGB")) for data in (one, other)]
    told = {closer.agree(*pictures), closer.agree(*pictures[::-1])}
    assert len(told) == 1
    return told.pop()


def lamp(colour: Colour, seed: str = "land") -> Image.Image:
    picture = photo(seed, 320, 240)
    ImageDraw.Draw(picture).ellipse((145, 105, 175, 135), fill=colour)
    return picture


def form(seed: int) -> Image.Image:
    """An invoice of a few lines below a large head."""
    chance = random.Random(seed)
    page = Image.new("RGB", (480, 680), "white")
    pen = ImageDraw.Draw(page)
    pen.text((30, 20), "NORTHWIND", fill=(120, 0, 0), font_size=40)
    for row in range(3):
        word = "".join(chance.choice("abcdefghijklmnop") for _ in range(chance.randint(4, 9)))
        pen.text((30, 140 + 28 * row), word, fill="black", font_size=14)
        pen.text(
            (340, 140 + 28 * row),
            f"{chance.randint(10, 999)}.{chance.randint(10, 99)}",
            fill="black",
            font_size=14,
        )
        pen.line((30, 160 + 28 * row, 440, 160 + 28 * row), fill=(200, 200, 200))
    return page


def spectacles(ink: Colour) -> Image.Image:
    """Thin frames on white, and nothing else."""
    thing = Image.new("RGB", (400, 400), "white")
    pen = ImageDraw.Draw(thing)
    for left in (50, 220):
        pen.ellipse((left, 150, left + 130, 250), outline=ink, width=5)
    pen.line((180, 190, 220, 190), fill=ink, width=5)
    return thing
