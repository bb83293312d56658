from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from corrupt_samples.encode import chunk, encode, jpeg, png
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import jpeg_patched
from sanitize.dataset import Classes, Dataset
from sanitize.rules import discover

if TYPE_CHECKING:
    from tests.conftest import Fired, Scan


def test_believes_the_header_and_opens_nothing(fired: Fired) -> None:
    lie = jpeg_patched(jpeg(photo("a")), 0xC0, 5, struct.pack(">HH", 65_000, 60_000))
    found = fired("too-large", {"a.jpg": lie, "b.jpg": jpeg(photo("b"))})
    assert found == {"a.jpg": ("error", "60000 × 65000 pixels, more than 178956970 in all")}


def test_believes_sides_whose_product_no_integer_holds(tmp_path: Path, scan: Scan) -> None:
    header = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 0xC0000000, 0xC0000000, 8, 2, 0, 0, 0))
    (tmp_path / "a.png").write_bytes(header + chunk(b"IDAT", zlib.compress(b"0" * 99)) + chunk(b"IEND", b""))
    (tmp_path / "b.qoi").write_bytes(b"qoif" + struct.pack(">IIBB", 0xC0000000, 0xC0000000, 3, 0) + bytes(100))
    (tmp_path / "c.jpg").write_bytes(jpeg(photo("c")))
    scan(tmp_path)
    assert (tmp_path / "out" / "images.txt").read_text() == "c.jpg\n"


def test_warns_of_what_pillow_warns_of() -> None:
    # To decode pictures of this size takes seconds.
    limit = 1024**3 // 4 // 3  # as Pillow's `Image.py` has it; the probe lifts it in its own process
    sizes = {"width": [limit + 1, limit, 2 * limit + 3], "height": [1, 1, 1]}
    dataset = Dataset(
        facts=pl.DataFrame({"file": [0, 1, 2], **sizes}),
        lines=pl.DataFrame(),
        lists=(),
        classes=Classes(None, None),
        unreadable_folders=pl.DataFrame(),
        leak_keep="last",
        max_pixels=2 * limit,
    )
    found = discover()["too-large"].find(dataset).collect()
    message = "89478486 × 1 pixels, more than 89478485 in all, above which Pillow warns of a decompression bomb"
    assert found.select("file", "severity", "message").rows() == [
        (0, "warning", message),
        (2, "error", "178956973 × 1 pixels, more than 178956970 in all"),
    ]


def test_the_limit_itself_is_not_too_large(fired: Fired) -> None:
    files = {
        "limit.jpg": jpeg(photo("a", 100, 96)),
        "over.jpg": jpeg(photo("b", 100, 97)),
        "over.png": png(photo("c", 100, 97)),
        "over.gif": encode(photo("d", 100, 97), "GIF"),
    }
    assert fired("too-large", files, max_pixels=9600).keys() == files.keys() - {"limit.jpg"}


def test_what_the_header_alone_tells_of_it_is_kept(scan: Scan, tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    lie = bytearray(encode(photo("a"), "BMP"))
    lie[18:26] = struct.pack("<ii", 60_000, 65_000)
    (tmp_path / "images" / "a.bmp").write_bytes(lie)
    first, second = (scan(tmp_path / "images").dataset.facts for _ in range(2))
    assert first.equals(second)
