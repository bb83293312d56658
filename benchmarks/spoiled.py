"""Makes a mixed set of photos as they are, the same spoiled in known ways, and drawings, a folder for each kind.

usage: python -m benchmarks.spoiled PHOTOS FOLDER; what is made of the same photos is the same each time
"""

from __future__ import annotations

import argparse
import random
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from benchmarks.pictures import find
from corrupt_samples.pictures import gradient, letterboxed, line_art, night_sky, product, screenshot

#: Photos that are spoiled in each way, and drawings of each kind.
SPOILED_EACH, DRAWN_EACH = 11, 10

_WIDTH, _HEIGHT = 500, 375


def _levels(change: Callable[[float], float]) -> Callable[[Image.Image], Image.Image]:
    return lambda photo: photo.point([min(255, round(change(level))) for level in range(256)] * 3)


def _faded(share: float) -> Callable[[Image.Image], Image.Image]:
    """Leave the brightest share of the levels."""
    return _levels(lambda level: 255 - (255 - level) * share)


def _blurred(share: float) -> Callable[[Image.Image], Image.Image]:
    """Blur with a deviation of that share of the shorter side."""
    return lambda photo: photo.filter(ImageFilter.GaussianBlur(share * min(photo.size)))


def _enlarged(photo: Image.Image) -> Image.Image:
    least = min(photo.size)
    small = photo.resize((round(photo.width * 16 / least), round(photo.height * 16 / least)), Image.Resampling.LANCZOS)
    return small.resize(photo.size, Image.Resampling.BICUBIC)


def _longer_side(pixels: int) -> Callable[[Image.Image], Image.Image]:
    def scale(photo: Image.Image) -> Image.Image:
        across, down = (max(1, round(side * pixels / max(photo.size))) for side in photo.size)
        return photo.resize((across, down), Image.Resampling.LANCZOS)

    return scale


def _strip(ratio: float) -> Callable[[Image.Image], Image.Image]:
    """Cut the middle out of a photo, so many times as wide as it is high."""

    def cut(photo: Image.Image) -> Image.Image:
        height = round(photo.width / ratio)
        top = max(0, photo.height - height) // 2
        return photo.crop((0, top, photo.width, top + height))

    return cut


#: How an RGB photo is spoiled, by the name of the folder.
SPOILED: dict[str, Callable[[Image.Image], Image.Image]] = {
    "brightness 0.1": _levels(lambda level: level * 0.1),
    "brightness 0.25": _levels(lambda level: level * 0.25),
    "brightness 0.4": _levels(lambda level: level * 0.4),
    "faded to 5 %": _faded(0.05),
    "faded to 15 %": _faded(0.15),
    "exposed 3 times": _levels(lambda level: level * 3),
    "blur 1 %": _blurred(0.01),
    "blur 2 %": _blurred(0.02),
    "blur 3 %": _blurred(0.03),
    "blur 5 %": _blurred(0.05),
    "enlarged from 16 pixels": _enlarged,
    "8 pixels": _longer_side(8),
    "40 pixels": _longer_side(40),
    "3000 pixels": _longer_side(3000),
    "5 to 1": _strip(5),
    "panorama 2.9 to 1": _strip(2.9),
    "grey": lambda photo: photo.convert("L"),
}


def _colour(seed: str) -> Image.Image:
    chance = random.Random(seed)
    return Image.new("RGB", (_WIDTH, _HEIGHT), (chance.randrange(256), chance.randrange(256), chance.randrange(256)))


def _noise(least: float, most: float) -> Callable[[str], Image.Image]:
    """Draw an even grey with noise of a deviation of so many levels."""

    def draw(seed: str) -> Image.Image:
        chance = random.Random(seed)
        deviation, level = chance.uniform(least, most), chance.randrange(60, 196)
        grain = np.random.default_rng(chance.randrange(2**32)).normal(0, deviation, (_HEIGHT, _WIDTH))
        return Image.fromarray(np.clip(level + grain, 0, 255).astype(np.uint8))

    return draw


def _card(seed: str) -> Image.Image:
    """Return a white card with a mark of 12 to 20 pixels."""
    chance = random.Random(seed)
    picture = Image.new("RGB", (_WIDTH, _HEIGHT), "white")
    left, top, side = chance.randrange(_WIDTH - 20), chance.randrange(_HEIGHT - 20), chance.randrange(12, 21)
    ImageDraw.Draw(picture).ellipse((left, top, left + side, top + side), fill=(200, 40, 40))
    return picture


