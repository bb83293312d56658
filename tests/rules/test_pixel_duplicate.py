from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw

from corrupt_samples.encode import encode, exif, jpeg, png, tiff, transparent
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Fired, Scan

RULE = "pixel-duplicate"
SAID = ("warning", "one of 2 files with the same pixels; the first is `a`")


def test_names_a_group_by_its_first_file(fired: Fired) -> None:
    picture = photo("a")
    files = {"c.png": png(picture), "b.bmp": encode(picture, "BMP"), "d.tif": tiff(picture), "e.png": png(photo("b"))}
    said = ("warning", "one of 3 files with the same pixels; the first is `b.bmp`")
    assert fired(RULE, files) == {"b.bmp": said, "c.png": said, "d.tif": said}


def test_a_group_holds_copies_of_its_files_too(fired: Fired) -> None:
    files = {"a.png": png(photo("a")), "b.png": png(photo("a")), "c.bmp": encode(photo("a"), "BMP")}
    said = ("warning", "one of 3 files with the same pixels; the first is `a.png`")
    assert fired(RULE, files) == dict.fromkeys(files, said)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(jpeg(photo("a")), jpeg(photo("a"), comment="again"), id="comment"),
        pytest.param(jpeg(photo("a")), jpeg(photo("a"), optimize=True), id="optimised"),
        pytest.param(png(photo("a").convert("L")), png(photo("a").convert("L").convert("RGB")), id="grey as RGB"),
        pytest.param(
            png(photo("a", 90, 60)),
            png(photo("a", 90, 60).transpose(Image.Transpose.ROTATE_90), exif=exif(6)),
            id="turned",
        ),
        pytest.param(
            png(Image.new("RGB", (40, 30), "red")), encode(Image.new("RGB", (40, 30), "red"), "BMP"), id="flat"
        ),
        pytest.param(png(photo("a").resize((3, 3))), encode(photo("a").resize((3, 3)), "BMP"), id="tiny"),
        pytest.param(jpeg(photo("a")), png(Image.open(io.BytesIO(jpeg(photo("a"))))), id="decoded JPEG"),
    ],
)
@pytest.mark.parametrize("near_distance", [None, 0])
def test_fires(fired: Fired, one: bytes, other: bytes, near_distance: int | None) -> None:
    files = {"a": one, "b": other}
    assert fired(RULE, files, listed=("a", "b"), near_distance=near_distance) == {"a": SAID, "b": SAID}


def instances(seed: int) -> Image.Image:
    """A mask of 19 things, numbered in 16 bits."""
    places = np.random.default_rng(seed).integers(0, 50, (19, 2))
    mask = np.zeros((60, 60), np.uint16)
    for number, (row, column) in enumerate(places, 1):
        mask[row : row + 10, column : column + 10] = number
    return Image.fromarray(mask)


def test_masks_in_16_bits_are_others_though_all_are_black_in_eight(fired: Fired) -> None:
    assert fired(RULE, {f"{number}.png": png(instances(number)) for number in range(4)}) == {}


def test_finds_a_mask_in_16_bits_again(fired: Fired) -> None:
    assert fired(RULE, {"a": png(instances(0)), "b": tiff(instances(0))}, listed=("a", "b")) == {"a": SAID, "b": SAID}


def test_16_bits_that_tell_no_more_than_eight_are_the_same(fired: Fired) -> None:
    grey = photo("a").convert("L")
    deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * np.uint16(257))
    assert fired(RULE, {"a": png(grey), "b": png(deep)}, listed=("a", "b")) == {"a": SAID, "b": SAID}


