"""QR codes as shops, hosts and posters show them: plain, with a logo, coloured, turned, photographed at an angle."""

from __future__ import annotations

import random

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from corrupt_samples.pictures import photo

Colour = tuple[int, int, int]


def code(text: str, *, module: int = 6, quiet: int = 4, level: str = "M") -> Image.Image:
    """Return a QR code in mode RGB: so many pixels a module, so many modules of quiet zone."""
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    bare = Image.fromarray(np.array(made.to_image(scale=1, add_quiet_zones=False)))
    side = bare.width + 2 * quiet
    whole = Image.new("L", (side, side), 255)
    whole.paste(bare, (quiet, quiet))
    return whole.resize((side * module, side * module), Image.Resampling.NEAREST).convert("RGB")


def with_logo(picture: Image.Image, share: float = 0.2, colour: Colour = (30, 110, 220)) -> Image.Image:
    """Cover the middle of a code, a share of its width, by a shop's sign."""
    picture = picture.copy()
    half = int(picture.width * share / 2)
    x, y = picture.width // 2, picture.height // 2
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle([x - half, y - half, x + half, y + half], radius=half // 3, fill="white")
    inner = half * 4 // 5
    draw.ellipse([x - inner, y - inner, x + inner, y + inner], fill=colour)
    return picture


def coloured(picture: Image.Image, dark: Colour, light: Colour) -> Image.Image:
    """Print a code in other colours than black and white."""
    grey = np.asarray(picture.convert("L"), np.float32)[:, :, None] / 255
    mixed = np.asarray(dark, np.float32) * (1 - grey) + np.asarray(light, np.float32) * grey
    return Image.fromarray(mixed.astype(np.uint8))


def turned(picture: Image.Image, degrees: float, colour: Colour = (255, 255, 255)) -> Image.Image:
    """Turn a picture, in a frame that holds all of it."""
    return picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=colour)


def noisy(picture: Image.Image, seed: str, sigma: float) -> Image.Image:
    """Add the noise of a bad sensor."""
    chance = np.random.default_rng(random.Random(seed).randrange(1 << 32))
    values = np.asarray(picture, np.float32) + chance.normal(0, sigma, (picture.height, picture.width, 1))
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def blurred(picture: Image.Image, radius: float) -> Image.Image:
    """Put a picture out of focus."""
    return picture.filter(ImageFilter.GaussianBlur(radius))


def poster(picture: Image.Image, seed: str, *, width: int = 640, height: int = 800, share: float = 0.5) -> Image.Image:
    """Set a code into the middle of a card, a share of its width, with bars for words above and below."""
    chance = random.Random(seed)
    paper = chance.choice([(255, 255, 255), (22, 120, 255), (7, 193, 96), (240, 240, 235), (250, 220, 40)])
    card = Image.new("RGB", (width, height), paper)
    draw = ImageDraw.Draw(card)
    side = int(width * share)
    left, top = (width - side) // 2, (height - side) // 2
    draw.rounded_rectangle([left - 20, top - 20, left + side + 20, top + side + 20], radius=18, fill="white")
    ink = (40, 40, 40) if sum(paper) > 450 else (255, 255, 255)
    for row in (0.06, 0.11, 0.9):
        length = chance.uniform(0.3, 0.7) * width
        draw.rectangle(
            [(width - length) / 2, row * height, (width + length) / 2, row * height + 0.025 * height], fill=ink
        )
    card.paste(picture.resize((side, side), Image.Resampling.LANCZOS), (left, top))
    return card


def on_photo(
    picture: Image.Image,
    seed: str,
    *,
    width: int = 480,
    height: int = 360,
    share: float = 0.5,
    at: tuple[float, float] = (0.5, 0.5),
) -> Image.Image:
    """Lay a code on a photograph: a share of its height, its centre at a place from 0 to 1 across and down."""
    scene = photo(seed, width, height)
    side = int(height * share)
    small = picture.resize((side, side), Image.Resampling.LANCZOS)
    scene.paste(small, (int(at[0] * width) - side // 2, int(at[1] * height) - side // 2))
    return scene


def at_an_angle(picture: Image.Image, seed: str, *, strength: float = 0.18, margin: float = 0.12) -> Image.Image:
    """Photograph a picture on a table from the side."""
    chance = random.Random(seed)
    side = picture.width
    room = int(side * margin)
    scene = photo(seed, side + 2 * room, side + 2 * room)
    corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    moved = [
        (
            room + (x + (0.5 - x) * 2 * chance.uniform(0, strength)) * side,
            room + (y + (0.5 - y) * 2 * chance.uniform(0, strength)) * side,
        )
        for x, y in corners
    ]
    rows, values = [], []
    for (x, y), (u, v) in zip(moved, corners, strict=True):
        u, v = u * side, v * side
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    plane = np.linalg.solve(np.array(rows), np.array(values)).tolist()
    laid = picture.transform(scene.size, Image.Transform.PERSPECTIVE, plane, Image.Resampling.BICUBIC)
    covered = Image.new("L", picture.size, 255).transform(scene.size, Image.Transform.PERSPECTIVE, plane)
    scene.paste(laid, (0, 0), covered)
    return scene
