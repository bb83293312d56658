"""What a probe says of sound JPEGs."""

from __future__ import annotations

import io
import os
import random
import re
import struct
import subprocess
import sys
import time
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from sanitize.facts import PROBE_COLUMNS
from sanitize.probe import DETAIL, START, jpeg
from sanitize.probe.jpeg_strict import listen

MAX_PIXELS = 10**8


def textured(width: int = 120, height: int = 96, mode: str = "RGB") -> Image.Image:
    noise = np.random.default_rng(width * height).integers(0, 256, (height // 4 + 2, width // 4 + 2, 3), np.uint8)
    return Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC).convert(mode)


def saved(image: Image.Image, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", **options)
    return out.getvalue()


def probe(data: bytes, *, thorough: bool = False, max_pixels: int = MAX_PIXELS) -> dict[str, object]:
    return jpeg.probe(data, max_pixels=max_pixels, thorough=thorough)


def with_segment(data: bytes, marker: int, payload: bytes) -> bytes:
    return data[:2] + b"\xff%c%b%b" % (marker, (len(payload) + 2).to_bytes(2, "big"), payload) + data[2:]


def exif(orientation: int, order: str = "<") -> bytes:
    entries = struct.pack(order + "HHHIHH", 1, 0x112, 3, 1, orientation, 0)
    return b"Exif\0\0" + (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8) + entries + bytes(4)


def assert_sound(found: dict[str, object]) -> None:
    assert found["decodes"] is True
    assert found["decodes_truncated"] is True
    assert not {"complaint", "complaint_kind", "harmless", "unsupported"} & found.keys()


def test_an_ordinary_photo_needs_one_strict_decode() -> None:
    found = probe(saved(textured()))
    assert_sound(found)
    assert found["plain"] is True
    assert (found["width"], found["height"], found["mode"], found["bits"]) == (120, 96, "RGB", 8)
    assert (found["frames"], found["orientation"], found["palette"], found["alpha"]) == (1, 1, False, False)
    assert str(found["decoder"]).startswith("simplejpeg ")
    assert ";" not in str(found["decoder"])


def test_an_ordinary_photo_imports_neither_pillow_nor_opencv() -> None:
    code = (
        "import sys; from sanitize.probe import jpeg"
        "; jpeg.probe(sys.stdin.buffer.read(), max_pixels=10**8, thorough=False)"
        "; sys.exit(bool({'PIL', 'cv2', 'polars', 'dask'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], input=saved(textured()), check=False).returncode == 0


def test_every_column_is_a_column_of_the_facts() -> None:
    data = saved(textured())
    for found in (probe(data), probe(data, thorough=True), probe(data[:-200]), probe(data[:90])):
        assert found.keys() <= PROBE_COLUMNS.keys() | {DETAIL, START}


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("size", [(1, 1), (7, 300), (31, 33), (200, 160)])
def test_modes_are_pillows_and_only_rgb_is_plain(mode: str, size: tuple[int, int]) -> None:
    found = probe(saved(textured(*size, mode)))
    assert_sound(found)
    assert (found["width"], found["height"], found["mode"]) == (*size, mode)
    assert found["plain"] is (mode == "RGB")


def sound_pictures() -> list[tuple[str, Image.Image]]:
    white = Image.new("RGB", (180, 140), "white")
    product = white.copy()
    product.paste(textured(60, 40), (60, 50))
    boxed = Image.new("RGB", (160, 160))
    boxed.paste(textured(160, 80), (0, 40))
    line = np.full((120, 150), 255, np.uint8)
    line[::13], line[:, ::17] = 0, 0
    checks = np.indices((96, 96)).sum(0) % 2 * 255
    stripes = np.indices((96, 96))[1] % 8 * 36
    steps = np.indices((100, 130))[1] * 255 // 129
    noise = np.random.default_rng(1).integers(0, 256, (80, 90, 3))
    arrays = {"line": line, "checks": checks, "stripes": stripes, "steps": steps, "noise": noise}
    pictures = [(name, Image.fromarray(array.astype(np.uint8)).convert("RGB")) for name, array in arrays.items()]
    return [("photo", textured()), ("white", white), ("product", product), ("boxed", boxed), *pictures]


@pytest.mark.parametrize(("name", "image"), sound_pictures(), ids=lambda value: value if isinstance(value, str) else "")
def test_no_sound_picture_is_called_damaged(name: str, image: Image.Image) -> None:
    for quality in (1, 30, 75, 95, 100):
        for subsampling in (0, 1, 2):
            for extra in ({}, {"optimize": True}, {"progressive": True}, {"restart_marker_blocks": 3}):
                found = probe(saved(image, quality=quality, subsampling=subsampling, **extra))
                assert_sound(found)
                assert found["plain"] is True, (name, quality, subsampling, extra)


@pytest.mark.parametrize("sampling", [0x411111, 0x221111, 0x211111, 0x121111, 0x111111])
@pytest.mark.parametrize("progressive", [0, 1])
def test_opencvs_sampling_factors_are_sound(sampling: int, progressive: int) -> None:
    options = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling, cv2.IMWRITE_JPEG_PROGRESSIVE, progressive]
    assert_sound(probe(cv2.imencode(".jpg", np.asarray(textured()), options)[1].tobytes()))


def test_a_picture_stored_as_rgb_is_sound() -> None:
    found = probe(saved(textured(), keep_rgb=True))
    assert_sound(found)
    assert found["plain"] is True


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("order", ["<", ">"])
def test_orientation_is_read_in_both_byte_orders(orientation: int, order: str) -> None:
    data = with_segment(saved(textured()), 0xE1, exif(orientation, order))
    found = probe(data)
    assert_sound(found)
    assert found["orientation"] == orientation
    assert (found["width"], found["height"]) == (120, 96)
    assert found["plain"] is (orientation == 1)
    assert ";" not in str(found["decoder"])


def test_exif_over_which_pillow_warns_is_not_plain() -> None:
    beyond = b"Exif\0\0II*\0" + struct.pack("<IHHHII", 8, 1, 0x10F, 2, 500, 9000) + bytes(4)
    bare = saved(textured())
    found = probe(with_segment(bare[:2] + bare[20:], 0xE1, beyond))  # without JFIF, whose resolution Pillow prefers
    assert found["decodes"] is True
    assert "complaint" not in found
    assert found["plain"] is False
    assert "tag" in str(found["harmless"]).lower()


def test_a_profile_is_named() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert probe(saved(textured(), icc_profile=srgb))["profile"] == "srgb"
    assert "profile" not in probe(saved(textured()))


def test_a_profile_in_several_segments_is_put_together() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = saved(textured())
    for number, piece in ((2, srgb[200:]), (1, srgb[:200])):
        data = with_segment(data, 0xE2, b"ICC_PROFILE\0" + bytes([number, 2]) + piece)
    found = probe(data)
    assert_sound(found)
    assert found["profile"] == "srgb"


def test_bytes_after_the_end_are_fine() -> None:
    for tail in (b"\0" * 5000, b"\xff\xd9" * 20, saved(textured(64, 64)), b"\xff"):
        found = probe(saved(textured()) + tail)
        assert_sound(found)
        assert found["plain"] is True


def test_a_thumbnail_in_the_exif_data_is_not_the_picture() -> None:
    thumbnail = saved(textured(64, 48))
    data = with_segment(saved(textured()), 0xE1, exif(1) + thumbnail)
    found = probe(data)
    assert_sound(found)
    assert (found["width"], found["height"]) == (120, 96)
    assert probe(data[:-2])["complaint_kind"] == "no-end"


def test_pictures_of_a_multi_picture_file_are_counted() -> None:
    out = io.BytesIO()
    textured().save(out, "MPO", save_all=True, append_images=[textured(64, 64)])
    found = probe(out.getvalue())
    assert_sound(found)
    assert found["frames"] == 2


def test_fill_bytes_and_comments_are_sound() -> None:
    data = with_segment(saved(textured()), 0xFE, b"a comment \xff\xda\xff\xd9")
    assert_sound(probe(data))
    assert_sound(probe(data[:2] + b"\xff\xff\xff" + data[2:]))


def test_a_picture_over_the_limit_is_not_decoded() -> None:
    data = saved(textured())
    found = probe(data[:-300], max_pixels=120 * 96 - 1)
    assert (found["width"], found["height"]) == (120, 96)
    assert not {"decodes", "decodes_truncated", "complaint", "plain", "decoder"} & found.keys()
    assert_sound(probe(data, max_pixels=120 * 96))


def test_a_header_that_lies_about_its_size_costs_no_decode() -> None:
    data = bytearray(saved(textured()))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = b"\xff\xff\xff\xff"
    found = probe(bytes(data))
    assert found["width"] == found["height"] == 65535
    assert "decodes" not in found


def test_thousands_of_scans_are_not_decoded() -> None:
    data = saved(textured(), progressive=True)
    last = data.rindex(b"\xff\xda")
    found = probe(data[:-2] + data[last:-2] * 2000 + data[-2:])
    assert "more than 1000 scans" in str(found["unsupported"])
    assert "complaint" not in found


@pytest.mark.parametrize(
    ("patch", "reason"),
    [((2, 0xC1, 12), "12 bits a channel"), ((0, 0xCB, 8), "lossless"), ((0, 0xC5, 8), "hierarchical")],
)
def test_what_no_reader_takes_is_unsupported_and_not_damaged(patch: tuple[int, int, int], reason: str) -> None:
    data = bytearray(saved(textured()))
    frame = data.index(b"\xff\xc0")
    data[frame + 1], data[frame + 4] = patch[1:]
    found = probe(bytes(data))
    assert reason in str(found["unsupported"])
    assert "complaint" not in found
    assert found["decodes"] is False


def test_a_side_longer_than_libjpeg_takes_is_unsupported() -> None:
    data = bytearray(saved(textured()))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = b"\0\x08\xff\xff"
    found = probe(bytes(data))
    assert "65500" in str(found["unsupported"])
    assert "complaint" not in found


def test_a_height_that_follows_the_scan_is_unsupported() -> None:
    data = bytearray(saved(textured()))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 7] = b"\0\0"
    assert "after the scan" in str(probe(bytes(data))["unsupported"])


def test_megabytes_of_segments_take_no_time() -> None:
    data = saved(textured())
    segment = b"\xff\xe5\xff\xff" + random.Random(1).randbytes(65_533)
    start = time.perf_counter()
    assert_sound(probe(data[:2] + segment * 200 + data[2:]))
    assert "decodes" in probe(data[:2] + b"\xff\0" * 20_000 + data[2:])
    assert time.perf_counter() - start < 5


@settings(max_examples=300)
@given(st.binary(max_size=600))
def test_any_bytes_give_an_answer(tail: bytes) -> None:
    found = probe(b"\xff\xd8" + tail)
    assert found["content"] == "jpeg"
    assert found.keys() <= PROBE_COLUMNS.keys() | {DETAIL, START}


MARKERS = [0xC0, 0xC2, 0xC4, 0xC9, 0xDA, 0xDB, 0xDD, 0xE0, 0xE1, 0xE2, 0xED, 0xEE]
STARTS = [b"", b"JFIF\0", b"Exif\0\0II*\0\x08\0\0\0", b"ICC_PROFILE\0", b"MPF\0", b"Photoshop 3.0\x008BIM", b"Adobe"]


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(MARKERS), st.sampled_from(STARTS), st.binary(max_size=20)), max_size=8))
def test_any_segments_give_an_answer(segments: list[tuple[int, bytes, bytes]]) -> None:
    data = b"\xff\xd8"
    for marker, start, rest in segments:
        data += b"\xff%c%b%b" % (marker, (len(start + rest) + 2).to_bytes(2, "big"), start + rest)
    assert probe(data, max_pixels=10**6)["content"] == "jpeg"


@settings(max_examples=150)
@given(st.lists(st.tuples(st.integers(2, 700), st.integers(0, 255)), min_size=1, max_size=6))
def test_any_changed_header_gives_an_answer(changes: list[tuple[int, int]]) -> None:
    data = bytearray(saved(textured(40, 40)))
    for at, value in changes:
        data[min(at, len(data) - 1)] = value
    found = probe(bytes(data), max_pixels=10**6)
    assert found["content"] == "jpeg"
    if found.get("decodes") is False and found["decodes_truncated"]:
        assert "complaint" in found or "unsupported" in found


def test_what_a_decoder_prints_is_heard_where_a_pipe_cannot_be_told_not_to_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(os, "set_blocking")
    assert listen(lambda: os.write(2, b"Bad code word\n"), re.compile("Bad code")) == (14, "Bad code word")
