"""Counts how many copies of pictures a scan finds, and how many others it takes for copies, beside `imagehash.phash`.

`python -m benchmarks.copies FOLDER`
"""

from __future__ import annotations

import argparse
import io
import random
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path

import imagehash
import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFont, ImageOps

from benchmarks import tables
from benchmarks.pictures import find
from corrupt_samples.pictures import night_sky, shirt
from sanitize import api

_DISTANCES = (0, 4, 8, 10)
_OURS = "sanitize"


def _saved(name: str, **options: object) -> Callable[[Image.Image], bytes]:
    def save(picture: Image.Image) -> bytes:
        target = io.BytesIO()
        picture.save(target, name, **options)  # type: ignore[arg-type]
        return target.getvalue()

    return save


_jpeg = _saved("JPEG", quality=90)


def _scaled(share: float) -> Callable[[Image.Image], bytes]:
    def scale(picture: Image.Image) -> bytes:
        size = tuple(max(1, round(side * share)) for side in picture.size)
        return _jpeg(picture.resize(size, Image.Resampling.LANCZOS))

    return scale


def _cropped(share: float, *, all_round: bool) -> Callable[[Image.Image], bytes]:
    """Take a share of each side away: half of it at either end, or all of it at the left and the top."""

    def crop(picture: Image.Image) -> bytes:
        across, down = (round(side * share / (1 + all_round)) for side in picture.size)
        right, bottom = (picture.width - across, picture.height - down) if all_round else picture.size
        return _jpeg(picture.crop((across, down, right, bottom)))

    return crop


#: How copies are made of an RGB picture.
KINDS: dict[str, Callable[[Image.Image], bytes]] = {
    **{f"JPEG of quality {quality}": _saved("JPEG", quality=quality) for quality in (90, 75, 60, 40)},
    **{f"scaled to {share} %": _scaled(share / 100) for share in (50, 75, 150, 200)},
    "PNG": _saved("PNG", compress_level=1),
    "BMP": _saved("BMP"),
    "GIF": _saved("GIF"),
    "WebP": _saved("WEBP", quality=80, method=2),
    "grey": lambda picture: _jpeg(picture.convert("L")),
    "cropped by 2 %, one corner": _cropped(0.02, all_round=False),
    "cropped by 2 %, all round": _cropped(0.02, all_round=True),
    "brighter by a fifth": lambda picture: _jpeg(ImageEnhance.Brightness(picture).enhance(1.2)),
    "brighter by 51 levels": lambda picture: _jpeg(picture.point(lambda level: min(255, level + 51))),
}


