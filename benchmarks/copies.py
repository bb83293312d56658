"""Counts which copies of pictures are found, and which others are taken for copies, beside `imagehash.phash`.

usage: python -m benchmarks.copies FOLDER [--pictures 125]

A copy counts as found where it is in the group of the picture that it was made of, or, with `imagehash.phash` of the whole
picture, where their hashes differ in so many bits at most. A false pair is two files of different pictures in one group,
or with such hashes. The pictures in FOLDER must all be different; they are only read.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import imagehash
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageEnhance

from benchmarks import tables
from benchmarks.pictures import find
from corrupt_samples.encode import avif, encode, jpeg, palette, png, webp
from corrupt_samples.pictures import gradient, letterboxed, line_art, photo, product, screenshot
from sanitize import api

#: Bits of 64 up to which people take the hashes of `imagehash.phash` for those of one picture.
DISTANCES = (0, 4, 8, 10)

Make = Callable[[Image.Image], bytes]
Numbers = npt.NDArray[np.uint64]


def _saved(quality: int) -> Make:
    return lambda picture: jpeg(picture, quality=quality)


def _scaled(factor: float) -> Make:
    def make(picture: Image.Image) -> bytes:
        size = [max(1, round(side * factor)) for side in picture.size]
        return jpeg(picture.resize((size[0], size[1]), Image.Resampling.BICUBIC), quality=90)

    return make


def _cropped(left: float, top: float, right: float, bottom: float) -> Make:
    def make(picture: Image.Image) -> bytes:
        width, height = picture.size
        box = (round(left * width), round(top * height), round((1 - right) * width), round((1 - bottom) * height))
        return jpeg(picture.crop(box), quality=90)

    return make


def _turned(how: Image.Transpose) -> Make:
    return lambda picture: jpeg(picture.transpose(how), quality=90)


COPIES: Mapping[str, Make] = {
    **{f"saved at quality {quality}": _saved(quality) for quality in (90, 75, 60, 40)},
    **{f"scaled to {percent} %": _scaled(percent / 100) for percent in (50, 75, 150, 200)},
    "as PNG": png,
    "as WebP": webp,
    "as AVIF": avif,
    "as GIF": lambda picture: encode(palette(picture, 256), "GIF"),
    "in grey": lambda picture: jpeg(picture.convert("L"), quality=90),
    "brighter by a fifth": lambda picture: jpeg(ImageEnhance.Brightness(picture).enhance(1.2), quality=90),
    "darker by a fifth": lambda picture: jpeg(ImageEnhance.Brightness(picture).enhance(0.8), quality=90),
    "cropped by 2 % on one side": _cropped(0.02, 0, 0, 0),
    "cropped by 2 %, from all sides": _cropped(0.01, 0.01, 0.01, 0.01),
    "cropped by 2 %, from one corner": _cropped(0.02, 0.02, 0, 0),
}

TURNED: Mapping[str, Make] = {
    "mirrored": _turned(Image.Transpose.FLIP_LEFT_RIGHT),
    "upside down, mirrored": _turned(Image.Transpose.FLIP_TOP_BOTTOM),
    "turned by 90°": _turned(Image.Transpose.ROTATE_90),
    "turned by 180°": _turned(Image.Transpose.ROTATE_180),
    "turned by 270°": _turned(Image.Transpose.ROTATE_270),
    "transposed": _turned(Image.Transpose.TRANSPOSE),
    "transposed at the other corner": _turned(Image.Transpose.TRANSVERSE),
}

#: Parts of a photo that show other things than each other, each 60 % of its width and height.
PARTS: Mapping[str, Make] = {
    f"part at {place}": _cropped(*box)
    for place, box in {
        "the top left": (0, 0, 0.4, 0.4),
        "the top right": (0.4, 0, 0, 0.4),
        "the bottom left": (0, 0.4, 0.4, 0),
        "the bottom right": (0.4, 0.4, 0, 0),
    }.items()
}


def _grain(seed: str, level: float, spread: float, *, size: int = 128) -> Image.Image:
    grain = np.random.default_rng(list(seed.encode())).normal(level, spread, (size, size, 3))
    return Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8))


def _night_sky(seed: str) -> Image.Image:
    chance = random.Random(seed)
    sky = _grain(seed, 6, 2)
    for _ in range(40):
        sky.putpixel((chance.randrange(128), chance.randrange(128)), (chance.randrange(90, 256),) * 3)
    return sky


def _dark(seed: str) -> Image.Image:
    return photo(seed, 160, 120).point(lambda value: value // 12)


def _face(seed: str) -> Image.Image:
    """Return a grey head of 48 × 48 pixels, aligned with all others as sets of faces are."""
    chance = np.random.default_rng(list(seed.encode()))
    y, x = np.mgrid[:48, :48] / 47 - 0.5

    def spot(at_x: float, at_y: float, wide: float, high: float) -> npt.NDArray[np.float64]:
        at_x, at_y = at_x + chance.normal(0, 0.012), at_y + chance.normal(0, 0.012)
        wide, high = wide * chance.uniform(0.85, 1.15), high * chance.uniform(0.85, 1.15)
        shape: npt.NDArray[np.float64] = np.exp(-(((x - at_x) / wide) ** 2) - ((y - at_y) / high) ** 2)
        return shape

    face = 60 + 120 * (spot(0, 0, 0.38, 0.5) > 0.35) + chance.uniform(-30, 30) * x
    for eye in (-0.18, 0.18):
        face -= chance.uniform(50, 90) * spot(eye, -0.1, 0.09, 0.05) + chance.uniform(0, 60) * spot(
            eye, -0.2, 0.13, 0.03
        )
    face -= chance.uniform(0, 40) * spot(0, 0.08, 0.05, 0.1) + chance.uniform(40, 90) * spot(0, 0.27, 0.15, 0.04)
    face -= chance.uniform(-20, 90) * spot(0, -0.48, 0.4, 0.14)
    return Image.fromarray(np.clip(face + chance.normal(0, 3, face.shape), 0, 255).astype(np.uint8))


#: Pictures that have little in them, or much in common; each seed gives another one.
OTHERS: Mapping[str, Callable[[str], Image.Image]] = {
    "night sky": _night_sky,
    "snow": lambda seed: _grain(seed, 245, 3),
    "grey, with grain": lambda seed: _grain(seed, 128, 1.5),
    "dark": _dark,
    "gradient": gradient,
    "line art": line_art,
    "goods on white": product,
    "frames of films": letterboxed,
    "screenshot": screenshot,
    "faces of 48 × 48": _face,
}


def phash(path: Path) -> int:
    """Return the hash that people compare."""
    with Image.open(path) as picture:
        return int(str(imagehash.phash(picture)), 16)


def show_copies(paths: Sequence[str], scratch: Path) -> None:
    """Print how many copies of each kind are found, and how many pairs of different pictures."""
    originals = [_read(path) for path in paths]
    kinds = {"": lambda picture: jpeg(picture, quality=95), **COPIES}
    files = _write(scratch, originals, kinds)
    groups, hashes = _groups(scratch), {path: phash(scratch / path) for path in files}
    rows = [[kind, *_found(kind, len(originals), groups, hashes)] for kind in COPIES]
    total = [str(sum(int(row[at]) for row in rows)) for at in range(1, len(rows[0]))]
    rows.append([f"all, of {len(originals) * len(COPIES):,}", *total])
    rows.append(["false pairs", *_false_pairs(files, groups, hashes)])
    tables.show(f"Copies found of {len(originals)} pictures", _header(), rows)


def show_turned(paths: Sequence[str], scratch: Path) -> None:
    """Print how many mirrored and turned copies are found where they are asked for."""
    originals = [_read(path) for path in paths]
    files = _write(scratch, originals, {"": lambda picture: jpeg(picture, quality=95), **TURNED})
    groups = _groups(scratch, transforms=True)
    rows = [[kind, _found(kind, len(originals), groups, {})[0]] for kind in TURNED]
    rows.append(["false pairs", _false_pairs(files, groups, {})[0]])
    tables.show(f"Mirrored and turned copies found of {len(originals)} pictures, --transforms", _header()[:2], rows)


def show_others(paths: Sequence[str], scratch: Path, *, count: int) -> None:
    """Print how many pairs of different pictures are taken for the same, by kind."""
    made = {kind: [make(f"{kind} {number}") for number in range(count)] for kind, make in OTHERS.items()}
    rows = []
    for kind, pictures in made.items():
        files = _write(scratch / kind, pictures, {"": lambda picture: jpeg(picture, quality=90)})
        rows.append((kind, files, scratch / kind))
    parts = scratch / "parts"
    names = _write(parts, [_read(path) for path in paths], PARTS)
    rows.append(("parts of photos", {name: number for number, name in enumerate(names)}, parts))
    table = []
    for kind, files, folder in rows:
        hashes = {path: phash(folder / path) for path in files}
        table.append([kind, str(len(files)), *_false_pairs(files, _groups(folder), hashes)])
    header = _header()
    tables.show("False pairs among different pictures", [header[0], "files", *header[1:]], table)


def _read(path: str) -> Image.Image:
    with Image.open(path) as picture:
        return picture.convert("RGB")


def _write(folder: Path, pictures: Sequence[Image.Image], kinds: Mapping[str, Make]) -> dict[str, int]:
    """Write every kind of every picture; return which picture (its number) is in which file."""
    shows = {}
    for number, picture in enumerate(pictures):
        for kind, make in kinds.items():
            name = _name(kind, number)
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(make(picture))
            shows[name] = number
    return shows


def _name(kind: str, number: int) -> str:
    return f"{kind or 'original'}/{number}.img"


def _groups(folder: Path, *, transforms: bool = False) -> dict[str, int | None]:
    with tempfile.TemporaryDirectory() as out:
        result = api.scan(folder, out=out, no_images=True, no_cache=True, transforms=transforms)
    return dict(result.dataset.facts.select("path", "same_picture").iter_rows())


def _found(kind: str, count: int, groups: Mapping[str, int | None], hashes: Mapping[str, int]) -> list[str]:
    pairs = [(_name("", number), _name(kind, number)) for number in range(count)]
    ours = sum(groups[one] is not None and groups[one] == groups[other] for one, other in pairs)
    bits = [(hashes[one] ^ hashes[other]).bit_count() for one, other in pairs] if hashes else []
    return [str(ours), *(str(sum(differs <= distance for differs in bits)) for distance in DISTANCES)]


def _false_pairs(files: Mapping[str, int], groups: Mapping[str, int | None], hashes: Mapping[str, int]) -> list[str]:
    shows = np.array([files[path] for path in files])
    of = np.array([-1 if groups[path] is None else groups[path] for path in files])
    different = shows[:, None] != shows
    ours = np.triu(different & (of[:, None] == of) & (of >= 0), 1).sum()
    if not hashes:
        return [str(ours)]
    numbers: Numbers = np.array([hashes[path] for path in files], np.uint64)
    bits = np.bitwise_count(numbers[:, None] ^ numbers)
    return [str(ours), *(str(np.triu(different & (bits <= distance), 1).sum()) for distance in DISTANCES)]


def _header() -> list[str]:
    return ["", "sanitize", *(f"phash, {distance} bits" for distance in DISTANCES)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.copies", description=__doc__)
    parser.add_argument("folder", help="pictures, each different from all others; they are only read")
    parser.add_argument("--pictures", type=int, default=125, help="of the folder, at most (default: 125)")
    parser.add_argument("--others", type=int, default=200, help="made of each kind (default: 200)")
    arguments = parser.parse_args()
    paths = find(arguments.folder)
    paths = paths[:: max(1, len(paths) // arguments.pictures)][: arguments.pictures]
    if not paths:
        parser.error(f"there is no image in {arguments.folder}")
    with tempfile.TemporaryDirectory() as scratch:
        show_copies(paths, Path(scratch, "copies"))
        show_turned(paths, Path(scratch, "turned"))
        show_others(paths, Path(scratch, "others"), count=arguments.others)


if __name__ == "__main__":
    main()
