"""Damage that only a look at every part of a file shows: later frames, strips of a TIFF, values cut at the end."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from sanitize.probe import pillow
from sanitize.probe.read import probe_path
from tests.probe.test_damage import is_damaged, line_art, textured
from tests.probed import probe_bytes


def saved(image: Image.Image, name: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, name, **options)
    return out.getvalue()


def animated(name: str, **options: Any) -> bytes:
    image = textured()
    later = [image.rotate(180), image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    return saved(image, name, save_all=True, append_images=later, **options)


def loads_every_frame(data: bytes) -> bool:
    with Image.open(io.BytesIO(data)) as image:
        try:
            for number in range(3):
                image.seek(number)
                image.load()
        except (OSError, SyntaxError, EOFError, RuntimeError):
            return False
    return True


@pytest.mark.parametrize(
    ("name", "options", "stamp"),
    [
        ("WEBP", {"lossless": True}, b"\x5a" * 64),
        ("AVIF", {"speed": 9}, bytes(512)),
        ("TIFF", {"compression": "tiff_lzw"}, bytes(512)),
    ],
)
def test_later_frames_that_pillow_cannot_load_are_found(name: str, options: dict[str, Any], stamp: bytes) -> None:
    data, spoilt = animated(name, **options), 0
    assert not is_damaged(probe_bytes(data))
    for at in range(len(data) // 2, len(data) * 9 // 10, len(data) // 23):
        damaged = data[:at] + stamp + data[at + len(stamp) :]
        if not loads_every_frame(damaged):
            spoilt += 1
            assert is_damaged(probe_bytes(damaged)), at
    assert spoilt > 0


def test_frames_over_the_limit_are_not_loaded() -> None:
    image = Image.open(io.BytesIO(animated("WEBP")))
    image.load()
    assert pillow.later_frames(image, max_pixels=1) is None
    assert image.tell() == 1


@pytest.mark.parametrize("compression", ["tiff_deflate", "tiff_adobe_deflate"])
@pytest.mark.parametrize("tags", [{}, {278: 8}])
def test_every_flipped_bit_of_a_deflated_tiff_is_found(compression: str, tags: dict[int, int]) -> None:
    data = saved(textured(), "TIFF", compression=compression, tiffinfo=tags)
    assert not is_damaged(probe_bytes(data))
    for at in range(2000, 30_000, 1999):
        found = probe_bytes(data[:at] + bytes([data[at] ^ 16]) + data[at + 1 :])
        assert is_damaged(found), at


def test_zeros_in_the_strips_of_a_jpeg_compressed_tiff_are_found() -> None:
    data = saved(textured().resize((600, 400)), "TIFF", compression="jpeg")
    assert not is_damaged(probe_bytes(data))
    for at in range(len(data) // 5, len(data) * 4 // 5, 1777):
        assert is_damaged(probe_bytes(data[:at] + bytes(512) + data[at + 512 :])), at


@pytest.mark.parametrize("compression", ["tiff_deflate", "jpeg"])
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_sound_compressed_tiffs_are_left_alone(compression: str, mode: str) -> None:
    for image in (textured(), line_art(), Image.new("RGB", (500, 300), "white")):
        assert not is_damaged(probe_bytes(saved(image.convert(mode), "TIFF", compression=compression)))


@pytest.mark.parametrize("compression", ["tiff_deflate", "jpeg"])
@pytest.mark.parametrize("cut", [1, 2, 16])
def test_a_tiff_whose_directory_is_cut_ended_early(compression: str, cut: int) -> None:
    found = probe_bytes(saved(textured(), "TIFF", compression=compression)[:-cut])
    assert "unsupported" not in found
    assert found["complaint_kind"] == "ended-early"


def test_a_plain_netpbm_picture_ends_with_a_blank() -> None:
    rows = b"\n".join(b"10 20 30 40 50 60" for _ in range(4))
    whole = b"P3\n2 4\n255\n" + rows + b"\n"
    assert not is_damaged(probe_bytes(whole))
    assert probe_bytes(whole[:-1])["complaint_kind"] == "no-end"
    assert probe_bytes(whole[:-2])["complaint_kind"] == "no-end"
    assert probe_bytes(whole[:-4])["complaint_kind"] == "ended-early"


def test_a_plain_bitmap_may_end_with_its_last_digit() -> None:
    whole = b"P1\n4 3\n0110\n1 0 0 1\n0000"
    assert not is_damaged(probe_bytes(whole))
    assert probe_bytes(whole[:-2])["complaint_kind"] == "ended-early"


def test_the_reader_of_a_broken_jpeg_is_not_asked_for_a_format_that_it_does_not_have() -> None:
    data = saved(textured(), "JPEG")
    answer = pillow.ask(data[:100], "jpeg", max_pixels=1 << 20)
    assert answer.error is not None
    assert "MPO" not in answer.error


@pytest.mark.parametrize("bare", [False, True])
def test_a_cut_jpeg_2000_ended_early_and_a_broken_one_did_not(bare: bool) -> None:
    data = saved(textured(), "JPEG2000", no_jp2=bare)
    assert not is_damaged(probe_bytes(data))
    for cut in (2, 16, len(data) // 100, len(data) // 2):
        assert probe_bytes(data[:-cut])["complaint_kind"] == "ended-early", cut
    at = data.index(b"\xff\x93")
    found = probe_bytes(data[:at] + bytes(8) + data[at + 8 :])
    assert found.get("complaint_kind") != "ended-early"


def test_the_head_of_a_large_file_is_told_by_its_name_too(tmp_path: Path) -> None:
    (tmp_path / "large.vst").write_bytes(saved(textured().resize((300, 200)), "TGA"))
    found = probe_path(
        (b"large.vst", False), root=bytes(tmp_path), max_pixels=1 << 20, thorough=False, measures=()
    ).facts
    assert (found["content"], found["decodes"]) == ("tga", True)
