"""What a scan does about what it looks at closely, and how often it looks."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from PIL import Image, ImageDraw

from corrupt_samples.encode import jpeg, png
from corrupt_samples.pictures import photo
from sanitize.again import Again
from tests.compare.copies import GREEN, RED, Colour, alike, form, lamp, spectacles

if TYPE_CHECKING:
    from tests.conftest import Scan


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "images").mkdir()
    for name, data in {
        "red.jpg": jpeg(lamp(RED)),
        "green.jpg": jpeg(lamp(GREEN)),
        "again.jpg": jpeg(lamp(RED), quality=60),
    }.items():
        (tmp_path / "images" / name).write_bytes(data)
    return tmp_path / "images"


def test_what_is_nearly_the_same_under_one_label_is_not_looked_at_closely(scan: Scan, folder: Path) -> None:
    assert scan(folder).findings.filter(rule="near-duplicate").height == 3


def test_only_a_copy_under_another_label_contradicts_one(scan: Scan, folder: Path) -> None:
    labels = folder.with_name("train.txt")
    labels.write_text("red.jpg 0\ngreen.jpg 1\n")
    found = scan(folder, labels).findings
    assert "conflicting-labels" not in found["rule"]
    assert found.filter(rule="near-duplicate").height == 3
    labels.write_text("red.jpg 0\ngreen.jpg 1\nagain.jpg 1\n")
    torn = scan(folder, labels).findings.filter(rule="conflicting-labels")
    assert torn.sort("line")["line"].to_list() == [1, 3]


def test_a_thing_of_thin_lines_in_grey_that_may_come_from_two_colours_contradicts_neither(
    scan: Scan, tmp_path: Path
) -> None:
    green, purple = (30, 120, 40), (120, 55, 140)  # of the same luma
    images, labels = tmp_path / "images", tmp_path / "train.txt"
    images.mkdir()
    for name, thing in {"green": spectacles(green), "grey": spectacles(green).convert("L")}.items():
        (images / f"{name}.png").write_bytes(png(thing))
    labels.write_text("green.png 0\ngrey.png 1\n")
    assert scan(images, labels).findings.filter(rule="conflicting-labels")["line"].sort().to_list() == [1, 2]
    (images / "purple.png").write_bytes(png(spectacles(purple)))
    labels.write_text("green.png 0\ngrey.png 1\npurple.png 2\n")
    assert "conflicting-labels" not in scan(images, labels).findings["rule"]


def test_only_a_copy_is_dropped_beside_what_has_another_label(scan: Scan, folder: Path) -> None:
    labels = folder.with_name("train.txt")
    labels.write_text("red.jpg 0\ngreen.jpg 1\n")
    assert scan(folder, labels, drop_duplicates=True).summary["kept"] == 2
    labels.write_text("red.jpg 0\nagain.jpg 0\ngreen.jpg 1\n")
    dropped = scan(folder, labels, drop_duplicates=True).findings.filter(pl.col("message").str.contains("dropped"))
    assert dropped["path"].to_list() == ["again.jpg"]


def test_only_a_copy_on_another_list_is_a_leak(scan: Scan, folder: Path) -> None:
    train, test = (folder.with_name(f"{name}.txt") for name in ("train", "test"))
    train.write_text("red.jpg 0\n")
    test.write_text("green.jpg 0\nagain.jpg 0\n")
    leaks = scan(folder, [train, test]).findings.filter(rule="split-leak")
    assert leaks["path"].to_list() == ["red.jpg"]
    test.write_text("green.jpg 0\n")
    assert "split-leak" not in scan(folder, [train, test]).findings["rule"]


def test_only_a_copy_of_a_known_picture_is_bad(scan: Scan, folder: Path) -> None:
    known = folder.with_name("known")
    known.mkdir()
    (folder / "red.jpg").rename(known / "red.jpg")
    bad = scan(folder, known_bad=[known]).findings.filter(rule="known-bad")
    assert bad["path"].to_list() == ["again.jpg"]


def test_a_pair_is_looked_at_closely_once_whatever_else_comes_to_the_folder(
    scan: Scan, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = folder.with_name("train.txt")
    labels.write_text("red.jpg 0\ngreen.jpg 1\nagain.jpg 1\n")
    first = scan(folder, labels, cache=True)

    def refuse(*_: object) -> None:
        raise AssertionError("pictures were looked at again")

    monkeypatch.setattr(Again, "ask_closely", refuse)
    assert scan(folder, labels, cache=True).findings.equals(first.findings)
    (folder / "more.jpg").write_bytes(jpeg(photo("more")))
    (folder / "red.jpg").rename(folder / "z.jpg")
    labels.write_text("z.jpg 0\ngreen.jpg 1\nagain.jpg 1\n")
    torn = scan(folder, labels, cache=True).findings.filter(rule="conflicting-labels")
    assert torn.sort("line")["line"].to_list() == [1, 3]


@pytest.fixture
def crowd(folder: Path) -> Path:
    """Many pages of one form, more than are looked at each with each, and one of them again."""
    for path in folder.iterdir():
        path.unlink()
    for number in range(24):
        (folder / f"{number:02d}.jpg").write_bytes(jpeg(form(number)))
    (folder / "again.jpg").write_bytes(jpeg(form(7), quality=60))
    return folder


def labelled(crowd: Path, name: str, label: Callable[[int], int]) -> Path:
    labels = crowd.with_name(name)
    labels.write_text("".join(f"{path.name} {label(n)}\n" for n, path in enumerate(sorted(crowd.iterdir()))))
    return labels


def test_of_a_crowd_of_pages_only_copies_contradict_each_other_and_in_the_next_night_too(
    scan: Scan, crowd: Path
) -> None:
    labels = labelled(crowd, "train.txt", lambda number: number)
    nights = [scan(crowd, labels, cache=True).findings for _night in range(2)]
    torn = nights[0].filter(rule="conflicting-labels")
    assert sorted(torn["path"].to_list()) == ["07.jpg", "again.jpg"]
    assert nights[0].filter(rule="near-duplicate").height > 16
    assert nights[1].equals(nights[0])


def test_what_is_dropped_does_not_hang_on_the_lists_of_an_earlier_scan(scan: Scan, crowd: Path) -> None:
    same, torn = labelled(crowd, "same.txt", lambda _number: 0), labelled(crowd, "torn.txt", lambda number: number)
    fresh = scan(crowd, same, cache=True, drop_duplicates=True).findings
    assert fresh.filter(pl.col("message").str.contains("dropped"))["path"].to_list() == ["again.jpg"]
    scan(crowd, torn, cache=True)
    assert scan(crowd, same, cache=True, drop_duplicates=True).findings.equals(fresh)


def block(colour: Colour) -> Image.Image:
    """A block on a grey table."""
    picture = Image.new("RGB", (128, 128), (170, 170, 170))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((42, 50, 86, 86), colour)
    pen.polygon([(42, 50), (51, 42), (95, 42), (86, 50)], tuple(min(255, level + 30) for level in colour))
    pen.polygon([(86, 50), (95, 42), (95, 77), (86, 86)], tuple(level * 7 // 10 for level in colour))
    return picture


def torn_blocks(scan: Scan, folder: Path, *names: str) -> list[str]:
    """Scan some blocks, each under a label of its own, and return which contradict others."""
    for path in folder.iterdir():
        path.unlink()
    colours = {"blue": (42, 75, 215), "brown": (123, 72, 25), "grey": (81, 81, 81)}
    for name in names:
        picture = block(colours[name.partition("-")[0]])
        (folder / f"{name}.png").write_bytes(png(picture) if "-" not in name else png(picture.convert("L")))
    labels = folder.with_name("train.txt")
    labels.write_text("".join(f"{name}.png {number}\n" for number, name in enumerate(names)))
    torn = scan(folder, labels).findings.filter(rule="conflicting-labels")
    return sorted(path.removesuffix(".png") for path in torn["path"].to_list())


def test_what_may_be_made_grey_of_pictures_that_are_not_the_same_is_a_copy_of_none(scan: Scan, folder: Path) -> None:
    assert torn_blocks(scan, folder, "blue", "blue-grey") == ["blue", "blue-grey"]
    assert torn_blocks(scan, folder, "blue", "brown") == []
    assert torn_blocks(scan, folder, "blue", "brown", "grey") == []


def test_a_grey_photo_is_a_copy_though_it_may_come_from_one_in_other_tones(scan: Scan, folder: Path) -> None:
    land = photo("land", 320, 240)
    grey = land.convert("L")
    brown = Image.merge("RGB", [grey.point(lambda value, by=by: value * by // 100) for by in (100, 84, 66)])
    assert not alike(png(land), png(brown))
    for path in folder.iterdir():
        path.unlink()
    for name, picture in {"a": land, "b": grey, "c": brown}.items():
        (folder / f"{name}.png").write_bytes(png(picture))
    labels = folder.with_name("train.txt")
    labels.write_text("a.png 0\nb.png 1\nc.png 2\n")
    torn = scan(folder, labels).findings.filter(rule="conflicting-labels")
    assert {"a.png", "b.png"} <= set(torn["path"])


def mug(number: int) -> Image.Image:
    """A white mug before white, with a word on it."""
    picture = Image.new("RGB", (600, 600), (250, 250, 250))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((150, 150, 420, 480), 20, fill="white", outline=(150, 150, 150), width=4)
    pen.arc((380, 220, 520, 400), -90, 90, fill=(150, 150, 150), width=20)
    chance = random.Random(number)
    ink = (chance.randrange(200), chance.randrange(200), chance.randrange(200))
    pen.text((285, 310), f"{chance.choice(WORDS)} {number}", fill=ink, font_size=46, anchor="mm")
    return picture


WORDS = ["Coffee", "Tea", "Monday", "Milk", "Sugar", "Hello", "Cocoa", "Soup"]


def test_what_is_the_same_closely_nearly_shows_the_same_picture(tmp_path: Path, scan: Scan) -> None:
    folder = tmp_path / "images"
    for kind, quality in (("copies", 40), ("first", 95)):
        (folder / kind).mkdir(parents=True)
        for number in range(20):
            (folder / kind / f"{number:02}.jpg").write_bytes(jpeg(mug(number), quality=quality))
        names = "".join(f"{kind}/{number:02}.jpg 0\n" for number in range(20))
        (tmp_path / f"{kind}.txt").write_text(names)
    result = scan(folder, [tmp_path / "copies.txt", tmp_path / "first.txt"])
    assert result.findings.filter(rule="split-leak").height == 20
    facts = pl.read_parquet(tmp_path / "out" / "facts.parquet").drop_nulls("same_closely")
    assert facts["same_closely"].n_unique() == 20
    assert facts.group_by("same_closely").agg(pl.col("same_picture").n_unique())["same_picture"].to_list() == [1] * 20
    assert facts["same_picture"].null_count() == 0
