"""A JPEG stays a JPEG and loses as little as possible."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from tests.copying import (
    copied,
    copy_bytes,
    encoded,
    psnr,
    read_strictly,
    repeated,
    texture,
    with_orientation,
)


@pytest.mark.parametrize("quality", [60, 75, 90, 97])
def test_a_grey_jpeg_stays_one_and_loses_next_to_nothing(tmp_path: Path, quality: int) -> None:
    data = encoded(Image.fromarray(texture(channels=1)[..., 0]), "JPEG", quality=quality)
    copy = copy_bytes(tmp_path, data, "jpeg", "jpeg-same:grey")
    source, opened = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(copy))
    assert opened.format == "JPEG"
    assert opened.quantization[0] == source.quantization[0]
    assert psnr(read_strictly(copy), repeated(np.asarray(source))) > 50


@pytest.mark.parametrize("value", range(2, 9))
@pytest.mark.parametrize("subsampling", [0, 1, 2])
def test_a_turned_jpeg_keeps_its_tables_and_nearly_all_its_detail(tmp_path: Path, value: int, subsampling: int) -> None:
    table = [3 + index % 8 * 2 + index // 8 * 5 for index in range(64)]  # not symmetrical: turning it matters
    image = Image.fromarray(texture(96, 160) // 2 + 64)  # as in a photograph, few colours are so strong that they clip
    options = {"qtables": [table, [9] * 64], "subsampling": subsampling, "exif": with_orientation(value)}
    data = encoded(image, "JPEG", **options)
    copy = copy_bytes(tmp_path, data, "jpeg", "jpeg-same:orient", orientation=value)
    wanted = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))))
    turned = [table[8 * (index % 8) + index // 8] for index in range(64)]
    assert Image.open(io.BytesIO(copy)).quantization[0] == (turned if value > 4 else table)
    assert psnr(read_strictly(copy), wanted) > 41


def test_an_rgb_coded_jpeg_stays_rgb_coded(tmp_path: Path) -> None:
    image = Image.fromarray(texture(96, 160))
    data = encoded(image, "JPEG", quality=90, keep_rgb=True, exif=with_orientation(3))
    copy = copy_bytes(tmp_path, data, "jpeg", "jpeg-same:orient", orientation=3)
    assert psnr(read_strictly(copy), np.asarray(Image.open(io.BytesIO(data)))[::-1, ::-1]) > 48


def test_metadata_that_disturb_leave_and_the_picture_stays_bit_for_bit(tmp_path: Path) -> None:
    data = encoded(Image.fromarray(texture()), "JPEG", quality=80, progressive=True, icc_profile=b"a profile")
    broken = b"\xff\xe1" + struct.pack(">H", 24) + b"Exif\0\0II*\0\x08\0\0\0\xff\xff\x12\x01\x03\0\x01\0"
    comment = b"\xff\xfe" + struct.pack(">H", 6) + b"\xff\xd9\xff\xda"
    dirty = data[:2] + broken + comment + data[2:] + b"another picture"
    assert copy_bytes(tmp_path, dirty, "jpeg", "jpeg-lossless") == data


def test_a_jpeg_that_cannot_be_walked_is_encoded_again(tmp_path: Path) -> None:
    data = encoded(Image.fromarray(texture()), "JPEG", quality=80)[:-2]
    assert psnr(copied(tmp_path, data, "jpeg", "jpeg-lossless", tolerant=True), texture()) > 25


def test_other_sources_become_jpegs_where_that_is_asked_for(tmp_path: Path) -> None:
    copy = copy_bytes(tmp_path, encoded(Image.fromarray(texture()).convert("RGBA"), "PNG"), "png", "jpeg-95:alpha")
    assert Image.open(io.BytesIO(copy)).format == "JPEG"
    assert psnr(read_strictly(copy), texture()) > 36