def _sign(share: float) -> Callable[[Image.Image], tuple[bytes, bytes]]:
    """Put a sign of that share of the shorter side on the picture, once with the number 30 and once with 80."""

    def make(picture: Image.Image) -> tuple[bytes, bytes]:
        radius = round(share * min(picture.size) / 2)
        middle = picture.width // 2, picture.height // 2
        signs = []
        for number in ("30", "80"):
            sign = picture.copy()
            pen = ImageDraw.Draw(sign)
            pen.circle(middle, radius, fill="white", outline="red", width=max(2, radius // 4))
            pen.text(middle, number, fill="black", font=ImageFont.load_default(radius), anchor="mm")
            signs.append(_jpeg(sign))
        return signs[0], signs[1]

    return make


def _thing(share: float) -> Callable[[Image.Image], tuple[bytes, bytes]]:
    """Put a thing on the picture, a square of that share of its height: a part of it, turned, and its negative upside down."""

    def make(picture: Image.Image) -> tuple[bytes, bytes]:
        side, shorter = round(share * picture.height), min(picture.size)
        thing = picture.crop((0, 0, shorter, shorter)).resize((side, side)).rotate(90)
        place = (picture.width - side) // 3, 2 * (picture.height - side) // 3
        with_one, with_another = picture.copy(), picture.copy()
        with_one.paste(thing, place)
        with_another.paste(ImageOps.invert(ImageOps.flip(thing)), place)
        return _jpeg(with_one), _jpeg(with_another)

    return make


#: How two pictures are made of an RGB picture that differ in one place only.
OTHERS: dict[str, Callable[[Image.Image], tuple[bytes, bytes]]] = {
    **{f"30 and 80 on a sign of {round(100 * share)} %": _sign(share) for share in (0.2, 0.35, 0.5, 0.7)},
    **{f"two things of {round(100 * share)} %": _thing(share) for share in (0.08, 0.12, 0.16, 0.2, 0.25)},
}


def _coloured_shirt(picture: Image.Image) -> Image.Image:
    chance = random.Random(picture.tobytes())
    colour = (chance.randrange(15, 246), chance.randrange(15, 246), chance.randrange(15, 246))
    return shirt(Image.new("RGB", (48, 48), colour), colour)


#: Pictures made of an RGB picture that have most of what is to be seen in common.
ALIKE: dict[str, Callable[[Image.Image], Image.Image]] = {
    "another design on the same shirt": lambda picture: shirt(ImageOps.fit(picture, (48, 48))),
    "the same plain shirt in another colour": _coloured_shirt,
    "other stars around the same moon": lambda picture: night_sky(picture.tobytes().hex()),
}

#: Who says so, how many copies were found to be the same as their originals, and how many pairs of different pictures.
Counts = dict[str, tuple[int, int]]
#: Makes two pictures of a file.
Make = Callable[[str], tuple[bytes, bytes]]


def measure(folder: str, *, pictures: int) -> None:
    """Copy some pictures in every way and print what share of the copies is found, and how many false pairs."""
    every = find(folder)
    paths = every[:: max(1, len(every) // pictures)][:pictures]
    found = _count_all(paths, {kind: partial(_copied, kind) for kind in KINDS})
    who = [_OURS, *(f"imagehash ≤ {distance}" for distance in _DISTANCES)]
    rows = [[kind, *(_share([found[kind]], name, len(paths)) for name in who)] for kind in KINDS]
    rows.append(["**all copies**", *(_share(found.values(), name, len(paths)) for name in who)])
    rows.append(
        ["**pairs of different pictures**", *(str(sum(each[name][1] for each in found.values())) for name in who)]
    )
    tables.show(f"Copies of {len(paths)} pictures that are found, %", ["copy", *who], rows)
    behind = [kind for kind in KINDS if found[kind][_OURS][0] < max(found[kind][name][0] for name in who)]
    print("it finds less than imagehash at its best distance in: " + ("; ".join(behind) or "no row"))
    taken = _count_all(paths, {kind: partial(_changed, kind) for kind in OTHERS})
    rows = [[kind, *(_share([taken[kind]], name, len(paths)) for name in who)] for kind in OTHERS]
    tables.show(f"Pairs that differ in one place of {len(paths)} pictures, taken for copies, %", ["pair", *who], rows)
    shown = _count_all(paths, {kind: partial(_saved_twice, kind) for kind in ALIKE})
    rows = [
        [kind, *(f"{_share([shown[kind]], name, len(paths))} / {shown[kind][name][1]}" for name in who)]
        for kind in ALIKE
    ]
    tables.show(
        f"Copies of {len(paths)} pictures that have much in common that are found, % / pairs of different ones",
        ["pictures", *who],
        rows,
    )


def _copied(kind: str, path: str) -> tuple[bytes, bytes]:
    with Image.open(path) as picture:
        return Path(path).read_bytes(), KINDS[kind](picture.convert("RGB"))


def _changed(kind: str, path: str) -> tuple[bytes, bytes]:
    with Image.open(path) as picture:
        return OTHERS[kind](picture.convert("RGB"))


def _saved_twice(kind: str, path: str) -> tuple[bytes, bytes]:
    with Image.open(path) as picture:
        made = ALIKE[kind](picture.convert("RGB"))
    return _jpeg(made), KINDS["JPEG of quality 60"](made)


def _count_all(paths: Sequence[str], kinds: Mapping[str, Make]) -> dict[str, Counts]:
    found: dict[str, Counts] = {}
    for kind, make in kinds.items():
        found[kind] = count(paths, make)
        print(kind, found[kind], flush=True)
    return found


def count(paths: Sequence[str], make: Make) -> Counts:
    """Return the counts for the pairs that are made of pictures, all of which lie in one folder."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "images")
        for where in ("one", "other"):
            (folder / where).mkdir(parents=True)
        for number, path in enumerate(paths):  # the name does not matter: what a file is, its bytes say
            one, other = make(path)
            (folder / "one" / f"{number:06}.jpg").write_bytes(one)
            (folder / "other" / f"{number:06}.jpg").write_bytes(other)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        same = {_OURS: _ours(folder, files, Path(scratch, "out"))}
        hashes = np.array([imagehash.phash(Image.open(path)).hash.ravel() for path in files], np.int8)
    far = (hashes[:, None] != hashes).sum(axis=2)
    same |= {f"imagehash ≤ {distance}": far <= distance for distance in _DISTANCES}
    shown = np.array([int(path.stem) for path in files])
    return {
        who: (
            int((pairs & (shown[:, None] == shown)).sum() - len(files)) // 2,
            int((pairs & (shown[:, None] != shown)).sum()) // 2,
        )
        for who, pairs in same.items()
    }


def _ours(folder: Path, files: Sequence[Path], out: Path) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Return, files × files, which of them a scan puts into one group."""
    result = api.scan(folder, (), out=out, images=False, cache=False)
    facts = result.dataset.facts
    group = dict(facts.select("path", "same_picture").iter_rows())
    groups = [group[path.relative_to(folder).as_posix()] for path in files]
    keys = np.array([-1 - number if key is None else key for number, key in enumerate(groups)], np.int64)
    return keys[:, None] == keys


def _share(found: Collection[Counts], who: str, pictures: int) -> str:
    return f"{100 * sum(each[who][0] for each in found) / (pictures * len(found)):.4g}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.copies", description=__doc__)
    parser.add_argument("folder", help="any folder of images that are all different; it is only read")
    parser.add_argument("--pictures", type=int, default=125, help="to copy in every way (default: 125)")
    arguments = parser.parse_args()
    measure(arguments.folder, pictures=arguments.pictures)


if __name__ == "__main__":
    main()
