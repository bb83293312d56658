"""Counts which QR codes are found, by kind, what the look for them costs, and how many ordinary pictures have one."""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from corrupt_samples import codes as made
from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import line_art, photo, product, screenshot
from sanitize.probe import codes, examine
from sanitize.probe.measurements import Seen, batch_of

Make = Callable[[random.Random, str], Image.Image]

_CASES = 200
_QUALITIES = (15, 30, 60, 80, 90, 95)


def _text(chance: random.Random) -> str:
    length = chance.choice((4, 12, 22, 37, 52, 82, 122))
    return "https://" + "".join(chance.choices("abcdefghijkmnpqrstuvwxyz0123456789/?=", k=length))


def _code(chance: random.Random, modules: tuple[int, ...] = (8,), levels: str = "LMQH") -> Image.Image:
    return made.code(
        _text(chance), module=chance.choice(modules), quiet=chance.choice((1, 2, 4)), level=chance.choice(levels)
    )


def _coloured(chance: random.Random, _seed: str) -> Image.Image:
    dark = chance.choice([(20, 20, 120), (120, 0, 0), (0, 80, 40), (80, 0, 90), (0, 120, 215)])
    return made.coloured(_code(chance), dark, chance.choice([(255, 255, 255), (255, 240, 180), (200, 255, 220)]))


_WHITE, _GREEN = (255, 255, 255), (7, 193, 96)
_BRANDS = [(colour, _WHITE) for colour in (_GREEN, (22, 119, 255), (255, 140, 0), (230, 30, 40))]
_BRANDS += [((0, 0, 0), _GREEN), ((20, 30, 80), (200, 170, 120))]


def _pale_on_photo(chance: random.Random, seed: str) -> Image.Image:
    dark = chance.randint(0, 150)
    shades = [(level,) * 3 for level in (dark, dark + chance.randint(90, 130))]
    return made.on_photo(made.coloured(_code(chance), *shades), seed, share=chance.uniform(0.45, 0.9))


def _coloured_on_photo(chance: random.Random, seed: str) -> Image.Image:
    return made.on_photo(made.coloured(_code(chance), *chance.choice(_BRANDS)), seed, share=chance.uniform(0.45, 0.9))


def _small_on_photo(chance: random.Random, seed: str) -> Image.Image:
    at = chance.uniform(0.3, 0.7), chance.uniform(0.3, 0.7)
    return made.on_photo(_code(chance), seed, share=chance.uniform(0.2, 0.45), at=at)


