"""What is transparent is composed over the background."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.copying import (
    WHITE,
    copied,
    encoded,
    over,
    png_chunk,
    raw_png,
    repeated,
    scaled,
    texture,
)


@pytest.mark.parametrize("background", [WHITE, (0, 0, 0), (12, 200, 99)])
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_alpha_is_composed_over_the_background(tmp_path: Path, background: tuple[int, int, int], kind: str) -> None:
    colour, alpha = texture(), texture(channels=1, seed=1)[..., 0]
    alpha[:9], alpha[-9:] = 0, 255
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    data = encoded(Image.fromarray(np.dstack([colour, alpha])), kind, **options)
    pixels = copied(tmp_path, data, kind.lower(), background=background)
    assert np.abs(pixels - over(colour, alpha, background)).max() <= 1
    assert (pixels[:9] == background).all()
    assert (pixels[-9:] == colour[-9:]).all()


def test_grey_with_alpha_is_composed(tmp_path: Path) -> None:
    grey, alpha = texture(channels=2)[..., 0], texture(channels=1, seed=1)[..., 0]
    image = Image.merge("LA", [Image.fromarray(grey), Image.fromarray(alpha)])
    pixels = copied(tmp_path, encoded(image, "PNG"), "png", background=(0, 99, 255))
    assert np.abs(pixels - over(repeated(grey), alpha, (0, 99, 255))).max() <= 1


def test_palette_entries_with_alpha_are_composed(tmp_path: Path) -> None:
    image = Image.fromarray(texture()).quantize(16)
    data = encoded(image, "PNG", transparency=bytes([0, 128, *[255] * 14]))
    index, colour = np.asarray(image), np.asarray(image.convert("RGB"))
    alpha = np.array([0, 128, *[255] * 14])[index]
    assert np.abs(copied(tmp_path, data, "png") - over(colour, alpha, WHITE)).max() <= 1


def test_a_transparent_gif_shows_the_background(tmp_path: Path) -> None:
    image = Image.fromarray(texture()).quantize(16)
    pixels = copied(tmp_path, encoded(image, "GIF", transparency=3), "gif", background=(1, 2, 3))
    hidden = np.asarray(image) == 3
    assert (pixels[hidden] == (1, 2, 3)).all()
    assert (pixels[~hidden] == np.asarray(image.convert("RGB"))[~hidden]).all()


def test_a_declared_colour_is_transparent_at_every_depth(tmp_path: Path) -> None:
    colour = texture()
    data = encoded(Image.fromarray(colour), "PNG", transparency=tuple(int(value) for value in colour[5, 5]))
    pixels = copied(tmp_path, data, "png", background=(9, 8, 7))
    assert (pixels[5, 5] == (9, 8, 7)).all()
    assert (pixels[0] == colour[0]).all() or (colour[0] == colour[5, 5]).all(axis=-1).any()

    packed = np.random.default_rng(3).integers(0, 256, (40, 20)).astype(np.uint8)
    for depth, key in ((1, 1), (2, 2), (4, 7), (8, 77)):
        declared = png_chunk(b"tRNS", struct.pack(">H", key))
        data = raw_png(packed, colour_type=0, depth=depth, width=160 // depth, chunks=declared)
        values = np.unpackbits(packed, axis=1).reshape(40, -1, depth) @ (1 << np.arange(depth)[::-1])
        expected = repeated(scaled(values, (1 << depth) - 1))
        expected[values == key] = (9, 8, 7)
        assert (copied(tmp_path, data, "png", background=(9, 8, 7)) == expected).all(), depth


def test_a_declared_16_bit_colour_is_matched_in_full_depth(tmp_path: Path) -> None:
    deep = np.full((20, 30, 3), 0x1234, ">u2")
    deep[:10] = 0x1235  # the same upper byte: not the declared colour
    declared = png_chunk(b"tRNS", struct.pack(">3H", 0x1234, 0x1234, 0x1234))
    data = raw_png(deep.reshape(20, -1), colour_type=2, depth=16, width=30, chunks=declared)
    pixels = copied(tmp_path, data, "png", background=(255, 0, 0))
    assert (pixels[:10] == 0x12).all()
    assert (pixels[10:] == (255, 0, 0)).all()

    grey = raw_png(deep[..., 0], colour_type=0, depth=16, width=30, chunks=png_chunk(b"tRNS", b"\x12\x34"))
    assert (copied(tmp_path, grey, "png", background=(255, 0, 0)) == pixels).all()
