"""Damage to every format is found, and sound pictures are left alone."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from sanitize.probe import opencv
from tests.probed import probe_bytes

KINDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "png": ("PNG", "RGB", {}),
    "gif": ("GIF", "P", {"interlace": 0}),
    "gif interlaced": ("GIF", "P", {"interlace": 1}),
    "webp": ("WEBP", "RGB", {"quality": 80}),
    "webp lossless": ("WEBP", "RGB", {"lossless": True}),
    "avif": ("AVIF", "RGB", {"speed": 9}),
    "tiff": ("TIFF", "RGB", {}),
    "tiff deflate": ("TIFF", "RGB", {"compression": "tiff_deflate"}),
    "tiff lzw": ("TIFF", "RGB", {"compression": "tiff_lzw"}),
    "tiff jpeg": ("TIFF", "RGB", {"compression": "jpeg"}),
    "tiff packbits": ("TIFF", "L", {"compression": "packbits"}),
    "bmp": ("BMP", "RGB", {}),
    "ppm": ("PPM", "RGB", {}),
    "pfm": ("PPM", "F", {}),
    "jpeg2000": ("JPEG2000", "RGB", {"irreversible": True, "quality_layers": [10]}),
    "ico": ("ICO", "RGB", {"sizes": [(128, 96)]}),
    "ico of bmp": ("ICO", "RGB", {"sizes": [(128, 96)], "bitmap_format": "bmp"}),
    "tga": ("TGA", "RGB", {}),
    "qoi": ("QOI", "RGB", {}),
    "pcx": ("PCX", "RGB", {}),
    "sgi": ("SGI", "RGB", {}),
}


@cache
def textured() -> Image.Image:
    noise = np.random.default_rng(5).integers(0, 256, (24, 32, 3), np.uint8)
    grain = np.random.default_rng(6).integers(-12, 13, (96, 128, 3))
    smooth = np.asarray(Image.fromarray(noise).resize((128, 96), Image.Resampling.BICUBIC), np.int64)
    return Image.fromarray(np.clip(smooth + grain, 0, 255).astype(np.uint8))


def saved(image: Image.Image, kind: str) -> bytes:
    name, mode, options = KINDS[kind]
    out = io.BytesIO()
    (image.quantize(64) if mode == "P" else image.convert(mode)).save(out, name, **options)
    return out.getvalue()


def probe(data: bytes, kind: str) -> dict[str, object]:
    return probe_bytes(data, name="a.tga" if kind == "tga" else "")


def is_damaged(found: dict[str, object]) -> bool:
    return "complaint" in found or found.get("decodes") is False


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cut", [lambda size: size // 2, lambda size: size * 99 // 100, lambda size: size - 16])
def test_a_cut_picture_is_found(kind: str, cut: Callable[[int], int]) -> None:
    data = saved(textured(), kind)
    found = probe(data[: cut(len(data))], kind)
    assert is_damaged(found)
    assert found["complaint_kind"] in ("ended-early", "no-end", "bitstream")


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"tiff packbits", "jpeg2000"}))
def test_two_missing_bytes_are_found(kind: str) -> None:
    assert is_damaged(probe(saved(textured(), kind)[:-2], kind))


@pytest.mark.parametrize("kind", ["bmp", "ppm", "tiff", "gif", "png"])
def test_it_is_known_from_which_row_a_cut_picture_is_lost(kind: str) -> None:
    data = saved(textured(), kind)
    found = probe(data[: len(data) * 6 // 10], kind)
    assert found["lost_from_row"] == 0 if kind == "bmp" else 40 < found["lost_from_row"] < 75  # type: ignore[operator]
    assert 0.4 < found["survives"] < 0.75  # type: ignore[operator]


@pytest.mark.parametrize("kind", ["webp", "webp lossless", "avif", "png", "gif", "tiff lzw"])
def test_zeroed_stretches_are_found_in_coded_data(kind: str) -> None:
    data, rng = saved(textured(), kind), random.Random(1)
    for _ in range(5):
        at = rng.randrange(len(data) // 10, len(data) - 600)
        assert is_damaged(probe(data[:at] + bytes(512) + data[at + 512 :], kind)), at


@pytest.mark.parametrize(("kind", "least"), [("png", 20), ("avif", 19), ("gif", 5), ("tiff deflate", 12)])
def test_flipped_bits_are_found(kind: str, least: int) -> None:
    data, rng, found = saved(textured(), kind), random.Random(2), 0
    for _ in range(20):
        out = bytearray(data)
        out[rng.randrange(len(data) // 10, len(data) - 12)] ^= 1 << rng.randrange(8)
        found += is_damaged(probe(bytes(out), kind))
    assert found >= least


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"tiff packbits"}))
def test_a_missing_byte_is_found(kind: str) -> None:
    if kind in ("qoi", "sgi"):
        pytest.skip("nothing in this format tells")
    data = saved(textured(), kind)
    at = len(data) // 2
    assert is_damaged(probe(data[:at] + data[at + 1 :], kind))


def line_art() -> Image.Image:
    image = Image.new("RGB", (640, 480), "white")
    draw, rng = ImageDraw.Draw(image), random.Random(4)
    for _ in range(30):
        draw.line([rng.randrange(640), rng.randrange(480), rng.randrange(640), rng.randrange(480)], fill=0, width=2)
    return image


def framed(color: str, size: tuple[int, int], place: tuple[int, int]) -> Image.Image:
    image = Image.new("RGB", size, color)
    image.paste(textured(), place)
    return image


SOUND: dict[str, Callable[[], Image.Image]] = {
    "photo": textured,
    "product": lambda: framed("white", (900, 700), (300, 300)),
    "letterbox": lambda: framed("black", (128, 900), (0, 400)),
    "line art": line_art,
    "white": lambda: Image.new("RGB", (1000, 800), "white"),
    "black": lambda: Image.new("RGB", (1000, 800), "black"),
    "one pixel": lambda: Image.new("RGB", (1, 1), (1, 2, 3)),
    "odd size": lambda: textured().resize((33, 17)),
}


@pytest.mark.parametrize("picture", SOUND)
@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"qoi", "ico", "ico of bmp"}))
def test_sound_pictures_are_left_alone(kind: str, picture: str) -> None:
    found = probe(saved(SOUND[picture](), kind), kind)
    assert (found["decodes"], found["decodes_truncated"]) == (True, True)
    assert not {"complaint", "harmless", "unsupported", "lost_from_row"} & found.keys()
    assert found["plain"] is (kind == "png")


@pytest.mark.parametrize("picture", ["product", "letterbox", "line art"])
@pytest.mark.parametrize("options", [{"lossless": True, "quality": 0}, {"quality": 30}, {"quality": 100}])
def test_zeros_that_flat_areas_explain_are_left_alone(picture: str, options: dict[str, Any]) -> None:
    image, out = SOUND[picture]().resize((1600, 1200), Image.Resampling.NEAREST), io.BytesIO()
    image.save(out, "WEBP", method=0, **options)
    assert not is_damaged(probe_bytes(out.getvalue()))


@pytest.mark.parametrize("quality", [50, 90, 95])
@pytest.mark.parametrize("color", ["black", "white"])
def test_a_flat_end_of_a_webp_that_was_encoded_in_haste_is_left_alone(color: str, quality: int) -> None:
    image, out = Image.new("RGB", (700, 1300), color), io.BytesIO()
    image.paste(textured().resize((700, 620)), (0, 0))
    image.save(out, "WEBP", method=0, quality=quality)
    assert bytes(256) in out.getvalue()
    assert not is_damaged(probe_bytes(out.getvalue()))


@pytest.mark.parametrize("rows", [3, 8, 30])
def test_a_narrow_frame_of_a_lossless_webp_that_was_encoded_in_haste_is_left_alone(rows: int) -> None:
    picture = textured().resize((640, 480)).filter(ImageFilter.UnsharpMask(3, 400, 0))
    image, out = Image.new("RGB", (640, 480 + rows)), io.BytesIO()
    image.paste(picture, (0, rows))
    image.save(out, "WEBP", method=0, quality=0, lossless=True)
    assert bytes(256) in out.getvalue()
    assert not is_damaged(probe_bytes(out.getvalue()))


@pytest.mark.parametrize("method", [0, 4])
def test_a_zeroed_tail_of_a_webp_is_found(method: int) -> None:
    out = io.BytesIO()
    textured().resize((700, 620)).save(out, "WEBP", method=method, quality=90)
    data = out.getvalue()
    for share in (0.9, 0.5, 0.2):
        kept = data[: int(share * len(data))]
        assert is_damaged(probe_bytes(kept + bytes(len(data) - len(kept)))), share


@pytest.mark.parametrize("picture", ["white", "black", "letterbox"])
@pytest.mark.parametrize("method", [0, 1, 2, 4])
def test_flat_webps_of_the_highest_quality_are_left_alone(picture: str, method: int) -> None:
    for size in ((497, 353), (990, 770), (1400, 603)):
        out = io.BytesIO()
        SOUND[picture]().resize(size, Image.Resampling.NEAREST).save(out, "WEBP", quality=100, method=method)
        assert not is_damaged(probe_bytes(out.getvalue())), size


@pytest.mark.parametrize("kind", ["gif", "webp", "bmp", "ppm", "tiff", "avif", "tga"])
def test_bytes_after_the_picture_are_left_alone(kind: str) -> None:
    if kind != "tga":
        assert not is_damaged(probe(saved(textured(), kind) + b"more bytes" * 50, kind))


def test_damage_to_a_later_frame_or_page_is_found() -> None:
    frames = [textured().rotate(angle) for angle in (0, 90, 180)]
    for name in ("GIF", "TIFF"):
        out = io.BytesIO()
        frames[0].save(out, name, save_all=True, append_images=frames[1:])
        data = out.getvalue()
        assert probe_bytes(data)["frames"] == 3
        assert not is_damaged(probe_bytes(data))
        found = probe_bytes(data[: len(data) * 8 // 10])
        assert (found["decodes"], bool(found["complaint"])) == (True, True), name


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize("width", [-128, -1, -(1 << 31)])
def test_a_negative_width_of_a_bmp_is_a_damaged_header_and_no_large_picture(width: int, thorough: bool) -> None:
    data = bytearray(saved(textured(), "bmp"))
    data[18:22] = width.to_bytes(4, "little", signed=True)
    found = probe_bytes(bytes(data), thorough=thorough)
    assert (found["decodes"], found["decodes_truncated"]) == (False, False)
    assert found["complaint"] == f"the header gives a width of {width} pixels"
    assert "width" not in found
    assert opencv.decodes(bytes(data)) is False


def test_a_negative_height_of_a_bmp_is_sound_as_its_rows_stand_from_the_top_down() -> None:
    data = bytearray(saved(textured(), "bmp"))
    data[22:26] = (-96).to_bytes(4, "little", signed=True)
    found = probe_bytes(bytes(data))
    assert (found["decodes"], found["height"], "complaint" in found) == (True, 96, False)
