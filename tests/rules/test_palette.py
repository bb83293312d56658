from __future__ import annotations

from typing import TYPE_CHECKING

from corrupt_samples.encode import encode, jpeg, palette, png
from corrupt_samples.pictures import photo

if TYPE_CHECKING:
    from tests.conftest import Fired


def test_finds_palettes_and_nothing_else(fired: Fired) -> None:
    files = {
        "a.png": png(palette(photo("a"))),
        "b.bmp": encode(palette(photo("b")), "BMP"),
        "c.gif": encode(palette(photo("c")), "GIF"),
        "d.png": png(photo("d")),
        "e.jpg": jpeg(photo("e")),
        "f.png": png(photo("f").convert("L")),
    }
    expected = ("info", "has a palette")
    assert fired("palette", files) == {"a.png": expected, "b.bmp": expected, "c.gif": expected}
