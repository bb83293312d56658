from __future__ import annotations

from typing import TYPE_CHECKING

from corrupt_samples.encode import encode, jpeg, png, webp
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import cut, jpeg_patched, noise, zeroed

if TYPE_CHECKING:
    from tests.conftest import Fired


def test_finds_what_gives_no_picture_at_all(fired: Fired) -> None:
    files = {
        "header.jpg": jpeg(photo("a"))[:100],
        "signature.png": png(photo("b"))[:8],
        "header.gif": encode(photo("c"), "GIF")[:20],
        "cut.webp": cut(webp(photo("d")), 0.5),
        "noise.jpg": noise("noise.jpg", 500),
    }
    found = fired("undecodable", files)
    assert found.keys() == files.keys()
    assert {severity for severity, _message in found.values()} == {"error"}
    assert "ends after" in found["cut.webp"][1]
    assert all("0x" not in message for _severity, message in found.values())


def test_says_that_other_bytes_stand_before_the_picture(fired: Fired) -> None:
    found = fired("undecodable", {"a.jpg": b"HTTP/1.1 200 OK\r\n\r\n" + jpeg(photo("a"))})
    assert found["a.jpg"][1].endswith("not a JPEG file; it starts after 19 other bytes")


def test_what_gives_a_part_of_the_picture_is_another_finding(fired: Fired) -> None:
    files = {
        "cut.jpg": cut(jpeg(photo("a")), 0.5),
        "zeroed.jpg": zeroed(jpeg(photo("b")), 0.5, 512),
        "cut.png": cut(png(photo("c")), 0.5),
        "sound.jpg": jpeg(photo("d")),
        "empty.jpg": b"",
        "words.jpg": b"words are no picture",
    }
    assert fired("undecodable", files) == {}


def test_salvage_does_not_save_it(fired: Fired) -> None:
    assert fired("undecodable", {"a.jpg": jpeg(photo("a"))[:100]}, salvage=True, images=True)["a.jpg"][0] == "error"


def test_a_picture_of_a_kind_that_is_not_opened_is_another_finding(fired: Fired) -> None:
    files = {"a.jpg": jpeg_patched(jpeg(photo("a")), 0xC0, 0, b"\xff\xc1\0\x11\x0c")}  # 12 bits a channel
    assert fired("unsupported-format", files).keys() == files.keys()
    assert fired("undecodable", files) == {}
