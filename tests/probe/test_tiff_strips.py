"""Damage inside the compressed strips of a TIFF is found, and what sound writers do is left alone."""

from __future__ import annotations

import random
import struct
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from sanitize.probe import lzw, tiff_pages, tiff_strips
from tests.probe.test_damage import SOUND, is_damaged, line_art, textured
from tests.probe.test_damage_parts import saved
from tests.probed import probe_bytes

LOSSLESS = ["tiff_lzw", "packbits"]
TWO_LEVEL = ["group3", "group4"]


def pages(image: Image.Image, compression: str) -> bytes:
    later = [image.rotate(180), image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    return saved(image, "TIFF", save_all=True, append_images=later, compression=compression)


def halftone(size: tuple[int, int] = (640, 480)) -> Image.Image:
    return textured().resize(size).convert("1")


@pytest.mark.parametrize("compression", LOSSLESS)
@pytest.mark.parametrize("length", [512, 4096])
def test_zeros_in_any_page_are_found(compression: str, length: int) -> None:
    data, rng = pages(textured(), compression), random.Random(3)
    for _ in range(12):
        at = rng.randrange(1000, len(data) - 6000)
        assert is_damaged(probe_bytes(data[:at] + bytes(length) + data[at + length :])), at


@pytest.mark.parametrize("compression", TWO_LEVEL)
def test_zeros_in_any_page_of_two_levels_are_found(compression: str) -> None:
    data, rng = pages(halftone(), compression), random.Random(4)
    for _ in range(12):
        at = rng.randrange(1000, len(data) - 3000)
        assert is_damaged(probe_bytes(data[:at] + bytes(512) + data[at + 512 :])), at


def test_a_code_that_does_not_exist_is_found_where_libtiff_makes_the_row_up() -> None:
    data, rng, found = saved(halftone(), "TIFF", compression="group4"), random.Random(5), 0
    for _ in range(10):
        at = rng.randrange(500, len(data) - 500)
        probed = probe_bytes(data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :])
        found += is_damaged(probed)
        assert probed["decodes"] is True
    assert found >= 8


@pytest.mark.parametrize("predictor", [1, 2])
def test_flipped_bits_change_the_length_of_an_lzw_strip(predictor: int) -> None:
    image = textured().resize((400, 300))
    data, rng, found = saved(image, "TIFF", compression="tiff_lzw", tiffinfo={317: predictor}), random.Random(6), 0
    for _ in range(10):
        out = bytearray(data)
        for _ in range(10):
            out[rng.randrange(1000, len(data) - 1000)] ^= 1 << rng.randrange(8)
        found += is_damaged(probe_bytes(bytes(out)))
    assert found >= 8


@pytest.mark.parametrize("picture", SOUND)
@pytest.mark.parametrize("compression", [*LOSSLESS, *TWO_LEVEL])
@pytest.mark.parametrize("tags", [{}, {278: 7}])
def test_sound_strips_are_left_alone(picture: str, compression: str, tags: dict[int, int]) -> None:
    for mode in ["1"] if compression in TWO_LEVEL else ["RGB", "L", "CMYK", "1", "P"]:
        image = SOUND[picture]().convert(mode)
        assert not is_damaged(probe_bytes(saved(image, "TIFF", compression=compression, tiffinfo=tags))), mode


@pytest.mark.parametrize("compression", [1, 5, 8, 32773])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_strips_that_opencv_writes_are_left_alone(compression: int, dtype: Any) -> None:
    for image in (textured(), line_art(), Image.new("RGB", (33, 17), "white")):
        pixels = np.asarray(image).astype(dtype) * (257 if dtype is np.uint16 else 1)
        for rows in (5, 1000):
            options = [cv2.IMWRITE_TIFF_COMPRESSION, compression, cv2.IMWRITE_TIFF_ROWSPERSTRIP, rows]
            encoded = cv2.imencode(".tif", pixels[:, :, 0].copy(), options)[1].tobytes()
            assert not is_damaged(probe_bytes(encoded))
            assert tiff_strips.damage(encoded, tiff_pages.read(encoded)[0]) is None
            encoded = cv2.imencode(".tif", pixels, options)[1].tobytes()
            assert tiff_strips.damage(encoded, tiff_pages.read(encoded)[0]) is None


