"""Pictures with next to nothing in them."""

import random

from PIL import Image, ImageDraw

from corrupt_samples.encode import jpeg, png, webp


def _mark(picture: Image.Image) -> Image.Image:
    """Return a card with a small mark, in a dark shade of the picture's middle."""
    card = Image.new("RGB", (160, 160), "white")
    ImageDraw.Draw(card).rectangle([(71, 76), (78, 80)], fill=tuple(level // 4 for level in picture.getpixel((48, 48))))
    return card


def _noise(picture: Image.Image) -> Image.Image:
    """Return an even grey with the noise of a sensor."""
    chance = random.Random(picture.tobytes())
    return Image.frombytes("L", picture.size, bytes(110 + byte % 16 for byte in chance.randbytes(96 * 96)))


SAMPLES = {
    "mark.png": lambda picture: png(_mark(picture)),
    "mark.jpg": lambda picture: jpeg(_mark(picture)),
    "noise.jpg": lambda picture: jpeg(_noise(picture), quality=90),
    "noise.webp": lambda picture: webp(_noise(picture), quality=95),
}