def _page(seed: str) -> Image.Image:
    """Return a page of 20 to 30 lines of words that mean nothing."""
    chance = random.Random(seed)
    picture = Image.new("L", (600, 800), 255)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(14)
    for line in range(chance.randrange(20, 31)):
        words = ("".join(chance.choices("aeinorstu", k=chance.randrange(2, 9))) for _ in range(9))
        pen.text((60, 60 + 22 * line), " ".join(words), fill=20, font=font)
    return picture


def _stars(seed: str) -> Image.Image:
    """Return 20 to 200 stars of up to 2 × 2 pixels on a night sky."""
    chance = random.Random(seed)
    picture = Image.new("RGB", (_WIDTH, _HEIGHT), (12, 12, 18))
    pen = ImageDraw.Draw(picture)
    for _ in range(chance.randrange(20, 201)):
        x, y, side, level = (
            chance.randrange(_WIDTH),
            chance.randrange(_HEIGHT),
            chance.randrange(2),
            chance.randrange(80, 256),
        )
        pen.rectangle((x, y, x + side, y + side), fill=(level, level, level))
    return picture


def _lamp(seed: str) -> Image.Image:
    """Return a lamp and its glow in the dark."""
    chance = random.Random(seed)
    picture = Image.new("RGB", (_WIDTH, _HEIGHT), (9, 9, 12))
    x, y = chance.randrange(40, _WIDTH - 40), chance.randrange(40, _HEIGHT // 2)
    ImageDraw.Draw(picture).circle((x, y), 25, fill=(90, 80, 50))
    picture = picture.filter(ImageFilter.GaussianBlur(12))
    ImageDraw.Draw(picture).circle((x, y), 4, fill=(250, 240, 200))
    return picture


#: What is drawn, by the name of the folder.
DRAWN: dict[str, Callable[[str], Image.Image]] = {
    "one colour": _colour,
    "grey with weak noise": _noise(2, 5),
    "grey with strong noise": _noise(8, 14),
    "card with a mark": _card,
    "stars": _stars,
    "moon and stars": night_sky,
    "lamp at night": _lamp,
    "page of text": _page,
    "line art": lambda seed: line_art(seed, 400, 400),
    "goods on white": lambda seed: product(seed, 400, 400),
    "soft gradient": lambda seed: gradient(seed, _WIDTH, _HEIGHT),
    "letter-boxed": lambda seed: letterboxed(seed, 400, 400),
    "screenshot": lambda seed: screenshot(seed, 640, 480),
}


def make(photos: Sequence[str], folder: Path) -> int:
    """Write the set into a new folder, and return how many pictures it has."""
    for path in photos:
        shutil.copyfile(path, _place(folder, "photo", f"{Path(path).parent.name}_{Path(path).name}"))
    some = photos[:: max(1, len(photos) // SPOILED_EACH)][:SPOILED_EACH]
    for number, path in enumerate(some):
        with Image.open(path) as picture:
            photo = picture.convert("RGB")
        for kind, spoil in SPOILED.items():
            spoil(photo).save(_place(folder, kind, f"{number:02}.jpg"), quality=90)
    for kind, draw in DRAWN.items():
        for number in range(DRAWN_EACH):
            picture = draw(f"{kind} {number}").convert("RGB")  # a folder of grey ones of few levels is one of masks
            picture.save(_place(folder, kind, f"{number:02}.png"))
    return len(photos) + len(some) * len(SPOILED) + DRAWN_EACH * len(DRAWN)


def _place(folder: Path, kind: str, name: str) -> Path:
    (folder / kind).mkdir(parents=True, exist_ok=True)
    return folder / kind / name


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spoiled", description=__doc__)
    parser.add_argument("photos", help="any folder of photos; it is only read")
    parser.add_argument("folder", help="the folder to make")
    arguments = parser.parse_args()
    photos = find(arguments.photos)
    if not photos:
        parser.error(f"there is no image in {arguments.photos}")
    if Path(arguments.folder).exists():
        parser.error(f"{arguments.folder} is there already")
    print(f"{make(photos, Path(arguments.folder))} pictures")


if __name__ == "__main__":
    main()
