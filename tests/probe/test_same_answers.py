"""The quick answers are what literally opening the file both ways gives."""

from __future__ import annotations

import io
import random
import warnings
from functools import cache
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFile

from tests.probed import probe_bytes

KINDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "png": ("PNG", "RGB", {}),
    "png palette": ("PNG", "P", {}),
    "apng": ("PNG", "RGB", {"save_all": True}),
    "gif": ("GIF", "P", {}),
    "gif frames": ("GIF", "P", {"save_all": True}),
    "webp": ("WEBP", "RGB", {}),
    "webp frames": ("WEBP", "RGB", {"save_all": True}),
    "avif": ("AVIF", "RGB", {"speed": 10}),
    "tiff": ("TIFF", "RGB", {}),
    "tiff lzw": ("TIFF", "RGB", {"compression": "tiff_lzw"}),
    "tiff pages": ("TIFF", "L", {"save_all": True}),
    "bmp": ("BMP", "RGB", {}),
    "ppm": ("PPM", "RGB", {}),
    "pfm": ("PPM", "F", {}),
    "jpeg2000": ("JPEG2000", "RGB", {}),
    "ico": ("ICO", "RGBA", {}),
    "tga": ("TGA", "RGB", {}),
    "tga rle": ("TGA", "L", {"compression": "tga_rle"}),
    "pcx": ("PCX", "L", {}),
    "sgi": ("SGI", "L", {}),
    "dds": ("DDS", "RGB", {}),
}


@cache
def sound(kind: str) -> bytes:
    name, mode, options = KINDS[kind]
    noise = Image.fromarray(np.random.default_rng(8).integers(0, 256, (36, 48, 3), np.uint8)).convert(mode)
    more = {"append_images": [noise.rotate(90), noise.rotate(180)]} if "save_all" in options else {}
    out = io.BytesIO()
    noise.save(out, name, **options, **more)
    return out.getvalue()


def damaged(data: bytes, rng: random.Random) -> bytes:
    at, kind = rng.randrange(len(data)), rng.randrange(5)
    if kind == 0:
        return data[:at]
    if kind == 1:
        return data[:at] + bytes(min(len(data) - at, 64)) + data[at + 64 :]
    if kind == 2:
        return data[:at] + data[at + 1 :]
    if kind == 3:
        at %= 200
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]


def literal(data: bytes, *, tolerant: bool) -> bool:
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = tolerant
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            Image.open(io.BytesIO(data)).load()
    except Exception:  # noqa: BLE001 - any decoder, any error
        return False
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_quick_thorough_and_literal_answers_are_the_same(kind: str) -> None:
    rng = random.Random(kind)
    for _ in range(25):
        data = damaged(sound(kind), rng)
        quick = probe_bytes(data, name="a.tga" if "tga" in kind else "", max_pixels=1 << 20)
        if "decodes" not in quick:
            continue
        wanted = (literal(data, tolerant=False), literal(data, tolerant=True))
        thorough = probe_bytes(data, name="a.tga" if "tga" in kind else "", max_pixels=1 << 20, thorough=True)
        assert (quick["decodes"], quick["decodes_truncated"]) == wanted
        assert (thorough["decodes"], thorough["decodes_truncated"]) == wanted
        assert isinstance(thorough["decodes_opencv"], bool)
        assert thorough["thorough"] is True
        assert quick["plain"] == thorough["plain"]
        assert quick.get("complaint") == thorough.get("complaint")
        assert not ImageFile.LOAD_TRUNCATED_IMAGES


def test_a_damaged_picture_that_only_a_strict_loader_opens_is_told_as_such() -> None:
    # Where the next chunk has to be there is none; with LOAD_TRUNCATED_IMAGES Pillow tries to read it all the same.
    data = sound("png")[:-12] + b"\x20\xc3\x4b\x08d(, " + bytes(40)
    assert (literal(data, tolerant=False), literal(data, tolerant=True)) == (True, False)
    quick, thorough = probe_bytes(data), probe_bytes(data, thorough=True)
    assert (quick["decodes"], quick["decodes_truncated"]) == (True, False)
    assert quick["complaint"] == thorough["complaint"]