@pytest.mark.parametrize("compression", LOSSLESS)
def test_a_last_strip_that_is_filled_up_with_rows_is_left_alone(compression: str) -> None:
    data = saved(textured(), "TIFF", compression=compression, tiffinfo={278: 96})
    height = data.index(struct.pack("<HHII", 257, 3, 1, 96))
    lower = data[:height] + struct.pack("<HHII", 257, 3, 1, 90) + data[height + 12 :]
    assert probe_bytes(lower)["height"] == 90
    assert not is_damaged(probe_bytes(lower))


def test_codes_are_counted_as_they_unpack() -> None:
    # A clear, `a`, the string `aa` that is just being made, the end: 256, 97, 258, 257 in nine bits each.
    stream = int("".join(f"{code:09b}" for code in (256, 97, 258, 257)).ljust(40, "0"), 2).to_bytes(5, "big")
    assert lzw.measure(stream, 8, tiff=True) == lzw.Measured(3, invalid=False, finished=True, runs=2)
    broken = int("".join(f"{code:09b}" for code in (256, 97, 259, 257)).ljust(40, "0"), 2).to_bytes(5, "big")
    assert lzw.measure(broken, 8, tiff=True) == lzw.Measured(1, invalid=True, finished=False, runs=2)
    assert lzw.measure(b"\0\1" + stream, 8, tiff=True) is None


def test_strips_of_nothing_but_clears_cost_no_time() -> None:
    clears = int("100000000" * 64_000, 2).to_bytes(72_000, "big")
    assert lzw.measure(clears, 8, most_runs=100, tiff=True) is None


def test_a_big_tiff_that_pillow_does_not_read_is_unsupported_and_not_damaged() -> None:
    pixels = textured().convert("L")
    tags = [(256, 3, 1, 128), (257, 3, 1, 96), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 16, 1, 16)]
    tags += [(277, 3, 1, 1), (278, 3, 1, 96), (279, 16, 1, 128 * 96)]
    entries = b"".join(
        struct.pack(">HHQ", tag, kind, count) + struct.pack(">H6x" if kind == 3 else ">Q", value)
        for tag, kind, count, value in tags
    )
    raster = pixels.tobytes()
    head = b"MM\0+\0\x08\0\0" + struct.pack(">Q", 16 + len(raster))
    data = head + raster + struct.pack(">Q", len(tags)) + entries + bytes(8)
    found = probe_bytes(data)
    assert found["decodes"] or "BigTIFF" in str(found["unsupported"])
    assert "complaint" not in found


def tiled(size: tuple[int, int], tile: int) -> bytes:
    """Return an uncompressed grey TIFF of square tiles."""
    width, height = size
    across, down = -(-width // tile), -(-height // tile)
    count, start = across * down, 8 + 2 + 12 * 9 + 4
    bytes_each = tile * tile
    tables = start + 8 * count
    entries = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)]
    entries += [(322, 4, 1, tile), (323, 4, 1, tile), (324, 4, count, start), (325, 4, count, start + 4 * count)]
    head = b"II*\0" + struct.pack("<IH", 8, len(entries))
    head += b"".join(struct.pack("<HHII", *entry) for entry in entries) + bytes(4)
    head += struct.pack(f"<{count}I", *(tables + bytes_each * number for number in range(count)))
    head += struct.pack(f"<{count}I", *[bytes_each] * count)
    return head + bytes(range(256)) * (bytes_each * count // 256)


@pytest.mark.parametrize(("cut", "row"), [(2, None), (64 * 20, None), (64 * 33, 95), (64 * 63, 65), (64 * 64 * 2, 64)])
def test_a_cut_tile_loses_the_rows_that_it_lacks(cut: int, row: int | None) -> None:
    data = tiled((128, 97), 64)
    assert not is_damaged(probe_bytes(data))
    found = probe_bytes(data[:-cut])
    assert found["complaint_kind"] == "ended-early"
    assert (found.get("lost_from_row"), found["survives"]) == (row, (97 if row is None else row) / 97)
