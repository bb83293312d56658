"""Looks at pictures: the digest of all pixels, and the small picture."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageOps

from corrupt_samples.encode import avif, encode, exif, jpeg, palette, png, tiff, transparent, webp
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import cut
from sanitize.compare.look import SIDE, SIZE, look, pack, unpack
from sanitize.probe import examine
from tests.test_convert_colour import curve_profile

PHOTO = photo("a", 90, 60)


@pytest.fixture
def look_at(tmp_path: Path) -> object:
    def look_at(data: bytes, *, asks_pixels: bool = True) -> dict[str, str | bytes | None]:
        (tmp_path / "file").write_bytes(data)
        facts = examine(data).facts
        item = (
            b"file",
            facts.get("content"),
            facts.get("mode"),
            facts.get("orientation"),
            facts.get("width"),
            facts.get("height"),
            asks_pixels,
        )
        root = os.fsencode(tmp_path)
        (found,) = pack([look(item, root=root)], root=root)  # type: ignore[arg-type]
        assert found is not None
        return found  # type: ignore[return-value]

    return look_at


def small(found: dict[str, bytes]) -> npt.NDArray[np.float32]:
    shades: npt.NDArray[np.float32] = unpack([found["look"]]).luma[0]
    return shades


def luma(picture: Image.Image) -> npt.NDArray[np.float32]:
    channels = np.asarray(picture.convert("RGB"), np.float32)
    values: npt.NDArray[np.float32] = channels @ np.array([0.299, 0.587, 0.114], np.float32)
    return values


def decoded(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(encode(PHOTO, "BMP"), id="BMP"),
        pytest.param(tiff(PHOTO), id="TIFF"),
        pytest.param(tiff(PHOTO, compression="tiff_lzw"), id="TIFF LZW"),
        pytest.param(encode(PHOTO, "PPM"), id="PPM"),
        pytest.param(webp(PHOTO, lossless=True), id="lossless WebP"),
        pytest.param(png(PHOTO, compress_level=0), id="stored PNG"),
        pytest.param(png(PHOTO.transpose(Image.Transpose.ROTATE_90), exif=exif(6)), id="turned PNG"),
        pytest.param(png(PHOTO.convert("RGBA")), id="opaque PNG"),
    ],
)
def test_the_same_pixels_have_the_same_digest_in_every_format(look_at, data: bytes) -> None:  # type: ignore[no-untyped-def]
    assert look_at(data) == look_at(png(PHOTO))


@pytest.mark.parametrize("encoder", [jpeg, webp, avif])
def test_what_a_lossy_file_shows_has_its_digest(look_at, encoder) -> None:  # type: ignore[no-untyped-def]
    data = encoder(PHOTO)
    assert look_at(data) == look_at(png(decoded(data)))


@pytest.mark.parametrize("options", [{"progressive": True}, {"subsampling": 0}, {"quality": 30}])
def test_any_jpeg_has_the_digest_of_what_it_shows(look_at, options: dict[str, int]) -> None:  # type: ignore[no-untyped-def]
    data = jpeg(photo("odd", 61, 43), **options)
    assert look_at(data) == look_at(png(decoded(data)))


def test_a_turned_jpeg_has_the_digest_of_the_upright_picture(look_at) -> None:  # type: ignore[no-untyped-def]
    data = jpeg(PHOTO)
    marked = jpeg(PHOTO, exif=exif(6))
    assert look_at(marked) == look_at(png(decoded(data).transpose(Image.Transpose.ROTATE_270)))


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_blocks": 2}])
def test_a_jpeg_shows_the_same_whatever_stands_beside_its_picture(look_at, options: dict[str, object]) -> None:  # type: ignore[no-untyped-def]
    data = jpeg(PHOTO, **options)
    wanted = look_at(png(decoded(data)))
    for other in (
        jpeg(PHOTO, **options, comment=b"a comment \xff\xd9"),
        data[:-2] + b"\xff\xff\xff\xd9",  # filling before the end marker
        data + b"another picture",
    ):
        assert look_at(other) == wanted


def test_a_restart_between_segments_hides_nothing_behind_it(look_at) -> None:  # type: ignore[no-untyped-def]
    # Read as a segment it would be as long as the next marker says: FF DA, 65,498 bytes.
    data = jpeg(Image.effect_noise((400, 400), 60), quality=95)
    scan = data.index(b"\xff\xda")
    assert len(data) > 1.5 * 0xFFDA
    assert look_at(data[:scan] + b"\xff\xd0" + data[scan:]) == look_at(data)


def test_jpegs_that_are_coded_alike_and_turned_otherwise_have_their_own_digests(look_at) -> None:  # type: ignore[no-untyped-def]
    digests = {look_at(jpeg(PHOTO, exif=exif(orientation)))["pixels"] for orientation in range(1, 9)}
    assert len(digests) == 8


def test_grey_and_palette_are_seen_as_colours(look_at) -> None:  # type: ignore[no-untyped-def]
    for picture in (PHOTO.convert("L"), palette(PHOTO), PHOTO.convert("1")):
        assert look_at(png(picture)) == look_at(png(picture.convert("RGB")))


def test_a_grey_jpeg_is_seen_as_its_pixels_are_and_through_its_profile(look_at) -> None:  # type: ignore[no-untyped-def]
    grey = PHOTO.convert("L")
    for data in (jpeg(grey), jpeg(grey, exif=exif(6))):
        assert look_at(data) == look_at(png(ImageOps.exif_transpose(Image.open(io.BytesIO(data)))))
    assert look_at(jpeg(grey, icc_profile=curve_profile(b"GRAY", 1.0)))["pixels"] != look_at(jpeg(grey))["pixels"]


def test_what_is_transparent_is_seen_over_white(look_at) -> None:  # type: ignore[no-untyped-def]
    clear = PHOTO.convert("RGBA")
    clear.putalpha(0)
    assert look_at(png(clear)) == look_at(png(Image.new("RGB", PHOTO.size, "white")))
    assert look_at(png(transparent(PHOTO))) != look_at(png(PHOTO))


def test_sizes_of_as_many_blank_pixels_have_different_digests(look_at) -> None:  # type: ignore[no-untyped-def]
    digests = {look_at(png(Image.new("RGB", size)))["pixels"] for size in [(40, 30), (30, 40), (1200, 1), (20, 60)]}
    assert len(digests) == 4


def test_one_level_in_one_pixel_is_another_digest_and_the_same_look(look_at) -> None:  # type: ignore[no-untyped-def]
    pixels = np.asarray(PHOTO).copy()
    pixels[10, 10, 2] ^= 1
    one, other = look_at(png(PHOTO)), look_at(png(Image.fromarray(pixels)))
    assert one["pixels"] != other["pixels"]
    assert np.abs(small(one) - small(other)).max() < 0.2


@pytest.mark.parametrize("size", [(32, 32), (96, 64), (320, 704), (5, 3), (1, 1)])
def test_the_look_is_what_pillow_reduces_the_picture_to(look_at, size: tuple[int, int]) -> None:  # type: ignore[no-untyped-def]
    picture = photo("a").resize(size)
    expected = luma(picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS))
    found = small(look_at(png(picture)))
    assert np.abs(found - expected).max() <= 1.5


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 255, 0), (0, 0, 255), (7, 8, 9)])
def test_the_look_of_one_colour_is_that_colour(look_at, colour: tuple[int, int, int]) -> None:  # type: ignore[no-untyped-def]
    found = look_at(png(Image.new("RGB", (40, 30), colour)))
    assert len(found["look"]) == SIZE
    brightness, _cut, chroma = unpack([found["look"]])
    assert np.abs(brightness - luma(Image.new("RGB", (1, 1), colour))).max() < 0.2
    blue, red = np.asarray(Image.new("RGB", (1, 1), colour).convert("YCbCr"), np.float32)[0, 0, 1:] - 128
    assert np.abs(chroma - [blue, red]).max() <= 1.5


def test_looks_of_dark_pictures_keep_their_shades(look_at) -> None:  # type: ignore[no-untyped-def]
    dark = photo("a").point(lambda value: value // 40)
    assert np.abs(small(look_at(png(dark))) - luma(dark.resize((SIDE, SIDE), Image.Resampling.LANCZOS))).mean() < 0.5
    assert len(np.unique(small(look_at(png(dark))))) > 60


def test_a_file_that_vanished_or_broke_is_not_looked_at(tmp_path: Path) -> None:
    root = os.fsencode(tmp_path)
    assert look((b"gone.jpg", "jpeg", "RGB", None, None, None, True), root=root) is None
    for name, data in {"empty": b"", "cut": cut(png(PHOTO), 0.5), "text": b"no picture"}.items():
        (tmp_path / name).write_bytes(data)
        assert look((os.fsencode(name), "png", "RGB", None, None, None, True), root=root) is None
    (tmp_path / "folder").mkdir()
    assert look((b"folder", "png", "RGB", None, None, None, True), root=root) is None


@pytest.mark.parametrize("size", [(640, 480), (501, 333), (1023, 700), (300, 200)])
def test_a_look_without_pixels_is_nearly_that_of_the_whole_picture(look_at, size: tuple[int, int]) -> None:  # type: ignore[no-untyped-def]
    data = jpeg(photo("a", *size))
    quick = look_at(data, asks_pixels=False)
    assert quick.keys() == {"look"}
    assert np.abs(small(quick) - small(look_at(data))).mean() < 0.6
