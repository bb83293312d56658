"""Deep samples are scaled by their true range, rounded and never clipped."""

from __future__ import annotations

import struct
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.copying import (
    Pixels,
    copied,
    encoded,
    repeated,
    scaled,
    texture,
)


def deep_texture(channels: int = 1) -> Pixels:
    noise = np.random.default_rng(5).integers(0, 256, (72, 104, channels))
    deep = (texture(channels=channels).astype(np.uint32) * 256 + noise).astype(np.uint16)
    return deep[..., 0] if channels == 1 else deep


@pytest.mark.parametrize(("kind", "content"), [("PNG", "png"), ("TIFF", "tiff"), ("PPM", "ppm")])
def test_16_bit_grey_is_scaled_and_rounded(tmp_path: Path, kind: str, content: str) -> None:
    deep = deep_texture()
    pixels = copied(tmp_path, encoded(Image.fromarray(deep), kind), content)
    assert (pixels == repeated(scaled(deep, 65535))).all()


def test_big_endian_tiff_is_scaled(tmp_path: Path) -> None:
    deep = deep_texture()
    image = Image.frombytes("I;16B", deep.shape[::-1], deep.astype(">u2").tobytes())
    assert (copied(tmp_path, encoded(image, "TIFF"), "tiff") == repeated(scaled(deep, 65535))).all()


@pytest.mark.parametrize("extension", ["png", "tiff"])
@pytest.mark.parametrize("channels", [3, 4])
def test_16_bit_colour_is_scaled_and_rounded(tmp_path: Path, extension: str, channels: int) -> None:
    deep = deep_texture(channels)
    if channels == 4:
        deep[..., 3] = 65535
        deep[:20, :, 3] = 0
    ok, data = cv2.imencode(f".{extension}", deep)
    assert ok
    pixels = copied(tmp_path, data.tobytes(), extension)
    expected = scaled(deep[..., 2::-1], 65535)
    if channels == 4:
        expected[:20] = 255
    assert (pixels == expected).all()


def test_without_memory_for_16_bits_there_is_no_copy_of_8_that_are_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        error = cv2.error("Insufficient memory")
        error.code = cv2.Error.StsNoMem
        raise error

    data = cv2.imencode(".png", deep_texture(3))[1].tobytes()
    monkeypatch.setattr(cv2, "imdecode", refuse)
    with pytest.raises(MemoryError):
        copied(tmp_path, data, "png")


def test_a_12_bit_range_ends_at_white(tmp_path: Path) -> None:
    values = np.array([[0, 2048, 4095], [1, 1000, 4094]], np.uint16)
    pairs = values.reshape(-1, 1).tolist()
    bits = (
        "".join(f"{value:012b}" for (value,) in pairs[:3])
        + "0" * 4
        + "".join(f"{value:012b}" for (value,) in pairs[3:])
    )
    packed = int(bits + "0" * 4, 2).to_bytes(10, "big")
    tags = {256: 3, 257: 2, 258: 12, 259: 1, 262: 1, 273: 8, 277: 1, 278: 2, 279: 10}
    directory = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    data = b"II*\0" + struct.pack("<I", 18) + packed + struct.pack("<H", len(tags)) + directory + b"\0" * 4
    assert (copied(tmp_path, data, "tiff") == repeated(scaled(values, 4095))).all()


@pytest.mark.parametrize(
    ("low", "high", "bottom", "top"),
    [(0.0, 1.0, 0, 1), (0.1, 0.9, 0, 1), (0.0, 255.0, 0, 255), (3, 180, 0, 255), (-7, 4, -7, 4), (0, 5000, 0, 5000)],
)
def test_floats_are_scaled_by_the_range_that_they_use(
    tmp_path: Path, low: float, high: float, bottom: float, top: float
) -> None:
    values = np.linspace(low, high, 72 * 104, dtype=np.float32).reshape(72, 104)
    expected = repeated(np.rint((values.astype(float) - bottom) * 255 / (top - bottom)))
    for kind, content in (("TIFF", "tiff"), ("PPM", "ppm")):
        pixels = copied(tmp_path, encoded(Image.fromarray(values), kind), content)
        assert np.abs(pixels - expected).max() <= 1, kind


def test_32_bit_integers_are_never_clipped(tmp_path: Path) -> None:
    for top in (65535, 1_000_000, 2**31 - 1):
        values = np.linspace(0, top, 72 * 104).astype(np.int32).reshape(72, 104)
        pixels = copied(tmp_path, encoded(Image.fromarray(values), "TIFF"), "tiff")
        assert np.abs(pixels.astype(float) - repeated(values.astype(float) * 255 / top)).max() <= 1
    below = np.linspace(-1000, 3000, 72 * 104).astype(np.int32).reshape(72, 104)
    pixels = copied(tmp_path, encoded(Image.fromarray(below), "TIFF"), "tiff")
    assert pixels.min() == 0
    assert pixels.max() == 255


@pytest.mark.parametrize("top", [1e-44, 3e38])
def test_the_smallest_and_the_largest_floats_are_scaled(tmp_path: Path, top: float) -> None:
    values = np.linspace(-top, top, 72 * 104, dtype=np.float64).astype(np.float32).reshape(72, 104)
    pixels = copied(tmp_path, encoded(Image.fromarray(values), "TIFF"), "tiff")
    assert pixels.min() == 0
    assert pixels.max() == 255
