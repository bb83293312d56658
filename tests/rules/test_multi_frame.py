from __future__ import annotations

from typing import TYPE_CHECKING

from corrupt_samples.encode import animated, encode, jpeg, png, webp
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Fired


def test_counts_frames_and_pages(fired: Fired) -> None:
    files = {
        "a.gif": animated(photo("a"), "GIF"),
        "b.png": animated(photo("b"), "PNG"),
        "c.webp": animated(photo("c"), "WEBP"),
        "d.tif": animated(photo("d"), "TIFF"),
    }
    assert fired("multi-frame", files) == dict.fromkeys(files, ("info", "2 frames, of which the first is used"))


def test_is_silent_about_stills(fired: Fired) -> None:
    files = {
        "a.gif": encode(photo("a"), "GIF"),
        "b.png": png(photo("b")),
        "c.webp": webp(photo("c")),
        "d.tif": encode(photo("d"), "TIFF"),
        "e.jpg": jpeg(photo("e")),
        "thumbnail.jpg": jpeg(photo("f"), exif=jpeg(photo("f").resize((32, 32)))),
    }
    assert fired("multi-frame", files) == {}
