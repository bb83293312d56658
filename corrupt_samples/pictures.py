"""The pictures that samples are made of: textured like photographs, each from a seed of its own.

Only integer arithmetic and Pillow's 8-bit resampling are used, so that the pixels are the same on every machine.
"""

from __future__ import annotations

import random

import numpy as np
from PIL import Image, ImageDraw

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
    for step in range(3):
        inset = width // 5 + step * width // 12
        corners = [(inset, inset), (width - inset, height - inset)]
        draw.rounded_rectangle(corners, radius=chance.randrange(2, 12), fill=_colour(chance))
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
    """Return windows and rows of small marks, all of it flat colours and sharp edges."""
    chance = random.Random(seed)
    picture = Image.new("RGB", (width, height), (236, 238, 241))
    draw = ImageDraw.Draw(picture)
    draw.rectangle([(0, 0), (width, 12)], fill=_colour(chance))
    for top in range(20, height - 8, 8):
        left = 8
        while left < width - 16:
            word = chance.randrange(4, 20)
            draw.rectangle([(left, top), (min(left + word, width - 8), top + 3)], fill=(40, 44, 52))
            left += word + 4
    return picture


def gradient(seed: str, width: int = 128, height: int = 128) -> Image.Image:
    """Return a smooth sky with no texture at all."""
    chance = random.Random(seed)
    corners = Image.frombytes("RGB", (2, 2), chance.randbytes(12))
    return corners.resize((width, height), Image.Resampling.BILINEAR)


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