def test_dropping_keeps_the_first_on_each_list(tmp_path: Path, scan: Scan) -> None:
    (tmp_path / "a.png").write_bytes(png(photo("a")))
    (tmp_path / "b.bmp").write_bytes(encode(photo("a"), "BMP"))
    (tmp_path / "train.txt").write_text("b.bmp 0\na.png 0\n")
    (tmp_path / "val.txt").write_text("a.png 0\n")
    scan(tmp_path, [tmp_path / "train.txt", tmp_path / "val.txt"], drop_duplicates=True, ignore=("split-leak",))
    assert (tmp_path / "out" / "train.txt").read_text() == "b.bmp 0\n"
    assert (tmp_path / "out" / "val.txt").read_text() == "a.png 0\n"


def test_is_silent_about_the_same_bytes(fired: Fired) -> None:
    assert fired(RULE, {"a.png": png(photo("a")), "b.png": png(photo("a")), "c.png": png(photo("b"))}) == {}


def test_is_silent_about_one_pixel_that_differs(fired: Fired) -> None:
    pixels = np.asarray(photo("a")).copy()
    pixels[50, 50, 0] ^= 1
    assert fired(RULE, {"a.png": png(photo("a")), "b.png": png(Image.fromarray(pixels))}) == {}


def test_is_silent_about_blank_pictures_of_other_values_or_sizes(fired: Fired) -> None:
    files = {
        f"{value}_{width}.{name}": encode(Image.new("L", (width, 32), value), name)
        for value, width, name in [(0, 32, "PNG"), (1, 32, "BMP"), (0, 33, "PNG"), (255, 32, "PNG"), (128, 32, "BMP")]
    }
    assert fired(RULE, files) == {}


def test_is_silent_about_what_was_compressed_with_loss(fired: Fired) -> None:
    assert fired(RULE, {"a.png": png(photo("a")), "a.jpg": jpeg(photo("a"), quality=100)}) == {}


def test_is_silent_about_other_pictures_below_the_same_transparency(fired: Fired) -> None:
    files = {name: png(transparent(photo(name[0]))) for name in ("a.png", "b.png")}
    assert fired(RULE, files) == {}


def test_letters_that_white_hides_are_different_pictures(fired: Fired) -> None:
    def letter(text: str) -> bytes:
        picture = Image.new("RGBA", (96, 96), (255, 255, 255, 0))
        ImageDraw.Draw(picture).text((20, 20), text, fill="white", font_size=48)
        return png(picture)

    files = {"a.png": letter("A"), "b.png": letter("B"), "again.png": letter("A") + b"\0"}
    found = fired(RULE, files)
    assert set(found) == {"a.png", "again.png"}


def test_a_flat_picture_and_its_opaque_copy_are_the_same(fired: Fired) -> None:
    card = Image.new("RGB", (96, 96), "ivory")
    assert set(fired(RULE, {"a.png": png(card), "b.png": png(card.convert("RGBA"))})) == {"a.png", "b.png"}


def test_copies_beside_one_of_another_size_are_found(fired: Fired) -> None:
    # All hashes are equal, so that each is compared with the first of them alone.
    picture = Image.new("RGB", (64, 64), "white")
    ImageDraw.Draw(picture).rectangle((0, 0, 31, 40), fill="black")
    larger = picture.resize((128, 128), Image.Resampling.NEAREST)
    files = {"a.png": png(larger), "b.png": png(picture), "c.bmp": encode(picture, "BMP")}
    assert set(fired(RULE, files)) == {"b.png", "c.bmp"}


@pytest.mark.parametrize("has_png", [False, True])
def test_copies_beside_one_that_was_saved_anew_are_found(fired: Fired, has_png: bool) -> None:
    # All look the same, so that each is compared with the first of them alone.
    picture = photo("a", 400, 300)
    first = jpeg(picture, quality=90)
    files = {
        "a.jpg": jpeg(picture, quality=95),
        "b.jpg": first,
        "c.jpg": first[:2] + b"\xff\xfe\x00\x06note" + first[2:],
    }
    if has_png:
        files["d.png"] = png(Image.open(io.BytesIO(first)))
    assert set(fired(RULE, files)) == set(files) - {"a.jpg"}
