"""Colours are those that a person would see: profiles are heeded."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from tests.copying import (
    copied,
    encoded,
    png_chunk,
    psnr,
    raw_png,
    repeated,
    texture,
)


def test_cmyk_is_not_inverted(tmp_path: Path) -> None:
    colour = texture()
    cmyk = Image.fromarray(colour).convert("CMYK")
    for kind, content, policy in (("JPEG", "jpeg", "jpeg-95:cmyk"), ("TIFF", "tiff", "png:cmyk")):
        data = encoded(cmyk, kind, **({"quality": 95} if kind == "JPEG" else {}))
        assert psnr(copied(tmp_path, data, content, policy), colour) > 33


def test_lab_is_converted(tmp_path: Path) -> None:
    colour = texture()
    to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    lab = ImageCms.applyTransform(Image.fromarray(colour), to_lab)
    assert lab is not None
    assert psnr(copied(tmp_path, encoded(lab, "TIFF"), "tiff"), colour) > 35


def test_ycbcr_is_converted(tmp_path: Path) -> None:
    colour = texture()
    data = encoded(Image.fromarray(colour).convert("YCbCr"), "TIFF")
    assert psnr(copied(tmp_path, data, "tiff"), colour) > 40


def curve_profile(space: bytes, gamma: float) -> bytes:
    """Return a minimal grey ICC profile of one gamma curve."""
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
    white = b"XYZ " + bytes(4) + struct.pack(">3i", round(0.9642 * 65536), 65536, round(0.8249 * 65536))
    text = b"desc" + bytes(4) + struct.pack(">I", 5) + b"test\0" + bytes(78)
    text += bytes(-len(text) % 4)
    entries, body, offset = b"", b"", 128 + 4 + 12 * 3
    for name, tag in ((b"wtpt", white), (b"kTRC", curve), (b"desc", text)):
        entries += name + struct.pack(">II", offset + len(body), len(tag))
        body += tag
    head = struct.pack(">I4sI4s4s4s12x4s", offset + len(body), b"lcms", 0x02100000, b"mntr", space, b"XYZ ", b"acsp")
    head = head.ljust(68, b"\0") + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + struct.pack(">I", 3) + entries + body


def test_grey_goes_through_its_profile(tmp_path: Path) -> None:
    grey = np.tile(np.arange(256, dtype=np.uint8), (16, 1))
    linear = encoded(Image.fromarray(grey), "PNG", icc_profile=curve_profile(b"GRAY", 1.0))
    pixels = copied(tmp_path, linear, "png")
    light = np.arange(256) / 255
    expected = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055) * 255
    assert np.abs(pixels[0, :, 1] - expected).max() <= 3
    assert Image.open(io.BytesIO((tmp_path / "target").read_bytes())).info.get("icc_profile") is None

    # The same in 16 bits with alpha, which Pillow opens as RGBA.
    deep = np.dstack([grey.astype(">u2") * 257, np.full(grey.shape, 65535, ">u2")])
    profile = png_chunk(b"iCCP", b"linear\0\0" + zlib.compress(curve_profile(b"GRAY", 1.0)))
    data = raw_png(deep.reshape(16, -1), colour_type=4, depth=16, width=256, chunks=profile)
    assert (copied(tmp_path, data, "png") == pixels).all()


def table_profile(space: bytes, light: list[int]) -> bytes:
    """Return an ICC profile that gives each corner of the space's cube (no ink to all ink) a neutral lightness, 0 to 255."""
    channels, ramp = len(light).bit_length() - 1, bytes(range(256))
    corners = b"".join(bytes([value, 128, 128]) for value in light)
    table = b"mft1" + bytes(4) + bytes([channels, 3, 2, 0]) + struct.pack(">9i", *[65536, 0, 0, 0] * 2, 65536)
    table += ramp * channels + corners + ramp * 3
    table += bytes(-len(table) % 4)
    white = b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061)
    entries, body, offset = b"", b"", 128 + 4 + 12 * 2
    for name, tag in ((b"wtpt", white), (b"A2B0", table)):
        entries += name + struct.pack(">II", offset + len(body), len(tag))
        body += tag
    head = struct.pack(">I4sI4s4s4s12x4s", offset + len(body), b"lcms", 0x02100000, b"prtr", space, b"Lab ", b"acsp")
    head = head.ljust(68, b"\0") + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + struct.pack(">I", 2) + entries + body


@pytest.mark.parametrize(("kind", "content"), [("TIFF", "tiff"), ("JPEG", "jpeg")])
def test_cmyk_goes_through_its_profile(tmp_path: Path, kind: str, content: str) -> None:
    # In this printer's world only black ink is dark: cyan alone is white paper.
    profile = table_profile(b"CMYK", [255, 0] * 8)
    cyan, black = Image.new("CMYK", (64, 64), (255, 0, 0, 0)), Image.new("CMYK", (64, 64), (0, 0, 0, 255))
    for image, expected in ((cyan, 255), (black, 0)):
        data = encoded(image, kind, icc_profile=profile)
        policy = "jpeg-95:cmyk+profile" if kind == "JPEG" else "png:cmyk+profile"
        assert np.abs(copied(tmp_path, data, content, policy).astype(int) - expected).max() <= 3
    assert (copied(tmp_path, encoded(cyan, "TIFF"), "tiff") == (0, 255, 255)).all()


def test_a_profile_for_another_kind_of_picture_is_ignored(tmp_path: Path) -> None:
    grey = texture(channels=1)[..., 0]
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (srgb, b"no profile at all"):
        data = encoded(Image.fromarray(grey), "TIFF", icc_profile=profile)
        assert (copied(tmp_path, data, "tiff") == repeated(grey)).all()


def swapped_profile() -> bytes:
    """Return a profile of sRGB with its red and green colorants swapped: a picture's meaning is plain to see."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = data.index(b"rXYZ"), data.index(b"gXYZ")
    data[red : red + 4], data[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(data)


def test_a_colour_profile_stays_with_the_values_unless_srgb_is_asked_for(tmp_path: Path) -> None:
    colour, profile = texture(), swapped_profile()
    data = encoded(Image.fromarray(colour).convert("RGBA"), "PNG", icc_profile=profile)
    assert (copied(tmp_path, data, "png") == colour).all()
    assert Image.open(io.BytesIO((tmp_path / "target").read_bytes())).info["icc_profile"] == profile

    pixels = copied(tmp_path, data, "png", icc="convert")
    assert "icc_profile" not in Image.open(io.BytesIO((tmp_path / "target").read_bytes())).info
    assert np.abs(pixels.astype(int) - colour[..., [1, 0, 2]]).max() <= 2
