"""Files that claim or unpack to too much cost neither memory nor time."""

from __future__ import annotations

import gzip
import io
import struct
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PIL import Image

from sanitize.probe import opencv
from sanitize.probe.sniff import sniff
from tests.probed import probe_bytes


@pytest.fixture(autouse=True)
def _quick() -> Iterator[None]:
    """Hold every test to seconds, on a busy machine."""
    start = time.perf_counter()
    yield
    assert time.perf_counter() - start < 20


@contextmanager
def frugal() -> Iterator[None]:
    """Hold what is done inside to 32 MiB of Python's memory."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < 32 << 20
    finally:
        tracemalloc.stop()


def saved(kind: str, mode: str = "P") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (8, 8)).save(out, kind)
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *chunks: bytes, packed: bytes = b"") -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def zeros(size: int) -> bytes:
    packer = zlib.compressobj()
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(size >> 20)) + packer.flush()


def test_a_png_of_65536_pixels_a_side_is_known_by_its_header() -> None:
    found = probe_bytes(png(65536, 65536, packed=zlib.compress(bytes(1 << 20))))
    assert (found["width"], found["height"]) == (65536, 65536)
    assert "decodes" not in found


def test_pixels_are_unpacked_no_further_than_the_header_says() -> None:
    data = png(8, 8, packed=zeros(200 << 20))
    with frugal():
        found = probe_bytes(data)
    assert found["decodes"] is True
    assert "more pixels" in str(found["harmless"])


def test_profiles_and_texts_that_unpack_to_much_are_not_unpacked() -> None:
    bomb = zeros(200 << 20)
    for kind in (b"iCCP", b"zTXt"):
        data = png(2, 2, chunk(kind, b"a\0\0" + bomb), packed=zlib.compress(bytes(6)))
        with frugal():
            found = probe_bytes(data)
        assert found["decodes"] is False


def test_a_gif_with_a_huge_canvas_or_frame_is_known_by_its_header() -> None:
    data = bytearray(saved("GIF"))
    data[6:10] = struct.pack("<HH", 65535, 65535)
    assert "decodes" not in probe_bytes(bytes(data))
    data = bytearray(saved("GIF"))
    at = data.index(b",", 13)
    data[at + 5 : at + 9] = struct.pack("<HH", 65535, 65535)
    assert "decodes" not in probe_bytes(bytes(data))


def test_a_gif_of_clear_codes_ends_soon() -> None:
    data = saved("GIF")
    at = data.index(b",", 13)
    codes = b"".join(b"\xff" + b"\x44\x44" * 127 + b"\x04" for _ in range(4000))
    assert probe_bytes(data[: at + 10] + b"\x02" + codes + b"\0;")["content"] == "gif"


def test_a_tiff_with_lying_tags_is_read_within_its_size() -> None:
    entries = [(256, 4, 1, 8), (257, 4, 1, 8), (273, 4, 0xFFFFFFFF, 8), (279, 4, 0x3FFFFFFF, 8), (258, 3, 70000, 8)]
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    data = b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + body + struct.pack("<I", 8)
    assert probe_bytes(data)["frames"] == 1


def test_directories_that_share_one_long_list_are_not_read_again_and_again() -> None:
    count, pages = 50_000, 3000
    shared = bytes(4 * count)
    at, directories = 8 + len(shared), b""
    for _ in range(pages):
        directories += struct.pack("<HHHIII", 1, 273, 4, count, 8, at + len(directories) + 18)
    data = b"II*\0" + struct.pack("<I", at) + shared + directories[:-4] + bytes(4)
    assert probe_bytes(data)["content"] == "tiff"


def test_an_icon_whose_entries_share_one_picture_is_read_once() -> None:
    picture = png(8, 8, chunk(b"prVt", bytes(1 << 20)), packed=zlib.compress(bytes(72)))
    count = 60_000
    start = 6 + 16 * count
    entries = struct.pack("<BBBBHHII", 8, 8, 0, 0, 1, 8, len(picture), start) * count
    assert probe_bytes(struct.pack("<HHH", 0, 1, count)[:6] + entries + picture, max_pixels=16)["content"] != "png"


def test_an_icon_is_measured_by_the_picture_inside() -> None:
    picture = png(65536, 65536, packed=zlib.compress(bytes(1 << 16)))
    icon = struct.pack("<HHHBBBBHHII", 0, 1, 1, 8, 8, 0, 0, 1, 8, len(picture), 22) + picture
    found = probe_bytes(icon)
    assert (found["width"], "decodes" in found) == (65536, False)


@pytest.mark.parametrize(
    "data",
    [
        b"P6" + b" " * 9000 + b"x",
        b"P6\n" + b"#\n" * 5000,
        b"<!---->" * 2000 + b"x",
        b"<?xml ?>" + b"<!---->" * 2000 + b"x",
        b"\n" * 9000 + b"\x80",
        b"[" * 100_000,
        b"<" * 100_000,
        b"/*" * 50_000,
        gzip.compress(bytes(16 << 20)),
        struct.pack(">I4s", 0, b"ftyp") + b"avif" + struct.pack(">I4s", 0, b"meta") * 5000,
    ],
)
def test_no_pattern_runs_away(data: bytes) -> None:
    assert sniff(data)
    assert probe_bytes(data, max_pixels=1 << 16)


def test_a_gif_whose_frame_is_larger_than_its_screen_has_the_size_of_the_frame() -> None:
    sound = saved("GIF")
    at = sound.index(b"\x2c\0\0\0\0\x08\0\x08\0") + 5
    with frugal():
        found = probe_bytes(sound[:at] + b"\xff\xff\xff\xff" + sound[at + 4 :])
    assert (found["width"], found["height"]) == (65_535, 65_535)
    assert "decodes" not in found


def test_opencv_is_not_asked_for_the_four_gigabytes_that_a_damaged_png_says_it_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sound = saved("PNG", "RGB")
    at = sound.index(b"IDAT") - 4
    monkeypatch.setattr(opencv, "unchanged", pytest.fail)
    found = probe_bytes(sound[:at] + b"\xff\xff\xff\xff" + sound[at + 4 :])
    assert (found["complaint_kind"], found["plain"], found["decodes"]) == ("ended-early", False, True)
