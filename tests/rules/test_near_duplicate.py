from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

from corrupt_samples import pictures
from corrupt_samples.encode import encode, jpeg, png, webp
from corrupt_samples.pictures import photo
from sanitize import again
from tests.compare.copies import GREEN, RED, lamp

if TYPE_CHECKING:
    from tests.conftest import Fired, Scan

RULE = "near-duplicate"
PHOTO = photo("original", 160, 120)
COPIES = {
    "quality 40": jpeg(PHOTO, quality=40),
    "WebP": webp(PHOTO),
    "GIF": encode(PHOTO, "GIF"),
    "half as large": jpeg(PHOTO.resize((80, 60))),
    "twice as large": jpeg(PHOTO.resize((320, 240))),
    "grey": jpeg(PHOTO.convert("L")),
    "cropped by a fiftieth": jpeg(PHOTO.crop((3, 2, 160, 120))),
    "brighter by a fifth": jpeg(PHOTO.point(lambda value: value * 6 // 5)),
}
MANY = [f"{number}" for number in range(24)]


def test_names_a_group_by_its_first_file(fired: Fired) -> None:
    said = ("warning", "one of 3 files that show nearly the same picture; the first is `a.webp`")
    files = {"b.jpg": jpeg(PHOTO), "a.webp": webp(PHOTO), "c.jpg": jpeg(PHOTO, quality=50), "d.jpg": jpeg(photo("d"))}
    assert fired(RULE, files) == {"a.webp": said, "b.jpg": said, "c.jpg": said}


@pytest.mark.parametrize("kind", COPIES)
def test_fires(fired: Fired, kind: str) -> None:
    assert len(fired(RULE, {"a": jpeg(PHOTO), "b": COPIES[kind]}, listed=("a", "b"))) == 2


@pytest.mark.parametrize("axes", [(1,), (0, 1)])
def test_copies_of_symmetric_pictures_are_found(fired: Fired, axes: tuple[int, ...]) -> None:
    files = {}
    for name in ("a", "b"):
        pixels = np.asarray(photo(name, 150, 200))
        for axis in axes:
            pixels = np.concatenate([pixels, np.flip(pixels, axis)], axis=axis)
        picture = Image.fromarray(pixels)
        files |= {f"{name}.png": png(picture), f"{name}.jpg": jpeg(picture, quality=75)}
    assert {name: said[1][-8:] for name, said in fired(RULE, files).items()} == {
        f"{name}.{kind}": f" `{name}.jpg`"[-8:] for name in ("a", "b") for kind in ("png", "jpg")
    }


def test_is_silent_about_one_place_with_other_things(fired: Fired) -> None:
    place, files = photo("place", 400, 300), {}
    for number in ("30", "80"):
        sign = place.copy()
        pen = ImageDraw.Draw(sign)
        pen.ellipse((130, 80, 270, 220), fill="white", outline="red", width=18)
        pen.text((200, 150), number, fill="black", font=ImageFont.load_default(70), anchor="mm")
        files[f"{number}.jpg"] = jpeg(sign)
    assert fired(RULE, files) == {}
    assert len(fired(RULE, files | {"30 again.jpg": jpeg(sign, quality=60)})) == 2


def test_a_group_holds_exact_copies_too(fired: Fired) -> None:
    files = {"a.jpg": jpeg(PHOTO), "b.jpg": jpeg(PHOTO), "c.jpg": jpeg(PHOTO, quality=50)}
    said = ("warning", "one of 3 files that show nearly the same picture; the first is `a.jpg`")
    assert fired(RULE, files) == dict.fromkeys(files, said)


def test_dropping_keeps_the_first_on_each_list(tmp_path: Path, scan: Scan) -> None:
    for name, content in {"a.jpg": jpeg(PHOTO), "b.webp": webp(PHOTO), "c.jpg": jpeg(photo("c"))}.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "train.txt").write_text("c.jpg 0\nb.webp 0\na.jpg 0\n")
    (tmp_path / "val.txt").write_text("a.jpg 0\n")
    scan(tmp_path, [tmp_path / "train.txt", tmp_path / "val.txt"], drop_duplicates=True, ignore=("split-leak",))
    assert (tmp_path / "out" / "train.txt").read_text() == "c.jpg 0\nb.webp 0\n"
    assert (tmp_path / "out" / "val.txt").read_text() == "a.jpg 0\n"


def test_dropping_keeps_what_is_no_sure_copy(tmp_path: Path, scan: Scan) -> None:
    for name, colour, quality in (("red", RED, 80), ("green", GREEN, 80), ("again", RED, 60), ("sure", RED, 70)):
        (tmp_path / f"{name}.jpg").write_bytes(jpeg(lamp(colour), quality=quality))
    (tmp_path / "train.txt").write_text("red.jpg 0\ngreen.jpg 0\nagain.jpg 1\nsure.jpg 0\n")
    found = scan(tmp_path, tmp_path / "train.txt", drop_duplicates=True, ignore=("conflicting-labels",)).findings
    assert found.filter(rule=RULE)["path"].unique().len() == 4
    assert found.filter(pl.col("message").str.contains("dropped"))["path"].to_list() == ["sure.jpg"]


@pytest.mark.parametrize("turn", list(Image.Transpose), ids=[turn.name.lower() for turn in Image.Transpose])
def test_mirrored_and_turned_pictures_are_near_only_where_they_are_to_be(fired: Fired, turn: Image.Transpose) -> None:
    files = {"a.jpg": jpeg(PHOTO), "b.jpg": jpeg(PHOTO.transpose(turn), quality=60)}
    assert fired(RULE, files) == {}
    assert set(fired(RULE, files, transforms=True)) == {"a.jpg", "b.jpg"}


def test_no_distance_leaves_pictures_with_equal_hashes(fired: Fired) -> None:
    files = {
        "a.jpg": jpeg(PHOTO),
        "same_hash.jpg": jpeg(PHOTO, quality=79),
        "cropped.jpg": COPIES["cropped by a fiftieth"],
    }
    assert set(fired(RULE, files)) == set(files)
    assert set(fired(RULE, files, near_distance=0)) == {"a.jpg", "same_hash.jpg"}


@pytest.mark.parametrize("distance", [0, 2])
def test_a_distance_is_kept_to(distance: int, tmp_path: Path, scan: Scan) -> None:
    for number in range(16):
        picture = photo(f"{number}", 300, 220)
        (tmp_path / f"{number}.jpg").write_bytes(jpeg(picture))
        (tmp_path / f"{number}c.jpg").write_bytes(jpeg(picture.crop((3, 2, 297, 218))))
    scan(tmp_path, near_distance=distance)
    facts = pl.read_parquet(tmp_path / "out" / "facts.parquet").drop_nulls("same_picture")
    groups = facts.group_by("same_picture").agg("phash")["phash"].to_list()
    apart = [(int(one, 16) ^ int(other, 16)).bit_count() for one, other in groups]
    assert apart
    assert max(apart) <= distance


def _refuse(
    _again: again.Again, facts: pl.DataFrame, _function: str, files: pl.DataFrame, *_: object, **__: object
) -> pl.DataFrame:
    assert files.is_empty(), "a file was looked at again"
    return facts


def test_a_second_scan_looks_at_nothing_again(tmp_path: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    for name, content in {**COPIES, "original": png(PHOTO), "pixels": encode(PHOTO, "BMP")}.items():
        (folder / f"{name}.jpg").write_bytes(content)
    first = scan(folder, cache=True)
    assert first.summary["probed"] == 10

    monkeypatch.setattr(again.Again, "ask", _refuse)
    second = scan(folder, cache=True)
    assert second.summary["probed"] == 0
    assert second.findings.equals(first.findings)
    assert "one of 10 files" in second.findings.filter(rule=RULE)["message"][0]


def test_copies_in_the_same_shades_need_no_second_look_tonight_or_later(
    tmp_path: Path, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    picture = photo("a", 400, 300)
    for name, content in {
        "a": jpeg(picture),
        "b": jpeg(picture.resize((300, 225))),
        "c": webp(picture.resize((320, 240))),
    }.items():
        (folder / f"{name}.jpg").write_bytes(content)

    real = again.Again.ask
    monkeypatch.setattr(again.Again, "ask", _refuse)
    for _night in range(2):
        assert set(scan(folder, cache=True).findings.filter(rule=RULE)["path"]) == {"a.jpg", "b.jpg", "c.jpg"}
    monkeypatch.setattr(again.Again, "ask", real)
    (folder / "d.jpg").write_bytes(jpeg(picture, quality=60))
    (folder / "e.jpg").write_bytes(jpeg(picture.point(lambda value: min(255, value * 6 // 5))))
    assert set(scan(folder, cache=True).findings.filter(rule=RULE)["path"]) == {f"{name}.jpg" for name in "abcde"}


def test_a_night_finds_what_a_fresh_scan_finds_of_pictures_in_other_chroma(tmp_path: Path, scan: Scan) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    luma, *chroma = photo("a", 400, 300).convert("YCbCr").split()
    # So little that no colour is cut off, which would change its luma.
    luma = luma.point(lambda value: 50 + value * 3 // 5)
    blue, red = (part.point(lambda value: 128 + (value - 128) // 3) for part in chroma)
    for name, channels in {"a.png": (luma, blue, red), "b.png": (luma, red, blue)}.items():
        (folder / name).write_bytes(png(Image.merge("YCbCr", channels).convert("RGB")))
        night = scan(folder, cache=True).findings.filter(rule=RULE)
    fresh = scan(folder, out=tmp_path / "fresh").findings.filter(rule=RULE)
    assert fresh.height == 2
    assert night.equals(fresh)


def _night_sky(seed: str) -> Image.Image:
    chance = random.Random(seed)
    picture = Image.new("RGB", (128, 96), (4, 5, 10))
    draw = ImageDraw.Draw(picture)
    for _ in range(60):
        draw.point([(chance.randrange(128), chance.randrange(96))], fill=(chance.randrange(60, 256),) * 3)
    return picture


def _snow(seed: str) -> Image.Image:
    grain = np.frombuffer(random.Random(seed).randbytes(128 * 96), np.uint8).reshape(96, 128)
    return Image.fromarray((244 + grain % 11).astype(np.uint8)).filter(ImageFilter.BoxBlur(1)).convert("RGB")


def _noise(seed: str) -> Image.Image:
    return Image.frombytes("RGB", (96, 96), random.Random(seed).randbytes(96 * 96 * 3))


def _flat(seed: str) -> Image.Image:
    chance = random.Random(seed)
    return Image.new("RGB", (96, 96), tuple(chance.randrange(256) for _ in range(3)))


@pytest.mark.parametrize(
    "make",
    [
        photo, pictures.product, pictures.letterboxed, pictures.line_art, pictures.screenshot, pictures.gradient,
        _night_sky, _snow, _noise, _flat,
    ],
)  # fmt: skip
def test_is_silent_about_different_pictures_of_a_kind(fired: Fired, make: Callable[[str], Image.Image]) -> None:
    assert fired(RULE, {f"{seed}.jpg": jpeg(make(seed)) for seed in MANY}, transforms=True) == {}


def test_is_silent_about_crops_that_overlap(fired: Fired) -> None:
    scene = photo("scene", 300, 200)
    files = {f"{left}.jpg": jpeg(scene.crop((left, 0, left + 200, 200))) for left in (0, 40, 80)}
    assert fired(RULE, files) == {}


def test_is_silent_about_frames_of_other_size_in_the_same_scene(fired: Fired) -> None:
    scene = photo("scene", 300, 200)
    assert fired(RULE, {"a.jpg": jpeg(scene), "b.jpg": jpeg(scene.crop((30, 20, 270, 180)))}) == {}


def test_is_silent_about_blank_pictures_of_other_values(fired: Fired) -> None:
    files = {f"{value}.png": png(Image.new("L", (64, 64), value)) for value in (0, 1, 2, 127, 128, 254, 255)}
    assert fired(RULE, files) == {}


def frame(seed: int) -> Image.Image:
    """One of many pictures of a place, in which something moves and the light changes."""
    chance = random.Random(seed)
    picture = photo("place", 160, 120).point(lambda level: round(level * (1 + 0.1 * chance.random())))
    left, top = chance.randrange(130), chance.randrange(95)
    ImageDraw.Draw(picture).rectangle((left, top, left + 25, top + 20), fill=(chance.randrange(256), 90, 60))
    return picture


def test_names_decide_nothing_in_a_crowd(tmp_path: Path, scan: Scan) -> None:
    found = []
    for order in (1, 7):
        folder = tmp_path / f"{order}"
        folder.mkdir()
        names = {number: f"{number * order % 60:02}.jpg" for number in range(60)}
        for number, name in names.items():
            (folder / name).write_bytes(jpeg(frame(number)))
        facts = scan(folder, out=tmp_path / f"out{order}").dataset.facts.drop_nulls("same_picture")
        groups = dict(facts.group_by("same_picture").agg("sha256").iter_rows())
        found.append({frozenset(group) for group in groups.values()})
    assert found[0] == found[1]
    assert found[0]


def sky(seed: int) -> Image.Image:
    """A gradient between two colours of a clear sky."""
    chance = random.Random(seed)
    top, horizon = ([chance.randint(*ends) for ends in colour] for colour in (_TOP, _HORIZON))
    down = np.linspace(0, 1, 120)[:, None, None] ** chance.uniform(0.8, 1.4)
    levels = np.array(top) * (1 - down) + np.array(horizon) * down + np.zeros((120, 180, 3))
    return Image.fromarray(levels.round().astype(np.uint8))


_TOP, _HORIZON = ((30, 110), (90, 150), (170, 230)), ((150, 230), (190, 230), (225, 250))


def test_is_silent_about_clear_skies_of_other_colours(fired: Fired) -> None:
    assert fired(RULE, {f"{number}.jpg": jpeg(sky(number)) for number in range(24)}) == {}


def test_finds_a_clear_sky_again(fired: Fired) -> None:
    copies = {
        "b.jpg": jpeg(sky(0), quality=50),
        "c.jpg": jpeg(sky(0).resize((90, 60))),
        "d.jpg": jpeg(sky(0).convert("L")),
    }
    assert len(fired(RULE, {"a.jpg": jpeg(sky(0))} | copies)) == 4


def test_is_silent_about_a_negative_and_other_colours(fired: Fired) -> None:
    red, _green, blue = PHOTO.split()
    files = {
        "a.jpg": jpeg(PHOTO),
        "negative.jpg": jpeg(ImageOps.invert(PHOTO)),
        "swapped.jpg": jpeg(Image.merge("RGB", (blue, _green, red))),
    }
    assert fired(RULE, files) == {}


def test_is_silent_about_what_is_the_same_to_the_pixel(fired: Fired) -> None:
    files = {"a.png": png(PHOTO), "b.png": png(PHOTO), "c.bmp": encode(PHOTO, "BMP"), "d.jpg": jpeg(photo("d"))}
    assert fired(RULE, files) == {}


def icon(colour: str) -> Image.Image:
    """Draw a picture whose hash does not tell its colour."""
    picture = Image.new("RGB", (128, 128), "white")
    pen = ImageDraw.Draw(picture)
    for box in ((20, 50, 70, 100), (45, 25, 100, 95), (80, 55, 115, 100)):
        pen.ellipse(box, fill=colour)
    return picture


COLOURS = ("black", "red", "green", "blue")


@pytest.mark.parametrize("colour", COLOURS)
def test_copies_are_found_beside_the_same_thing_in_other_colours(fired: Fired, colour: str) -> None:
    files = {f"{name}.png": png(icon(name)) for name in COLOURS}
    assert set(fired(RULE, files | {"copy.jpg": jpeg(icon(colour), quality=80)})) == {f"{colour}.png", "copy.jpg"}
