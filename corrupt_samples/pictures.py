"""The pictures that samples are made of: textured like photographs, each from a seed of its own.

Only integer arithmetic and Pillow's 8-bit resampling are used, so that the pixels are the same on every machine.
"""

from __future__ import annotations

import random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

#: Layers of a photograph: cells a side, weight.
_LAYERS = ((3, 7), (6, 5), (13, 3), (40, 1))
_WEIGHTS = sum(weight for _cells, weight in _LAYERS)
_CONTRAST = 9, 4  # what averaging layers takes away, as a fraction


def photo(seed: str, width: int = 96, height: int = 96) -> Image.Image:
    """Return an RGB picture with light and shade, shapes and grain, which no other seed gives."""
    chance = random.Random(seed)
    total = np.zeros((height, width, 3), np.int32)
    for cells, weight in _LAYERS:
        layer = Image.frombytes("RGB", (cells, cells), chance.randbytes(3 * cells * cells))
        total += weight * np.asarray(layer.resize((width, height), Image.Resampling.BICUBIC), np.int32)
    times, over = _CONTRAST
    total = (total // _WEIGHTS - 128) * times // over + 128
    picture = Image.fromarray(np.clip(total, 8, 247).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    for _ in range(5):
        _draw_shape(draw, chance, width, height)
    grain = np.frombuffer(chance.randbytes(width * height), np.uint8).reshape(height, width, 1) % 9
    return Image.fromarray(np.clip(np.asarray(picture, np.int32) + grain - 4, 0, 255).astype(np.uint8))


def product(seed: str, width: int = 128, height: int = 128) -> Image.Image:
    """Return a few flat shapes on pure white, as a shop shows its goods."""
    chance = random.Random(seed)
    picture = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(picture)
    for _ in range(4):
        left, top = chance.randrange(8, width * 2 // 3), chance.randrange(8, height * 2 // 3)
        right, bottom = left + chance.randrange(16, width // 3), top + chance.randrange(16, height // 3)
        draw.rounded_rectangle([(left, top), (right, bottom)], radius=chance.randrange(2, 12), fill=_colour(chance))
    return picture


def letterboxed(seed: str, width: int = 128, height: int = 128) -> Image.Image:
    """Return a frame of a film between two black bars."""
    picture = Image.new("RGB", (width, height))
    picture.paste(photo(seed, width, height // 2), (0, height // 4))
    return picture


def line_art(seed: str, width: int = 128, height: int = 128) -> Image.Image:
    """Return black lines on white."""
    chance = random.Random(seed)
    picture = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(picture)
    for _ in range(14):
        ends = [(chance.randrange(width), chance.randrange(height)) for _ in range(2)]
        draw.line(ends, fill="black", width=chance.randrange(1, 3))
    return picture


def screenshot(seed: str, width: int = 160, height: int = 120) -> Image.Image:
    """Return windows with rows of small marks, all of it flat colours and sharp edges."""
    chance = random.Random(seed)
    picture = Image.new("RGB", (width, height), (236, 238, 241))
    draw = ImageDraw.Draw(picture)
    for _ in range(4):
        left, top = chance.randrange(width * 2 // 3), chance.randrange(height * 2 // 3)
        right, bottom = left + chance.randrange(40, width * 2 // 3), top + chance.randrange(30, height * 2 // 3)
        paper, ink = ("white", (40, 44, 52)) if chance.random() < 0.5 else ((40, 44, 52), (220, 220, 220))
        draw.rectangle([(left, top), (right, bottom)], fill=paper)
        draw.rectangle([(left, top), (right, top + 8)], fill=_colour(chance))
        for row in range(top + 13, bottom - 4, 6):
            draw.rectangle([(left + 4, row), (left + chance.randrange(8, right - left - 4), row + 2)], fill=ink)
    return picture


def gradient(seed: str, width: int = 128, height: int = 128) -> Image.Image:
    """Return a smooth sky with no texture at all."""
    chance = random.Random(seed)
    cells = Image.frombytes("RGB", (5, 5), chance.randbytes(75))
    return cells.resize((width, height), Image.Resampling.BILINEAR)


def shirt(design: Image.Image, colour: tuple[int, int, int] = (60, 80, 140)) -> Image.Image:
    """Return a shirt on white, always of the same cut, with a design of 48 × 48 pixels on it."""
    picture = Image.new("RGB", (256, 192), "white")
    sleeves = [(70, 20), (186, 20), (225, 70), (195, 85), (186, 70), (70, 70), (61, 85), (31, 70)]
    draw = ImageDraw.Draw(picture)
    draw.polygon(sleeves, fill=colour)
    draw.rectangle((70, 20, 186, 180), fill=colour)
    picture.paste(design, (104, 60))
    return picture


def night_sky(seed: str) -> Image.Image:
    """Return the moon, always in the same place, and 40 stars where no other seed puts them."""
    chance = random.Random(seed)
    picture = Image.new("RGB", (256, 192), (10, 10, 10))
    ImageDraw.Draw(picture).circle((190, 50), 18, fill=(160, 160, 160))
    picture = picture.filter(ImageFilter.GaussianBlur(2))
    draw = ImageDraw.Draw(picture)
    for _ in range(40):
        x, y, level = chance.randrange(2, 254), chance.randrange(2, 190), chance.randrange(50, 255)
        draw.rectangle((x - 1, y - 1, x + 1, y + 1), fill=(level, level, level))
    return picture


def depth(picture: Image.Image) -> np.ndarray[tuple[int, int], np.dtype[np.uint16]]:
    """Return a grey picture of 16 bits, all of them used."""
    values = np.asarray(picture.convert("L"), np.uint16)
    return values * 257 - np.arange(values.shape[1], dtype=np.uint16) % 64 * (values > 0)


def _draw_shape(draw: ImageDraw.ImageDraw, chance: random.Random, width: int, height: int) -> None:
    left, top = chance.randrange(width * 3 // 4), chance.randrange(height * 3 // 4)
    right, bottom = left + chance.randrange(8, width // 2), top + chance.randrange(8, height // 2)
    if chance.random() < 0.5:
        draw.ellipse([(left, top), (right, bottom)], fill=_colour(chance))
    else:
        draw.polygon([(left, bottom), ((left + right) // 2, top), (right, bottom)], fill=_colour(chance))


def _colour(chance: random.Random) -> tuple[int, int, int]:
    return chance.randrange(20, 236), chance.randrange(20, 236), chance.randrange(20, 236)