def _on_small_photo(chance: random.Random, seed: str) -> Image.Image:
    height = chance.randint(100, 255)
    code = made.code(_text(chance)[:40], module=8, quiet=chance.choice((1, 2, 4)), level=chance.choice("LMQH"))
    share = chance.uniform(0.5, 0.95) if height < 160 else chance.uniform(0.35, 0.95)  # else few can be read at all
    return made.on_photo(code, seed, width=height * 4 // 3, height=height, share=share)


def _on_large_photo(chance: random.Random, seed: str) -> Image.Image:
    width, share = chance.choice((1600, 2400, 4000)), chance.uniform(0.25, 0.6)
    return made.on_photo(_printed(chance), seed, width=width, height=width * 3 // 4, share=share)


def _printed(chance: random.Random) -> Image.Image:
    dark = chance.randint(20, 70)
    shades = [(level,) * 3 for level in (dark, dark + chance.randint(120, 180))]
    return made.turned(made.coloured(_code(chance, (16,)), *shades), chance.uniform(0, 360), shades[1])


def _half_shaded(chance: random.Random, _seed: str) -> Image.Image:
    levels = np.asarray(_code(chance, (3, 4, 6, 8, 12)).convert("L")).astype(np.float32)
    rows, columns = np.indices(levels.shape)
    levels[rows + columns > sum(levels.shape) / 2] *= chance.uniform(0.3, 0.6)
    return Image.fromarray(levels.astype(np.uint8))


def _darkened(make: Make, least: float, most: float) -> Make:
    """Return what makes the same pictures, with such a share of their brightness."""
    return lambda chance, seed: ImageEnhance.Brightness(make(chance, seed)).enhance(chance.uniform(least, most))


def _paled(make: Make, least: float, most: float) -> Make:
    """Return what makes the same pictures, with such a share of their contrast."""

    def paled(chance: random.Random, seed: str) -> Image.Image:
        picture, share = make(chance, seed), chance.uniform(least, most)
        return picture.point(lambda level: round(128 + (level - 128) * share))

    return paled


def _poster(chance: random.Random, seed: str) -> Image.Image:
    width = chance.choice((480, 640, 1080))
    height = chance.choice((640, 800, 1400))
    return made.poster(_code(chance), seed, width=width, height=height, share=chance.uniform(0.35, 0.7))


KINDS: dict[str, Make] = {
    "plain": lambda chance, seed: _code(chance, (3, 4, 6, 8, 12)),
    "with a logo": lambda chance, seed: made.with_logo(_code(chance, levels="QH"), chance.uniform(0.12, 0.2)),
    "coloured": _coloured,
    "inverted": lambda chance, seed: ImageOps.invert(_code(chance)),
    "turned by 0 to 360 degrees": lambda chance, seed: made.turned(_code(chance), chance.uniform(0, 360)),
    "blurred by 0.2 to 0.5 modules": lambda chance, seed: made.blurred(_code(chance), chance.uniform(1.6, 4)),
    "noise of sigma 8 to 25": lambda chance, seed: made.noisy(_code(chance), seed, chance.uniform(8, 25)),
    "tiny, 2 or 3 pixels a module": lambda chance, seed: made.code(_text(chance)[:20], module=chance.choice((2, 3))),
    "half in the shade, with 30 to 60 % of its brightness": _half_shaded,
    "on a poster, 35 to 70 % of its width": _poster,
    "on a photo, 45 to 90 % of its height": lambda chance, seed: made.on_photo(
        _code(chance), seed, share=chance.uniform(0.45, 0.9)
    ),
    "the same, in two greys that are 90 to 130 levels apart": _pale_on_photo,
    "the same, in a brand's colours": _coloured_on_photo,
    "on a photo, 20 to 45 % of its height": _small_on_photo,
    "the same, darkened to 30 to 60 %": _darkened(_small_on_photo, 0.3, 0.6),
    "the same, with 35 to 70 % of its contrast": _paled(_small_on_photo, 0.35, 0.7),
    "inverted on a photo, 30 to 60 % of its height": lambda chance, seed: made.on_photo(
        ImageOps.invert(_code(chance)), seed, share=chance.uniform(0.3, 0.6)
    ),
    "on a photo of 100 to 255 pixels, 35 to 95 % of its height": _on_small_photo,
    "the same, darkened to 30 to 80 %": _darkened(_on_small_photo, 0.3, 0.8),
    "the same, with 40 to 80 % of its contrast": _paled(_on_small_photo, 0.4, 0.8),
    "printed, on a photo of 1,600 to 4,000 pixels, 25 to 60 % of its height": _on_large_photo,
    "at an angle": lambda chance, seed: made.at_an_angle(_code(chance), seed, strength=chance.uniform(0.05, 0.2)),
}


def look(files: list[bytes]) -> tuple[int, float]:
    """Return in how many JPEGs a code is found, and the seconds of processor time that looking took."""
    count, seconds = 0, 0.0
    for start in range(0, len(files), 128):
        some = files[start : start + 128]
        seen = [(data, examine(data)) for data in some]
        batch, _numbers = batch_of([Seen(found.facts, data, *found[1:]) for data, found in seen])
        assert batch is not None
        assert len(batch.squares) == len(batch)
        began = time.process_time()
        count += sum(found > 0 for found in codes.measure(batch)["codes"])
        seconds += time.process_time() - began
    return count, seconds


def main(folder: str | None = None) -> None:
    print("| codes, saved as JPEG of quality 15 to 95 | found |\n|---|--:|")
    for kind, make in KINDS.items():
        files = []
        for number in range(_CASES):
            chance = random.Random(f"{kind} {number}")
            files.append(jpeg(make(chance, f"{kind} {number}"), quality=chance.choice(_QUALITIES)))
        found, _seconds = look(files)
        print(f"| {kind} | {100 * found / len(files):.1f} % |", flush=True)
    generated = [
        jpeg(generate(f"{generate.__name__} {number}", 480, 360))
        for generate in (photo, product, line_art, screenshot)
        for number in range(_CASES)
    ]
    sets = {"generated pictures": generated}
    if folder:
        paths = [path for path in sorted(Path(folder).rglob("*")) if path.suffix.lower() in (".jpg", ".jpeg")]
        sets[f"pictures in {Path(folder).name}"] = [path.read_bytes() for path in paths]
    print("\n| without a code | pictures | found | µs a picture |\n|---|--:|--:|--:|")
    for name, files in sets.items():
        look(files[:128])
        found, seconds = look(files)
        print(f"| {name} | {len(files):,} | {found} | {seconds / len(files) * 1e6:.0f} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.codes", description=__doc__)
    parser.add_argument("folder", nargs="?", help="of ordinary pictures; it is only read")
    main(parser.parse_args().folder)
