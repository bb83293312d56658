"""Every copy is the source's picture, as 8-bit RGB that Pillow and OpenCV read alike."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFile, ImageOps

from sanitize.convert import convert
from tests.copying import (
    asked,
    copied,
    copy_bytes,
    encoded,
    psnr,
    raw_png,
    repeated,
    scaled,
    texture,
    with_orientation,
)
from tests.links import needs_links


@pytest.mark.parametrize(
    ("kind", "content"),
    [("BMP", "bmp"), ("PPM", "ppm"), ("TIFF", "tiff"), ("TGA", "tga"), ("PNG", "png"), ("PCX", "pcx"), ("QOI", "qoi")],
)
def test_a_lossless_colour_picture_keeps_every_pixel(tmp_path: Path, kind: str, content: str) -> None:
    pixels = texture()
    assert (copied(tmp_path, encoded(Image.fromarray(pixels), kind), content) == pixels).all()


@pytest.mark.parametrize(("kind", "content"), [("WEBP", "webp"), ("AVIF", "avif"), ("JPEG2000", "jpeg2000")])
def test_a_lossy_picture_is_copied_as_pillow_decodes_it(tmp_path: Path, kind: str, content: str) -> None:
    data = encoded(Image.fromarray(texture()), kind)
    assert (copied(tmp_path, data, content) == np.asarray(Image.open(io.BytesIO(data)))).all()


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "PPM"])
def test_grey_and_one_bit_pictures_get_three_equal_channels(tmp_path: Path, kind: str) -> None:
    grey = texture(channels=1)[..., 0]
    content = kind.lower()
    assert (copied(tmp_path, encoded(Image.fromarray(grey), kind), content) == repeated(grey)).all()
    bits = Image.fromarray(grey).convert("1")
    assert (copied(tmp_path, encoded(bits, kind), content) == repeated(np.asarray(bits.convert("L")))).all()


def test_a_palette_is_looked_up(tmp_path: Path) -> None:
    image = Image.fromarray(texture()).quantize(31)
    for kind in ("PNG", "GIF", "BMP", "TIFF"):
        assert (copied(tmp_path, encoded(image, kind), kind.lower()) == np.asarray(image.convert("RGB"))).all()


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_grey_of_few_bits_spans_black_to_white(tmp_path: Path, depth: int) -> None:
    packed = np.random.default_rng(3).integers(0, 256, (40, 20)).astype(np.uint8)
    pixels = copied(tmp_path, raw_png(packed, colour_type=0, depth=depth, width=160 // depth), "png")
    unpacked = np.unpackbits(packed, axis=1).reshape(40, -1, depth) @ (1 << np.arange(depth)[::-1])
    assert (pixels == repeated(scaled(unpacked, (1 << depth) - 1))).all()


@pytest.mark.parametrize("kind", ["GIF", "PNG", "TIFF", "WEBP"])
def test_the_first_frame_is_taken(tmp_path: Path, kind: str) -> None:
    frames = [Image.fromarray(texture(seed=seed)).quantize(64).convert("RGB") for seed in range(3)]
    options = {"lossless": True} if kind == "WEBP" else {}
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], **options)
    assert psnr(copied(tmp_path, data, kind.lower()), np.asarray(frames[0])) > 45


def test_the_largest_icon_is_taken(tmp_path: Path) -> None:
    image = Image.fromarray(texture(64, 64))
    data = encoded(image, "ICO", sizes=[(16, 16), (64, 64), (32, 32)])
    assert (copied(tmp_path, data, "ico") == np.asarray(image)).all()


@pytest.mark.parametrize("value", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("given", [True, False])
def test_a_picture_is_turned_once(tmp_path: Path, value: int, kind: str, *, given: bool) -> None:
    image = Image.fromarray(texture())
    options: dict[str, Any] = {"lossless": True} if kind == "WEBP" else {}
    options |= {"tiffinfo": {0x112: value}} if kind == "TIFF" else {"exif": with_orientation(value)}
    options |= {"quality": 100, "subsampling": "4:4:4"} if kind == "AVIF" else {}
    pixels = copied(tmp_path, encoded(image, kind, **options), kind.lower(), orientation=value if given else None)
    image.getexif()[0x112] = value
    assert psnr(pixels, np.asarray(ImageOps.exif_transpose(image))) > 40


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_damaged_file_is_copied_only_where_that_is_asked_for(tmp_path: Path, kind: str) -> None:
    data = encoded(Image.fromarray(texture()), kind)
    half = data[: len(data) * 2 // 3]
    assert asked(tmp_path, half, kind.lower(), "png:salvage")["error"]
    assert not (tmp_path / "target").exists()
    pixels = copied(tmp_path, half, kind.lower(), "png:salvage", tolerant=True)
    assert psnr(pixels[:24], np.asarray(Image.open(io.BytesIO(data)))[:24]) > 30
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


@pytest.mark.parametrize("kind", ["BMP", "PPM", "TGA", "TIFF"])
def test_no_copy_is_made_where_one_colour_is_all_that_is_left(tmp_path: Path, kind: str) -> None:
    data = encoded(Image.fromarray(texture()), kind)
    cut = data[: len(data) // 100 + 60]
    answer = asked(tmp_path, cut, kind.lower(), "png:salvage", tolerant=True, lost=True)
    assert answer["error"]
    assert not (tmp_path / "target").exists()
    black = encoded(Image.new("RGB", (48, 32)), kind)
    answer = asked(tmp_path, black, kind.lower(), "png:salvage", tolerant=True, lost=True)
    assert answer["error"] == "nothing is left of the picture but one colour"
    assert asked(tmp_path, black, kind.lower(), "png:salvage", tolerant=True)["error"] is None


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"GIF89a", bytes(1000)])
def test_what_is_no_picture_is_an_answer_and_no_exception(tmp_path: Path, data: bytes) -> None:
    answer = asked(tmp_path, data, "jpeg", "jpeg-lossless")
    assert answer["error"]
    assert "0x" not in str(answer["error"])


def test_a_file_that_is_gone_is_an_answer(tmp_path: Path) -> None:
    answer = convert({"source": b"/nowhere/at all", "target": bytes(tmp_path / "t"), "policy": "png", "content": "png"})
    assert answer["error"] == "cannot be read: No such file or directory"


@needs_links
def test_a_link_in_the_target_place_is_replaced_and_not_written_through(tmp_path: Path) -> None:
    original = tmp_path / "original"
    original.write_bytes(b"sacred")
    (tmp_path / "target").symlink_to(original)
    copied(tmp_path, encoded(Image.fromarray(texture()), "BMP"), "bmp")
    assert original.read_bytes() == b"sacred"


def test_the_same_request_gives_the_same_bytes(tmp_path: Path) -> None:
    data = encoded(Image.fromarray(texture()).convert("RGBA"), "PNG")
    assert copy_bytes(tmp_path, data, "png") == copy_bytes(tmp_path, data, "png")


def test_what_is_no_fault_of_the_file_is_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = encoded(Image.fromarray(texture()), "BMP")

    def fail(*_arguments: object, **_options: object) -> None:
        raise TypeError("a mistake of ours")

    with monkeypatch.context() as patch:
        patch.setattr("sanitize.convert.check_promise", fail)
        with pytest.raises(TypeError, match="a mistake of ours"):
            asked(tmp_path, data, "bmp")

    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr("os.open", refuse)
    with pytest.raises(OSError, match="Too many open files"):
        convert({"source": b"a", "target": b"b", "policy": "png", "content": "bmp"})
