"""What a reader cannot do is not said of the file: sound pictures of rare kinds are unsupported, or simply sound."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from sanitize.probe import avif, tiff
from tests.probe.test_damage import is_damaged, textured
from tests.probe.test_damage_parts import saved
from tests.probed import probe_bytes


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def moved_behind(data: bytes, kind: bytes) -> bytes:
    """Write the metadata of an AVIF behind its pixels, as encoders on libheif do."""
    infe = data.index(b"infe", data.index(kind) - 16)
    number = data[infe + 8 : infe + 10]
    iloc = data.index(b"iloc")
    at = next(at for at in range(iloc + 12, iloc + 80) if data[at : at + 2] == number)
    # Of an item: its number, where its data come from (2 bytes), how many extents, and the place and size of the first.
    place, size = struct.unpack_from(">II", data, at + 6)
    end = len(data) + size
    mdat = data.index(b"mdat") - 4
    out = bytearray(data + data[place : place + size])
    struct.pack_into(">I", out, at + 6, len(data))
    struct.pack_into(">I", out, mdat, end - mdat)
    return bytes(out)


@pytest.mark.parametrize("kind", [b"Exif", b"mime"])
def test_an_avif_with_its_metadata_behind_the_pixels_is_sound(kind: bytes) -> None:
    options = {"exif": b"Exif\0\0MM\0*\0\0\0\x08" + bytes(80)} if kind == b"Exif" else {"xmp": b"<x/>" * 20}
    data = moved_behind(saved(textured(), "AVIF", speed=10, **options), kind)
    assert not is_damaged(probe_bytes(data))
    assert probe_bytes(data)["decodes"] is True
    start = data.index(b"mdat") + 700
    assert is_damaged(probe_bytes(data[:start] + bytes(2000) + data[start + 2000 :]))


@pytest.mark.parametrize("version", [0, 1])
def test_the_entries_of_metadata_are_found_in_either_version_of_their_list(version: int) -> None:
    entry = box(b"infe", b"\2\0\0\0\0\1\0\0Exif\0") + box(b"infe", b"\3\0\0\0\0\0\0\2\0\0mime\0")
    count = struct.pack(">H", 2) if version == 0 else struct.pack(">I", 2)
    meta = box(b"meta", bytes(4) + box(b"iinf", bytes([version, 0, 0, 0]) + count + entry))
    assert avif._without_metadata(meta) == meta.replace(b"Exif", b"none").replace(b"mime", b"none")


@pytest.mark.parametrize("compression", ["packbits", "tiff_lzw", "tiff_adobe_deflate"])
def test_a_tiff_whose_bits_stand_in_the_other_order_is_sound(compression: str) -> None:
    image = textured().convert("L")
    data = saved(image, "TIFF", compression=compression, tiffinfo={266: 2})
    assert struct.pack("<HHIH", 266, 3, 1, 2) in data
    assert not is_damaged(probe_bytes(data))


@pytest.mark.parametrize("number", [34712, 34887, 34933, 50002])
def test_a_compression_that_pillow_does_not_know_is_unsupported(number: int) -> None:
    data = bytearray(saved(textured(), "TIFF", compression="tiff_lzw"))
    entry = data.index(struct.pack("<HHIH", 259, 3, 1, 5))
    struct.pack_into("<H", data, entry + 8, number)
    found = probe_bytes(bytes(data))
    assert "complaint" not in found
    assert found["unsupported"] == f"a compression that Pillow does not read (number {number})"


def test_a_compression_that_libtiff_was_built_without_is_unsupported(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytearray(saved(textured(), "TIFF", compression="tiff_lzw"))
    struct.pack_into("<H", data, data.index(struct.pack("<HHIH", 259, 3, 1, 5)) + 8, 34925)
    monkeypatch.setattr(tiff, "_is_built", lambda compression: False)
    assert probe_bytes(bytes(data))["unsupported"] == "this libtiff knows no lzma compression"
    monkeypatch.setattr(tiff, "_is_built", lambda compression: True)
    assert "unsupported" not in probe_bytes(bytes(data))


def test_a_jpeg_ls_is_no_damaged_jpeg() -> None:
    frame = struct.pack(">HHBHHB", 0xFFF7, 11, 8, 16, 16, 1) + b"\1\x11\0"
    scan = struct.pack(">HHB", 0xFFDA, 8, 1) + b"\1\0\0\0\0"
    found = probe_bytes(b"\xff\xd8" + frame + scan + b"\x7f" * 40 + b"\xff\xd9", name="a.jls")
    assert (found["content"], found["unsupported"]) == ("jpegls", "a JPEG-LS is not opened here")


def test_floats_of_three_channels_are_unsupported() -> None:
    pixels = np.zeros((8, 8, 3), "<f4").tobytes()
    found = probe_bytes(b"PF\n8 8\n-1.0\n" + pixels)
    assert "complaint" not in found
    assert found["unsupported"] == "Pillow reads floats of one channel only"
    assert is_damaged(probe_bytes(b"PF\n8 8\n-1.0\n" + pixels[:-200]))
